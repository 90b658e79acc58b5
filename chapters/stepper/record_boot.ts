/**
 * From a boot to its recording.
 *
 * @module
 */

import type { Run } from "../../core/boot.ts";
import type { Kernel } from "../../core/kernel/mod.ts";
import { A, D, formatFlags, NX, P } from "../../core/mmu/mod.ts";
import type { Write } from "../../core/trace/mod.ts";
import { FrameTypes } from "./frame_types.ts";
import { LowmemMap } from "./lowmem_map.ts";
import { Names } from "./names.ts";
import { type Recording, WIDTHS } from "./recording.ts";
import { RowPacker } from "./rows.ts";
import { type Moment, watchBoot } from "./watch_boot.ts";

/** Bits of an entry that change neither a map nor a right: A, D, and the three that software has. */
const SILENT = A | D | 0xe00;

/** Whether a write left its entry as it was, but for bits that no audit looks at. */
function isSilent({ old, stored }: Write): boolean {
  return ((old.lo ^ stored.lo) & ~SILENT) === 0 && old.hi === stored.hi;
}

class Recorder {
  readonly operations = new Names<string>();
  readonly flags = new Names<string>();
  readonly writes = new RowPacker(WIDTHS.writes);
  readonly map = new LowmemMap();
  readonly types = new FrameTypes();
  readonly log: { step: number; text: string }[] = [];
  #root = -1;

  see({ step, machine, kernel, xen, trace, log }: Moment): void {
    const write = step > 0 ? trace.at(step) : undefined;
    if (write !== undefined) this.#write(write, kernel);
    const typesChanged = this.types.see(step, xen);
    const sameRoot = machine.cr3 === this.#root;
    this.#root = machine.cr3;
    if (typesChanged || !sameRoot || write === undefined || !isSilent(write)) this.map.see(step, machine.guest);
    for (const text of log().slice(this.log.length)) this.log.push({ step, text });
  }

  #write({ op, pfn, index, old, asked, stored }: Write, { ops, mode }: Kernel): void {
    const leaf = op === "set_pte" || op === "update_va_mapping" ? mode.levels.at(-1) : undefined;
    const entry = ({ lo, hi }: Write["old"]) => [
      (lo & P) === 0 ? -1 : ops.toPfn((hi & ~NX) * 0x10_0000 + (lo >>> 12)),
      this.flags.numberOf(formatFlags(lo & 0xfff, hi, leaf)),
    ];
    const row = [this.operations.numberOf(op), pfn, index, ...entry(old), ...entry(asked), ...entry(stored)];
    this.writes.add(row);
  }
}

/** Every step is compared with the next, page by page: beyond this that takes minutes. */
const MOST_LOOKS = 1.2e9;

function titleOf({ strategy, platform, memoryBytes }: Run): string {
  return `${strategy.id} on ${platform.id}, ${memoryBytes / 2 ** 20} MiB`;
}

/**
 * Whether a boot is small enough to be recorded.
 *
 * @param run The boot.
 * @returns False for more than 128 MiB in pages of 4K, which would take minutes.
 */
export function canRecord({ kernel }: Run): boolean {
  return kernel.step * kernel.layout.maxLowPfn <= MOST_LOOKS;
}

/**
 * Boots once more what was booted, and records every step.
 *
 * @param run The boot.
 * @param title What it is called; strategy, platform and memory unless said otherwise.
 * @throws {RangeError} If memory and writes are too many: more than 128 MiB in pages of 4K.
 * @returns The recording. What it shows at a step is `audit(rewind(run, step).machine)`, and the types and the log of that moment.
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
  if (!canRecord(run)) {
    const { kernel } = run;
    const found = `${kernel.step} writes and ${kernel.layout.maxLowPfn} pages of lowmem`;
    throw new RangeError(`Expected at most 128 MiB but found ${found}`);
  }
  const recorder = new Recorder();
  let steps = 0;
  const outcome = watchBoot(run, (moment) => {
    steps = moment.step;
    recorder.see(moment);
  });
  const stop = outcome.ok ? undefined : outcome.stop;
  return {
    title,
    end: stop === undefined ? "The boot went through." : `${stop.kind}: ${stop.message}`,
    refused: stop?.kind === "refused-by-xen" ? steps : 0,
    steps,
    pages: recorder.map.pages,
    operations: recorder.operations.all,
    flags: recorder.flags.all,
    writes: recorder.writes.packed,
    ...recorder.map.recorded(),
    ...recorder.types.recorded(),
    log: recorder.log,
  };
}
