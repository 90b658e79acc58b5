/**
 * Records a boot for the stepper.
 *
 * @module
 */

import { boot, type Run } from "../../core/boot.ts";
import type { Kernel } from "../../core/kernel/mod.ts";
import { formatFlags, frameOf, type Level, NX, P } from "../../core/mmu/mod.ts";
import type { Trace, Write } from "../../core/trace/mod.ts";
import { FrameTypes } from "./frame_types.ts";
import { LowmemMap } from "./lowmem_map.ts";
import { Names } from "./names.ts";
import { type Recording, WIDTHS } from "./recording.ts";
import { RowPacker } from "./rows.ts";
import { type Stretch, stretchesOf } from "./stretches.ts";
import { type Moment, watchBoot } from "./watch_boot.ts";

class Recorder {
  readonly operations = new Names<string>();
  readonly flags = new Names<string>();
  readonly writes = new RowPacker(WIDTHS.writes);
  readonly map = new LowmemMap();
  readonly types = new FrameTypes();
  readonly log: { step: number; text: string }[] = [];
  readonly #flagsOf = new Map<number, number>();

  /** Looks at the machine after a stretch of writes; returns whether every change can be told apart by its write. */
  see(stretch: Stretch, { machine, xen, log }: Moment): boolean {
    const lines = log().slice(this.log.length);
    for (const text of lines) this.log.push({ step: stretch.last, text });
    const typesTold = this.types.see(stretch, xen);
    const mapTold = this.map.see(stretch, machine.guest);
    return typesTold && mapTold && (lines.length === 0 || stretch.first === stretch.last);
  }

  /** Adds the writes of a trace. */
  addWrites(trace: Trace, { ops, mode }: Kernel): void {
    const lastLevel = mode.levels.at(-1);
    for (const { op, pfn, index, old, asked, stored } of trace) {
      const leaf = op === "set_pte" || op === "update_va_mapping" ? lastLevel : undefined;
      const page = ({ lo, hi }: Write["old"]) => (lo & P) === 0 ? -1 : ops.toPfn(frameOf(hi, lo));
      this.writes.add(
        this.operations.numberOf(op),
        pfn,
        index,
        page(old),
        this.#flags(old, leaf),
        page(asked),
        this.#flags(asked, leaf),
        page(stored),
        this.#flags(stored, leaf),
      );
    }
  }

  #flags({ lo, hi }: Write["old"], leaf: Level | undefined): number {
    const key = (lo & 0xfff) | ((hi & NX) === 0 ? 0 : 0x1000) | (leaf === undefined ? 0x2000 : 0);
    let number = this.#flagsOf.get(key);
    if (number === undefined) {
      number = this.flags.numberOf(formatFlags(hi, lo & 0xfff, leaf));
      this.#flagsOf.set(key, number);
    }
    return number;
  }
}

function titleOf({ strategy, platform, memoryBytes }: Run): string {
  return `${strategy.id} on ${platform.id}, ${memoryBytes / 2 ** 20} MiB`;
}

/** A boot with its trace: the run itself, or a second one if the run has no trace. */
function traced(run: Run): Run {
  return run.trace.length === run.kernel.step ? run : boot({ ...run.options, trace: true });
}

const BEFORE_ALL: Stretch = Object.freeze({ first: 0, last: 0, page: -1 });

/** Records a boot; stretches whose writes cannot be told apart from their ends go into `alone`. */
function record(run: Run, alone: Set<number>): { readonly recorder: Recorder; readonly complete: boolean } {
  const recorder = new Recorder();
  const stretches = new Map(stretchesOf(run.trace, run.kernel.ops.toPfn, alone).map((it) => [it.last, it]));
  let complete = true;
  watchBoot(run, new Set([0, ...stretches.keys()]), (moment) => {
    const stretch = moment.step === 0 ? BEFORE_ALL : stretches.get(moment.step);
    if (stretch === undefined || recorder.see(stretch, moment)) return;
    complete = false;
    for (let step = stretch.first; step <= stretch.last + 1; step++) alone.add(step);
  });
  return { recorder, complete };
}

/** What lies where in lowmem: the kernel's image, and behind it what its loader made. */
function regionsOf({ kernel: { layout }, platform: { host } }: Run): NonNullable<Recording["regions"]> {
  return [
    { first: 0, name: "first MiB" },
    { first: layout.textStart >>> 12, name: "kernel" },
    { first: layout.kernelEnd >>> 12, name: host === "xen" ? "_end: p2m, builder's tables" : "_end: tables of head.S" },
  ].filter(({ first }, at, all) => first !== all[at + 1]?.first);
}

/**
 * Runs a boot again, and records every step.
 *
 * @param run The boot.
 * @param title The title; strategy, platform and memory unless said otherwise.
 * @returns The recording. What it shows at a step is `audit(run.at(step).machine)`, and the types and the log of that moment.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { recordBoot } from "@pagetable-init/chapters";
 *
 * const recording = recordBoot(boot({ platform: "xen-pae", strategy: "write-always" }));
 * assertEquals([recording.steps, recording.refused, recording.log.length], [6, 6, 4]);
 * ```
 */
export function recordBoot(run: Run, title: string = titleOf(run)): Recording {
  const { trace, kernel, outcome } = run = traced(run);
  const alone = new Set<number>();
  let { recorder, complete } = record(run, alone);
  while (!complete) ({ recorder, complete } = record(run, alone));
  recorder.addWrites(trace, kernel);
  const stop = outcome.ok ? undefined : outcome.stop;
  return {
    title,
    end: stop === undefined ? "The boot went through." : `${stop.kind}: ${stop.message}`,
    refused: stop?.kind === "refused-by-xen" ? trace.length : 0,
    steps: trace.length,
    pages: recorder.map.pages,
    regions: regionsOf(run),
    operations: recorder.operations.all,
    flags: recorder.flags.all,
    writes: recorder.writes.packed,
    ...recorder.map.recorded(),
    ...recorder.types.recorded(),
    log: recorder.log,
  };
}
