/**
 * Planted bugs in `core/audit` and what it needs of `core/tables`, and the tests that must notice them.
 *
 * @module
 */
import { bugsIn, type Mutant, type MutantTable } from "./mutant.ts";

const OF_A_KERNEL: readonly Mutant[] = [
  ...bugsIn("core/audit/coverage.ts", [
    [
      "lowmemPieces",
      "unmapped(next, lowmemPages);",
      "",
      "the unmapped end of memory is no hole",
      "coverage then adds up to less than all",
    ],
    [
      "lowmemPieces",
      "range.pfn === offset",
      "range.pfn >= 0",
      "any frame is the right one",
      "a page that maps its neighbour",
    ],
    [
      "lowmemPieces",
      "Math.min(offset + range.pages, lowmemPages)",
      "offset + range.pages",
      "a large page reaches beyond lowmem",
      "trap T19: what is beyond does not count",
    ],
    [
      "lowmemPieces",
      "range.pageShift > 12",
      "range.pageShift > 21",
      "a page of 2M is small",
      "large is anything above 4K",
    ],
    ["leavesIn", "- leaf(firstPfn) + 1", "- leaf(firstPfn)", "a TLB entry is forgotten", "off by one"],
    [
      "measureCoverage",
      'pagesOf(({ kind }) => kind === "wrong-frame")',
      "0",
      "wrong frames are not counted",
      "a column of the JSON",
    ],
    [
      "coverageRanges",
      "last?.kind === kind && last.large === large",
      "last?.kind === kind",
      "small and large pages are one range",
      "the map of coverage shows them apart",
    ],
  ]),
  ...bugsIn("core/audit/intent.ts", [
    [
      "intendedRanges",
      "features.nx ? [firstExecutablePage, executablePages] : []",
      "[]",
      "text has no bounds",
      "all of memory is text, or none",
    ],
    [
      "intendedRanges",
      "!features.nx || isText",
      "isText",
      "without NX data may not be executed",
      "a CPU without NX executes all",
    ],
    [
      "intendedRanges",
      "firstPfn < executablePages",
      "firstPfn <= executablePages",
      "a page behind the text is text",
      "off by one",
    ],
    ["intendedRanges", "!guest.readOnly.has(firstPfn)", "true", "tables should be writable", "under Xen they may not"],
    [
      "intendedRanges",
      "global: features.pge",
      "global: true",
      "pages should be global without PGE",
      "the kernel must see PGE",
    ],
  ]),
  ...bugsIn("core/audit/permission_errors.ts", [
    [
      "findPermissionErrors",
      "guest.usGrantsUser &&",
      "",
      "a 64-bit Xen's kernel is open to user mode",
      "its pages have US, and its own root",
    ],
    [
      "findPermissionErrors",
      "(range.rights & RIGHT_US) !== 0",
      "false",
      "no page is open to user mode",
      "the 486 of the debate",
    ],
    ["compare", 'kind !== "right"', "false", "rights of a wrong frame count too", "coverage has named it already"],
    [
      "compare",
      "Math.max(firstPfn, wanted.firstPfn)",
      "firstPfn",
      "an error begins at its range and not where the intent begins",
      "pages with other intents are counted",
    ],
    [
      "judge",
      'name === "executableData" ? withoutText(guest, range, from, end) : [from, end]',
      "[from, end]",
      "a large page that mixes text and data is an error",
      "the kernel cannot do better there",
    ],
  ]),
  ...bugsIn("core/audit/error_ranges.ts", [
    [
      "addPart",
      "range.pfn < 0 ? -1 : range.pfn + first",
      "range.pfn + first",
      "a range without pfns counts them",
      "what the guest does not own has none",
    ],
    [
      "addPart",
      "const first = Math.max(from, 0);",
      "const first = from;",
      "a part begins before its range",
      "a page table below lowmem",
    ],
    [
      "addWritable",
      "pfn < 0 || (range.rights & RIGHT_RW) === 0",
      "pfn < 0",
      "a read-only table is a writable one",
      "RW decides",
    ],
    [
      "addWritable",
      "Math.min(stretch.end, end) - pfn",
      "stretch.end - pfn",
      "a table behind the range is in it",
      "the count is too high",
    ],
  ]),
  ...bugsIn("core/audit/stretches.ts", [
    ["stretchesOf", "next === frame + 1", "next === frame", "frames in a row are not joined", "one stretch a frame"],
    ["firstEndingAfter", "<= frame", "< frame", "a stretch that ends there is taken", "off by one"],
  ]),
];

