/**
 * Planted bugs: the rules of the debate.
 *
 * @module
 */
import { bugsIn, type Mutant, type MutantTable } from "./mutant.ts";
import { BOOT_SUITES } from "./suites.ts";

const STRATEGIES: readonly Mutant[] = [
  ...bugsIn("core/strategies/filter_set_pte.ts", [
    [
      "maskRw",
      "(old & P) !== 0 && (old & RW) === 0",
      "(old & RW) === 0",
      "what was absent becomes read-only",
      "trap T1: the filter by the letter",
    ],
    ["maskRw", "lo & ~RW : lo", "old : lo", "the old entry stays as a whole", "trap T2: only RW is filtered"],
  ]),
  ...bugsIn("core/strategies/filter_literal.ts", [[
    "filterLiteral.initSetPte",
    "(kernel.bus.load(entry) & RW) === 0",
    "(kernel.bus.load(entry) & RW) === 0 && (kernel.bus.load(entry) & 1) !== 0",
    "the filter by the letter asks for P",
    "that is what was merged, not what the mail says",
  ]]),
  ...bugsIn("core/strategies/filter_with_list.ts", [[
    "filterWithList.initSetPte",
    "maskRw(bus.load(entry), lo)",
    "lo",
    "the filter with a list has no filter",
    "it is a control of filter and list",
  ]]),
  ...bugsIn("core/strategies/keep_template.ts", [
    [
      "keepTemplate.mapPage",
      "if (!kernel.present(entry))",
      "",
      "a small page that is mapped is written again",
      "the template is kept",
    ],
    [
      "keepTemplate.mapLargePage",
      "if (!kernel.present(entry))",
      "",
      "head.S's tables are replaced",
      "this is the bug of the subject line; the patch mends it",
    ],
  ]),
  ...bugsIn("core/strategies/keep_template_pse_fix.ts", [[
    "keepTemplatePseFix.mapLargePage",
    "(kernel.bus.load(entry) & PS) !== 0",
    "true",
    "a table stays where a large page is due",
    "the patch of the subject line",
  ]]),
  ...bugsIn("core/strategies/panic_on_remap.ts", [[
    "panicOnRemap.mapPage",
    "bugOnPresent(kernel, entry, pfn);",
    "",
    "a remap of a small page is no bug",
    "the control panics there",
  ]]),
  ...bugsIn("core/strategies/query_special.ts", [
    [
      "querySpecial.mapLargePage",
      "if (!specialPages.uniform(pfn, pages)) return mapSmall(kernel, entry, pfn, pfn + pages);",
      "",
      "a large page covers special and other pages alike",
      "the display would be cached, or memory uncached",
    ],
    [
      "querySpecial.prepare",
      "ops.programPat();",
      "ops.programPat;",
      "the PAT bit means what it meant before",
      "write-back",
    ],
    [
      "querySpecial.mapPage",
      "specialPages.apply(specialPages.at(pfn), flags)",
      "flags",
      "the answer of the registry is not used",
      "under Xen a table stays writable",
    ],
  ]),
  ...bugsIn("core/strategies/table_range.ts", [
    [
      "tableRange.prepare",
      "bootmem.takeRunBelow(pages, maxPfnMapped) ??",
      "",
      "the range lies at the top of memory",
      "the record of 3.2 has it below the end of the boot map",
    ],
    [
      "tableRange.allocTable",
      "if (end === top)",
      "if (end > top)",
      "a table behind the range",
      "nobody knows it as one",
    ],
    [
      "tableRange.finish",
      "kernel.ops.releasePt(pfn)",
      "undefined",
      "the unused end stays read-only",
      "it becomes ordinary memory again",
    ],
    ["isTable", "pfn < top", "pfn < start", "no page of the range is a table", "the two comparisons"],
    ["isTable", "pfn === emptyZeroPage", "false", "the zero page is no table", "trap T15"],
    [
      "tablesNeeded",
      "kernel.features.pse ? 0 :",
      "",
      "room for leaves that large pages do not need",
      "the range is larger than it must be",
    ],
  ]),
  ...bugsIn("core/strategies/map_from_mapped.ts", [
    [
      "stepsOf",
      "top - last >= step",
      "top - last > step",
      "the steps begin to grow a step too late",
      "the records of 3.16 show each step",
    ],
    [
      "stepsOf",
      "Math.floor((last - 1) / step) * step",
      "last - step",
      "a step ends in the middle of a block",
      "the real one is rounded down",
    ],
    [
      "stepsOf",
      "if (top < end) yield { first: top, end };",
      "",
      "what is above the topmost block is not mapped",
      "memory need not end with a block",
    ],
    [
      "tablePage",
      "mapping.end <= first || mapping.first >= end",
      "true",
      "the pages behind the kernel become tables while their own range is mapped",
      "they then have no leaf that can be made read-only",
    ],
    [
      "tablePage",
      "bootmem.reserve(pfn, pfn + 1);",
      "",
      "a page of mapped memory is given away twice",
      "two tables in one page",
    ],
    [
      "mapFromMapped",
      "source.next = source.mapped.end - 1",
      "source.next = source.mapped.first",
      "tables come from the bottom of the mapped memory",
      "the records of 3.16 show them at the top",
    ],
  ]),
];

/** The table of `core/strategies`. */
export const STRATEGIES_MUTANTS: MutantTable = { id: "strategies", suites: BOOT_SUITES, mutants: STRATEGIES };
