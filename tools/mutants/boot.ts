/**
 * Planted bugs in boot, matrix and trace, and the tests that must notice them.
 *
 * @module
 */
import { bugsIn, type Mutant, type MutantTable } from "./mutant.ts";
import { BOOT_SUITES } from "./suites.ts";

const TRACE: readonly Mutant[] = [
  ...bugsIn("core/trace/trace.ts", [
    ["Trace.at", "step < 1", "step < 0", "there is a step 0", "steps count from 1"],
    ["Trace.at", ">>> 0", "", "words are negative", "words shown to callers are unsigned"],
    [
      "Trace.prefix",
      "Math.min(length, this.used)",
      "this.used",
      "a run at a step has the whole trace",
      "the future",
    ],
  ]),
  ...bugsIn("core/trace/writer.ts", [
    [
      "TraceWriter.record",
      "rows[at + 3] = oldLo;",
      "rows[at + 3] = askedLo;",
      "the old entry is the one that is asked for",
      "what a write changes cannot be seen",
    ],
    [
      "TraceWriter.record",
      "rows[at + 7] = oldLo;",
      "rows[at + 7] = askedLo;",
      "a write that was refused has been stored",
      "until it is stored, the old entry is there",
    ],
    ["TraceWriter.stored", "this.rows[at + 8] = hi;", "", "what was stored has the old high word", "NX"],
    ["TraceWriter.stored", "this.used - 1", "this.used", "what was stored belongs to the next write", "off by one"],
    [
      "TraceWriter.record",
      "rows[at] = known;",
      "rows[at] = 0;",
      "every write is a set_pte",
      "the operation is in the row",
    ],
    ["TraceWriter.#grow", "rows.set(this.rows);", "", "a trace forgets when it grows", "the first 256 writes"],
  ]),
];

const BOOT: readonly Mutant[] = [
  ...bugsIn("core/boot.ts", [
    [
      "writesOf",
      "step - 1",
      "step",
      "a boot that was asked to stop counts the write that it did not make",
      "cost.entryWrites",
    ],
    [
      "copyOf",
      "Object.freeze({ ...strategy })",
      "strategy",
      "a strategy that is changed later changes what was booted",
      "run.at boots again",
    ],
    ["runOf", "trace.prefix(step)", "trace", "a run at a step has the whole trace", "the future"],
  ]),
  ...bugsIn("core/memory_size.ts", [
    ["parseMemory", "bytes % 4096 === 0", "true", "half a page of memory", "memory comes in pages"],
    ["UNITS", "K: 2 ** 10", "K: 1000", "a K has 1,000 bytes", "a K of memory has 1,024"],
    ["parseMemory", ".trim()", "", "a space around a size is an error", "it comes from a command line"],
  ]),
  ...bugsIn("core/setup.ts", [
    [
      "setupOf",
      'integer(0, memoryBytes)(templateBytes, "templateBytes");',
      "",
      "a template larger than memory",
      "it boots for ever",
    ],
    ["memoryFor", "bytes <= max", "true", "memory that the frames of a platform do not reach", "it is refused by name"],
    [
      "frozenRanges",
      "Object.freeze({ ...range })",
      "range",
      "a caller's range is not copied",
      "changing it later changes what was booted",
    ],
  ]),
  ...bugsIn("core/platforms.ts", [
    ["HIDDEN", "pge: false", "pge: true", "Xen shows PGE", "trap T14: it hides it"],
    ["misfitOf", "mode.entryWords === 2 && !cpu.pae", "false", "PAE without a CPU that has it", "a 486 in PAE"],
    [
      "maxMemoryOf",
      "2 ** 32 - space.pageOffset",
      "2 ** 32",
      "lguest has room for 4G",
      "it maps all from PAGE_OFFSET on",
    ],
    [
      "resolvePlatform",
      "mode: MODES[mode.id]",
      "mode",
      "a copy of a mode is another mode",
      "modes are compared by identity",
    ],
  ]),
  ...bugsIn("core/environment.ts", [
    [
      "frameOrder",
      "+ 3571",
      "",
      "page 0 has the first frame",
      "a permutation without a fixed point shows confusions of pfn and mfn",
    ],
    [
      "nativeEnvironment",
      "if (kernel.features.nx) machine.writeEfer(EFER_NXE);",
      "",
      "EFER.NXE stays off",
      "NX is then a reserved bit",
    ],
    [
      "lguestEnvironment",
      "kernel.bootmem.reserve(host.launcherTables, pages);",
      "",
      "the launcher's tables are free memory",
      "the kernel overwrites what it runs on",
    ],
    [
      "kernelOf",
      "cpu.nx && mode.entryWords === 2",
      "cpu.nx",
      "two-level paging has NX",
      "an entry of 32 bits has no room for it",
    ],
    [
      "kernelOf",
      'platform.host === "xen" ? mode : MODES["two-level"]',
      "mode",
      "head.S builds PAE tables",
      "trap T3: its tables are two-level",
    ],
    [
      "describe",
      'release.textFrom === "_text" ? layout.textStart / 4096 : 0',
      "0",
      "the audit's text begins at PAGE_OFFSET in every release",
      "found by the hunt",
    ],
    [
      "describeDomain",
      "xen.domain.ring === 0",
      "true",
      "US opens a guest's kernel to its users",
      "on a 64-bit Xen it does not",
    ],
    [
      "readOnlyPages",
      "type === PGT_GDT",
      "false",
      "descriptor tables should be writable",
      "trap T16",
    ],
    [
      "readOnlyPages",
      "new Set([kernel.image.emptyZeroPage])",
      "new Set<number>()",
      "the zero page should be writable",
      "trap T15",
    ],
    [
      "readOnlyPages",
      "(info & PGT_COUNT_MASK) === 0",
      "false",
      "a frame that was a table is one for ever",
      "its count is 0",
    ],
  ]),
];

const MATRIX: readonly Mutant[] = bugsIn("core/matrix.ts", [
  ["cells", "if (reason !== undefined)", "if (false)", "a void cell is booted", "it cannot be asked"],
  ["cellOf", "booted: outcome.ok", "booted: true", "every cell boots", "a column of the JSON"],
  ["rowStop", 'stop.kind === "refused-by-xen"', "false", "a refusal has no rule", "stop.rule of the JSON"],
  ["counts", "[name, pages]", "[name, 0]", "no cell has errors", "permissionErrors of the JSON"],
  [
    "matrix",
    "for (const platform of platforms) memoryFor(platform, memory);",
    "",
    "a size that one platform cannot have is found when it is its turn",
    "it is refused before anything runs",
  ],
  ["cells", "intent)", "{})", "the caller's intent is not used", "an option of matrix"],
]);

/** The table of boot, options, platforms and environment. */
export const BOOT_MUTANTS: MutantTable = { id: "boot", suites: BOOT_SUITES, mutants: BOOT };

/** The table of `core/trace`. */
export const TRACE_MUTANTS: MutantTable = { id: "trace", suites: [["tests/core/trace"]], mutants: TRACE };

/** The table of the matrix. */
export const MATRIX_MUTANTS: MutantTable = {
  id: "matrix",
  suites: [["tests/core/boot"], [
    "tests/matrix/directed_test.ts",
    "tests/matrix/matrix_test.ts",
  ]],
  mutants: MATRIX,
};
