/**
 * The roles of frames: when each was a page table, and of which level.
 *
 * @module
 */

import { type Level, type Mode, MODES } from "../mmu/mod.ts";
import type { RecordedEvent } from "./log.ts";

/** A frame as a page table, for a time. */
export interface Role {
  /** The paging mode in which it was one. */
  readonly mode: Mode;
  /** Level of the table in that mode. */
  readonly level: Level;
  /** Number of the store after which it was linked. */
  readonly from: number;
  /** Number of the store after which it was no longer linked; infinite if it stays linked. */
  until: number;
}

/** The roles of all frames. */
export class Roles {
  readonly #byFrame = new Map<number, Role[]>();

  /** @param events The events of a recording. */
  constructor(events: readonly RecordedEvent[]) {
    for (const event of events) {
      if (event.kind !== "table" && event.kind !== "released") continue;
      const mode = MODES[event.mode];
      const level = mode.levels.at(-event.level);
      if (level === undefined) continue;
      const roles = this.#byFrame.get(event.frame) ?? [];
      this.#byFrame.set(event.frame, roles);
      if (event.kind === "table") roles.push({ mode, level, from: event.stores, until: Infinity });
      else {
        const open = roles.findLast((role) => role.level === level && role.mode === mode && role.until === Infinity);
        if (open !== undefined) open.until = event.stores;
      }
    }
  }

  /** The frames that ever were tables. */
  get frames(): Iterable<number> {
    return this.#byFrame.keys();
  }

  /**
   * The role of a frame at a time. If it has several at once, the one nearest to the root counts. Before its first role the first one counts, after
   * its last role the last one.
   *
   * @param frame The frame.
   * @param store Number of a store.
   * @returns Undefined for a frame that never was a table.
   */
  at(frame: number, store: number): Role | undefined {
    const roles = this.#byFrame.get(frame);
    let now: Role | undefined;
    let next: Role | undefined;
    for (const role of roles ?? []) {
      if (role.from < store && store <= role.until) now = higher(now, role);
      else if (role.from >= store && (next === undefined || role.from < next.from)) next = role;
      else if (role.from >= store && role.from === next?.from) next = higher(next, role);
    }
    return now ?? next ?? roles?.at(-1);
  }
}

function higher(a: Role | undefined, b: Role): Role {
  return a === undefined || b.level.shift > a.level.shift ? b : a;
}