const OF_A_STATE: readonly Mutant[] = [
  ...bugsIn("core/audit/aliases.ts", [
    [
      "joined",
      "frame <= last.end",
      "frame < last.end",
      "neighbouring code is not joined",
      "an alias is then in two parts",
    ],
    [
      "partsIn",
      "Math.min(end, frame + pages) - from",
      "end - from",
      "an alias is longer than its range",
      "the count is too high",
    ],
    [
      "partsIn",
      "page + from - frame",
      "page",
      "an alias is named by the start of its range",
      "the reader looks at the wrong page",
    ],
  ]),
  ...bugsIn("core/audit/search.ts", [
    [
      "Search.constructor",
      "(tables.cr0 ?? CR0_WP) & CR0_WP",
      "CR0_WP",
      "CR0.WP is always set",
      "without it the supervisor writes everywhere",
    ],
    [
      "Search.constructor",
      "Math.max(memory.frames, HOLE) + HOLE",
      "memory.frames",
      "devices right behind memory are far beyond it",
      "a PC's lie below 4G",
    ],
    ["Search.range", "(rights & RIGHT_NX) === 0", "true", "every page is executable", "NX counts"],
    [
      "Search.range",
      "user && (rights & RIGHT_RW) !== 0",
      "user",
      "user code that only the supervisor writes is the user's",
      "CR0.WP is clear then",
    ],
    [
      "Search.range",
      "if (user) this.#user.push(mapped);",
      "",
      "no user page of the kernel half is found",
      "the worst finding",
    ],
    [
      "Search.range",
      "writable && (user || !executable)",
      "writable && !executable",
      "user mode's alias of kernel code counts only where user mode cannot execute it",
      "it writes kernel code all the same",
    ],
    [
      "Search.range",
      "if (writable) this.#tablesIn(mapped);",
      "",
      "no writable page table is found",
      "the question of the book",
    ],
    [
      "Search.findings",
      "isVsyscall(mapped, linearBits)",
      "false",
      "the vsyscall page is a finding",
      "Linux has it by design",
    ],
    [
      "Search.#switchedOff",
      "if (!this.#cpuKnown) return false;",
      "",
      "a defence is off that the CPU may lack",
      "nobody knows the CPU",
    ],
    [
      "Search.#switchedOff",
      "(cr4 & CR4_SMEP) === 0",
      "(cr4 & CR4_SMEP) !== 0",
      "SMEP on is SMEP off",
      "the other way round",
    ],
    [
      "Search.#switchedOff",
      "(efer & EFER_NXE) === 0",
      "false",
      "NXE off is not found",
      "then nothing is protected from being executed",
    ],
    [
      "Search.#tablesIn",
      "page: page + first - frame",
      "page",
      "a writable table is named by the start of its mapping",
      "the reader looks at the wrong page",
    ],
    ["Search.odd", "frameOf(hi, lo)", "0", "an odd entry has no frame", "the reader looks for it"],
  ]),
  ...bugsIn("core/audit/findings.ts", [
    [
      "FindingPlaces.add",
      "last.frame + last.pages === frame",
      "true",
      "ranges of other frames are joined",
      "what follows is not what is said",
    ],
    ["FindingPlaces.addEntry", "this.entries++;", "", "odd entries are not counted", "a field of the JSON"],
  ]),
  ...bugsIn("core/audit/isolation.ts", [
    [
      "globalsUnderIsolation",
      "(rights & RIGHT_US) === 0",
      "true",
      "global user pages are the kernel's",
      "the trampoline may be",
    ],
  ]),
  ...bugsIn("core/audit/system.ts", [
    ["OwnerFinder.range", "page === frame", "page !== frame", "what is mapped to itself is not", "firmware maps so"],
    ["OwnerFinder.#isXenSlot", "XEN_SLOT", "0", "Xen lives in slot 0", "it has its own slot"],
  ]),
  ...bugsIn("core/tables/range_list.ts", [
    [
      "pageOf",
      "hi >= 0x8000_0000 && page < upper",
      "page < upper",
      "a low address becomes a high one",
      "canonical addresses",
    ],
  ]),
];

const OF_A_LISTING: readonly Mutant[] = [
  ...bugsIn("core/tables/leaves.ts", [
    ["printLeafText", "(lo & leafReserved.lo) | ", "", "a leaf that faults is listed", "QEMU leaves it out"],
    ["printLeafText", "level.shift === 12 ? ~PS : -1", "-1", "PAT of a 4K page is shown as P", "the same bit"],
    ["printLeafText", "text.flush();", "", "the last lines are not printed", "they still wait"],
    [
      "refuseTooMany",
      "entries > MAX_LEAVES ?",
      "entries < MAX_LEAVES ?",
      "too many are not refused",
      "they are counted",
    ],
    ["printLeaves", "at + LINE - 1", "at + LINE", "a line has its line feed", "callers add their own"],
  ]),
  ...bugsIn("core/tables/leaf_text.ts", [
    ["LeafText.add", "if (this.#end === bytes.length) this.flush();", "", "lines are lost", "the bytes are full"],
    ["LeafText.add", "frame / 0x10_0000", "0", "a page is below 4 GiB", "its upper digits"],
    ["LeafText.add", "pairs(view, linear, 4, linearHi);", "", "the upper half is not shown", "of the address"],
    ["LeafText.flush", "this.#end = 0;", "", "what was printed is printed again", "the bytes are used again"],
    ["pairs", "number >>>= 8", "number >>>= 4", "each byte is half of the one before it", "eight bits a pair"],
  ]),
];

/** The table of `core/audit`. */
export const AUDIT_MUTANTS: MutantTable = {
  id: "audit",
  suites: [
    ["tests/core/audit", "tests/core/tables"],
    ["tests/core/boot", "tests/core/dump", "tests/matrix/directed_test.ts"],
    ["tests/matrix/matrix_test.ts"],
  ],
  mutants: [...OF_A_KERNEL, ...OF_A_STATE, ...OF_A_LISTING],
};
