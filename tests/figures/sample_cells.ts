/**
 * A small matrix made up for the tests of figures and report: every verdict, every kind of run, every class of error.
 *
 * @module
 */

import type { FigureCell } from "../../chapters/figures/mod.ts";
import { type Audit, type CoverageRange, PERMISSION_ERRORS } from "../../core/audit/mod.ts";
import type { Row } from "../../core/matrix.ts";

const LOWMEM_PAGES = 16_384;
const PAGE_OFFSET = 0xc000_0000;

/** Pages `[first pfn, pages]` with one error. */
export type SampleRun = readonly [firstPfn: number, pages: number];

/** What differs between sample cells. */
export interface Sample {
  readonly strategy: string;
  readonly platform: string;
  readonly coverage?: readonly CoverageRange[];
  readonly errors?: Partial<Record<keyof Row["permissionErrors"], readonly SampleRun[]>>;
  readonly stop?: NonNullable<Row["stop"]>;
  readonly void?: string;
  readonly log?: readonly string[];
}

function pagesOf(runs: readonly { readonly pages: number }[]): number {
  return runs.reduce((sum, run) => sum + run.pages, 0);
}

function coverageCounts(runs: readonly CoverageRange[]): Row["coverage"] {
  const of = (kind: CoverageRange["kind"]) => pagesOf(runs.filter((run) => run.kind === kind));
  const largePages = pagesOf(runs.filter((run) => run.large));
  const small = pagesOf(runs.filter((run) => run.kind !== "unmapped" && !run.large));
  return {
    lowmemPages: LOWMEM_PAGES,
    mapped: of("right"),
    wrongFrame: of("wrong-frame"),
    unmapped: of("unmapped"),
    largePages,
    tlbEntries: largePages / 1024 + small,
    tablePages: 1 + Math.ceil(small / 1024),
  };
}

function permissionErrors(errors: Sample["errors"] = {}): Audit["permissionErrors"] {
  const entries = PERMISSION_ERRORS.map((name) => {
    const runs = (errors[name] ?? []).map(([pfn, pages]) => (
      { linear: { hi: 0, lo: PAGE_OFFSET + pfn * 4096 }, pages, pfn, rights: 0 }
    ));
    return [name, { pages: pagesOf(runs), ranges: runs, example: runs[0]?.linear }];
  });
  return Object.fromEntries(entries) as Audit["permissionErrors"];
}

/** A cell whose counts follow from its runs. */
export function sampleCell(sample: Sample): FigureCell {
  const { strategy, platform, stop, log = [] } = sample;
  const coverageRanges = sample.coverage ?? [{ firstPfn: 0, pages: LOWMEM_PAGES, kind: "right", large: false }];
  const errors = permissionErrors(sample.errors);
  const counts = Object.entries(errors).map(([name, { pages }]) => [name, pages]);
  const row: Row = {
    strategy,
    platform,
    memoryBytes: LOWMEM_PAGES * 4096,
    ...(sample.void === undefined ? {} : { void: sample.void }),
    booted: sample.void === undefined && stop === undefined,
    ...(stop === undefined ? {} : { stop }),
    coverage: coverageCounts(coverageRanges),
    permissionErrors: Object.fromEntries(counts) as Row["permissionErrors"],
    cost: { entryWrites: 16_400, hypercalls: 0, emulatedStores: 0 },
  };
  const audit = sample.void === undefined ? { coverageRanges, permissionErrors: errors } : undefined;
  return { row, platform: { space: { pageOffset: PAGE_OFFSET } }, audit, log };
}

const head: readonly SampleRun[] = [[0, 3072]];

const SAMPLES: readonly Sample[] = [
  {
    strategy: "write-always",
    platform: "native-p6",
    coverage: [{ firstPfn: 0, pages: LOWMEM_PAGES, kind: "right", large: true }],
  },
  {
    strategy: "keep-template",
    platform: "native-p6",
    coverage: [
      { firstPfn: 0, pages: 3072, kind: "right", large: false },
      { firstPfn: 3072, pages: LOWMEM_PAGES - 3072, kind: "right", large: true },
    ],
    errors: { userAccessible: head, missingGlobal: head, notLarge: head },
  },
  { strategy: "stash-in-struct-page", platform: "native-p6", void: "no page is special here" },
  {
    strategy: "panic-on-remap",
    platform: "native-p6",
    coverage: [
      { firstPfn: 0, pages: 1, kind: "right", large: false },
      { firstPfn: 1, pages: 1, kind: "wrong-frame", large: false },
      { firstPfn: 2, pages: 2046, kind: "right", large: false },
      { firstPfn: 2048, pages: LOWMEM_PAGES - 2048, kind: "unmapped", large: false },
    ],
    errors: { writablePageTable: [[1, 1]], notWritable: [[4, 12]] },
    stop: { kind: "remap", message: "remap of 0xc0000000", step: 12 },
  },
  {
    strategy: "write-always",
    platform: "xen-pae",
    coverage: [
      { firstPfn: 0, pages: 2048, kind: "right", large: false },
      { firstPfn: 2048, pages: LOWMEM_PAGES - 2048, kind: "unmapped", large: false },
    ],
    stop: { kind: "refused-by-xen", message: "the store to the entry of pfn 0x1", step: 35 },
    log: ["first line of a log", "second line of a log"],
  },
  {
    strategy: "keep-template",
    platform: "xen-pae",
    errors: { executableData: [[1024, 1024]], nonExecutableText: [[256, 64]] },
  },
  { strategy: "write-always", platform: "lguest" },
];

/** Four strategies on three platforms. */
export const SAMPLE_CELLS: readonly FigureCell[] = SAMPLES.map(sampleCell);
