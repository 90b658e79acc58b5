/**
 * `deno task replay-boot`: boots the model as a recorded kernel was booted, and compares what the two write.
 *
 * @module
 */

import { type Command, main, pathOf } from "./command.ts";
import { type Comparison, replayBoot } from "../chapters/recorded/boots/play.ts";
import { type BootRecord, parseBootRecord } from "../chapters/recorded/boots/record.ts";
import { isUnderXen, replayUnderXen } from "../chapters/recorded/boots/under_xen.ts";
import { printable } from "../chapters/recorded/files/printable.ts";
import { readBounded } from "../chapters/recorded/files/read_bounded.ts";

/** The limit on a record, in bytes, unpacked. */
const LIMIT = 0x400_0000;

/** The command. */
export const replayBootCommand: Command = {
  name: "replay-boot",
  words: 1,
  options: [],
  help: `Boots the model with what the header of a recorded boot says, and compares its page-table writes with those of
the real kernel: entry, value, order, frame. Kernels from 2.6.25 on are compared in the writes that map lowmem, and then
in the finished map, leaf by leaf. Under Xen each leaf that the kernel set is compared with the result of filter-set-pte.

usage: deno task replay-boot RECORD.jsonl.gz

  --help  print this

Exit codes: 0 all agree, 1 some differ, 2 a file that cannot be used.

example: deno task replay-boot tests/fixtures/boots/2.6.20-pentium3-64M.jsonl.gz
`,
  async run({ words: [path = ""] }, streams) {
    const bytes = await readBounded(pathOf(path, streams), LIMIT);
    const { lines, comparisons } = isUnderXen(path, bytes) ? underXen(path, bytes) : onHardware(path, bytes);
    const differences = comparisons.flatMap(({ differences }) => differences);
    const [passed, failed] = [
      sum(comparisons.map(({ passed }) => passed)),
      sum(comparisons.map(({ failed }) => failed)),
    ];
    streams.out([
      ...[...lines.slice(0, 1), ...differences].map(printable),
      ...comparisons.map(({ what, passed, failed }) => `${what}: ${passed} passed, ${failed} failed`),
      ...lines.slice(1),
      `${passed} passed, ${failed} failed`,
      "",
    ].join("\n"));
    return failed === 0 ? 0 : 1;
  },
};

/** The lines that are printed about one replay, the title first. */
interface Report {
  readonly lines: readonly string[];
  readonly comparisons: readonly Comparison[];
}

function onHardware(path: string, bytes: Uint8Array): Report {
  const record = parseBootRecord(path, bytes);
  const { comparisons, exceptions, model } = replayBoot(record);
  return {
    lines: [
      titleOf(record),
      configText(model.run.kernel.layout.config),
      ...exceptions.map(({ name, reason, count }) => `left out: ${count} ${name} (${reason})`),
    ],
    comparisons,
  };
}

function underXen(path: string, bytes: Uint8Array): Report {
  const { title, comparison, halves } = replayUnderXen(path, bytes);
  const apart = `left out: ${halves} half of a store (the recorder saw the two halves of an entry apart)`;
  return { lines: halves === 0 ? [title] : [title, apart], comparisons: [comparison] };
}

function titleOf({ header: { kernel, cpu, memoryMb, mode } }: BootRecord): string {
  return `Linux ${kernel} on ${cpu} with ${memoryMb}M, ${mode}`;
}

function configText(config: { highmem: boolean; permanentFixmapSlots: number; lowPagesTaken: number }): string {
  const { highmem, permanentFixmapSlots, lowPagesTaken } = config;
  return `read from the stores: ${
    highmem ? "HIGHMEM" : "no HIGHMEM"
  }, ${permanentFixmapSlots} permanent fixmap slots, ${lowPagesTaken} pages taken before`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

if (import.meta.main) await main(replayBootCommand);
