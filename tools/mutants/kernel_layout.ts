/**
 * Planted bugs: layout, memory map, configuration, and what follows `paging_init`.
 *
 * @module
 */
import { bugsIn, type Mutant } from "./mutant.ts";

const LAYOUT: readonly Mutant[] = bugsIn("core/kernel/layout.ts", [
  [
    "layoutOf",
    "(fixmap.count - 1) * 4096",
    "fixmap.count * 4096",
    "the fixmap begins a page too early",
    "slot 0 is FIXADDR_TOP itself",
  ],
  [
    "layoutOf",
    "Math.min(memoryBytes, maxLowmem) / 4096",
    "memoryBytes / 4096",
    "high memory is mapped",
    "lowmem ends at MAXMEM",
  ],
  [
    "layoutOf",
    "4096 * (lastPkmap + 1)",
    "4096 * lastPkmap",
    "the window for high memory lies a page off",
    "PKMAP_BASE leaves a gap",
  ],
  [
    "layoutOf",
    "mode.entryWords === 1 ? 1024 : 512",
    "1024",
    "the window of a PAE kernel is twice as long",
    "a page table of PAE has 512 entries",
  ],
  [
    "layoutOf",
    "emptyZeroPage: swapperPgDir + 1",
    "emptyZeroPage: swapperPgDir + 2",
    "the zero page lies elsewhere",
    "it follows swapper_pg_dir",
  ],
  [
    "layoutOf",
    "space.pkmap && config.highmem",
    "space.pkmap",
    "a kernel without high memory has its window",
    "CONFIG_HIGHMEM decides",
  ],
  [
    "layoutOf",
    "usablePages(memoryMap, memoryBytes, reserved)",
    "usablePages(memoryMap, memoryBytes)",
    "reserved pages are free",
    "a hole of the firmware's map",
  ],
  ["fixToVirt", "- slot * 4096", "+ slot * 4096", "slots go upwards", "__fix_to_virt counts down from FIXADDR_TOP"],
  [
    "ADDRESS_SPACES.xenPae",
    "fixaddrTop: 0xf57f_d000",
    "fixaddrTop: 0xfbff_d000",
    "PAE's hole for Xen is that of two-level",
    "reserve_top_address takes more in PAE",
  ],
]);

const OTHERS: readonly Mutant[] = [
  ...bugsIn("core/kernel/memory_map.ts", [
    ["PC_LOW_END", "0x9f", "0xa0", "the extended BIOS data area is memory", "it spoils the whole page at 0x9f000"],
    [
      "without",
      "Math.max(range.first, end)",
      "Math.max(range.first, end + 1)",
      "a page behind a hole is lost",
      "off by one",
    ],
    [
      "usablePages",
      'kind === "pc"',
      'kind === "one-range"',
      "a host's map has a PC's hole, and a PC has none",
      "the other way round",
    ],
  ]),
  ...bugsIn("core/kernel/config.ts", [
    [
      "fixmapSlots",
      "permanentFixmapSlots - 1",
      "permanentFixmapSlots",
      "shared_info's slot is the one behind",
      "FIX_PARAVIRT_BOOTMAP is the last permanent one",
    ],
    ["BOOT_MAPS", "16", "15", "bt_ioremap has 15 slots", "the slot of the WP test moves"],
  ]),
  ...bugsIn("core/kernel/after.ts", [
    [
      "testWpBit",
      "kernel.clearPte(entry);",
      "",
      "the slot of the WP test stays mapped",
      "an alias of swapper_pg_dir for ever",
    ],
    [
      "testWpBit",
      "if (kernel.bus.probe(address, true))",
      "if (false)",
      "a CPU without CR0.WP passes",
      "this test is there to find it",
    ],
    [
      "zapLowMappings",
      "kernel.setPud(entry, image.emptyZeroPage, P)",
      "kernel.setPud(entry, 0, 0)",
      "PAE's low mappings are cleared to 0",
      "trap T15: they become the zero page",
    ],
    [
      "zapLowMappings",
      "ops.flushTlbAll();",
      "",
      "old translations of low addresses live on",
      "user space would still reach the kernel",
    ],
    ["zapLowMappings", "slot < below", "slot < below - 1", "one low mapping stays", "off by one"],
  ]),
  ...bugsIn("core/kernel/page_structures.ts", [
    [
      "MemMap.setPinned",
      "pinned ? flags | PG_PINNED : flags & ~PG_PINNED",
      "flags | PG_PINNED",
      "a page is pinned for ever",
      "a table that is given back stays read-only",
    ],
    ["MemMap.isPinned", "!== 0", "=== 0", "pinned and not pinned change places", "the other way round"],
    [
      "memMapPages",
      "Math.ceil",
      "Math.floor",
      "the last page structures lie behind the map",
      "rounding down loses the rest",
    ],
  ]),
];

/** Places, and what is done with the tables at the end. */
export const LAYOUT_MUTANTS: readonly Mutant[] = [...LAYOUT, ...OTHERS];
