/**
 * One example of every figure, small enough to be kept as a drawing: boots of 16 MiB, and rows made up.
 *
 * @module
 */

import {
  accessGrid,
  addressFields,
  addressMap,
  backEnds,
  bootOverlay,
  bootsBeside,
  bootStep,
  coverageMap,
  disagreements,
  type Figure,
  flushGrid,
  frameTypes,
  guestRuns,
  mappingOrder,
  pairGrid,
  permissionErrors,
  recordBoot,
  tableLives,
  tableTree,
  tlbReach,
  verdictMatrix,
  writersOverTime,
  writeTimeline,
} from "../../chapters/mod.ts";
import { loadRecording } from "../../core/recording/mod.ts";
import { tablesOf } from "../../core/tables/mod.ts";
import { FrameTable, PGT_L1, PGT_L2, PGT_PINNED, PGT_VALIDATED, PGT_WRITABLE } from "../../core/xen/mod.ts";
import { boot, explain, MODES, type Run } from "../../mod.ts";
import { SAMPLE_CELLS } from "./sample_cells.ts";

const native = SAMPLE_CELLS.filter(({ row }) => row.platform === "native-p6");
const rowsOf = (cells: typeof SAMPLE_CELLS) => cells.map(({ row }) => row);

function bootOf(platform: string, strategy: string): Run {
  return boot({ platform, strategy, memory: "16M" });
}

function types(): Figure {
  const words = [PGT_WRITABLE | PGT_VALIDATED | 1, PGT_L2 | PGT_VALIDATED | PGT_PINNED | 2, PGT_L1 | 1, 0];
  const moments = ["the start", "the link", "the end"].map((after, moment) => {
    const table = new FrameTable(2);
    table.typeInfo.set([words[moment] ?? 0, words[moment + 1] ?? 0]);
    return { after, frames: [table.at(0), table.at(1)] };
  });
  return frameTypes(["pfn 0x1: new L2", "pfn 0x2: new L1"], moments);
}

const recorded = await loadRecording(await Deno.readFile("tests/fixtures/boots/3.16.7-586-pentium3-128M.jsonl.gz"));

function timeline(): Figure {
  const boots = [["native-486", "write-always"], ["xen-2level", "write-always"], ["xen-pae", "keep-template"]] as const;
  return writeTimeline(boots.map(([platform, strategy]) => ({ name: platform, run: bootOf(platform, strategy) })));
}

function tree(): Figure {
  const { machine } = bootOf("native-k8-pae", "keep-template");
  return tableTree(tablesOf(machine), explain(machine, 0xc0400000));
}

const LISTS: Readonly<Record<string, () => Figure>> = {
  access_grid: () =>
    accessGrid([
      { row: "P", column: "P US", user: "nothing", supervisor: "read" },
      { row: "P US", column: "P US", user: "read", supervisor: "read" },
      { row: "P RW US", column: "P RW US", user: "write", supervisor: "write" },
    ], ["PDE", "PTE"]),
  boots_beside: () => {
    const head = [{ frame: 1, index: 0, lo: 0 }, { frame: 1, index: 1, lo: 0 }, { frame: 1, index: 0, lo: 0x2007 }];
    const stores = [...head, { frame: 2, index: 0, lo: 0x63 }, { frame: 1, index: 1, lo: 0x4000e3 }];
    return bootsBeside({ name: "Linux", stores }, { name: "ours", stores }, 1);
  },
  boot_overlay: () => bootOverlay([0x1001, 0, 0x481001, 0, 0x481001, 0, 0x1001, 0]),
  back_ends: () =>
    backEnds([
      { name: "native-486", calls: 17_183, entries: 17_169, hostCalls: 0, caught: 0 },
      { name: "xen-pae", calls: 16_448, entries: 16_454, hostCalls: 74, caught: 32_774 },
    ]),
  disagreements: () => disagreements([{ rule: "WP is ignored", wrong: 181 }, { rule: "none", wrong: 0 }], 20_047),
  flush_grid: () =>
    flushGrid([
      { event: "CR3 is loaded", page: "4 KiB", kept: false },
      { event: "CR3 is loaded", page: "4 KiB with G", kept: true },
    ]),
  pair_grid: () =>
    pairGrid([
      { a: "write-always", b: "ask-callback", machine: "Xen", telling: "plain" },
      { a: "write-always", b: "filter-set-pte", machine: "Xen", telling: "unusual" },
      { a: "ask-callback", b: "filter-set-pte", machine: "", telling: "none" },
      { a: "write-always", b: "filter-with-list", machine: "Xen", telling: "plain" },
      { a: "ask-callback", b: "filter-with-list", machine: "", telling: "none" },
      { a: "filter-set-pte", b: "filter-with-list", machine: "Xen pae", telling: "later" },
    ]),
  hunts: () =>
    guestRuns([
      { host: "Xen 3.1", seed: 1, requests: 320, found: true },
      { host: "Xen 3.1", seed: 2, requests: 800, found: false },
      { host: "Xen 4.17", seed: 1, requests: 800, found: false },
    ]),
  tlb_reach: () =>
    tlbReach([
      { series: "4 KiB", mebibytes: 4, walks: 0 },
      { series: "4 KiB", mebibytes: 8, walks: 2048 },
      { series: "4 MiB", mebibytes: 4, walks: 0 },
      { series: "4 MiB", mebibytes: 8, walks: 0 },
    ]),
};

const MACHINES: Readonly<Record<string, () => Figure>> = {
  address_fields: () => addressFields(MODES.pae, 0xc0100abc),
  address_map: () => addressMap(tablesOf(bootOf("native-486", "keep-template").machine), "The kernel's map"),
  boot_step: () => bootStep(recordBoot(bootOf("xen-2level", "write-always")), 1155),
  boot_step_native: () => bootStep(recordBoot(bootOf("native-p6", "keep-template")), 20),
  table_lives: () => tableLives(bootOf("xen-pae", "filter-set-pte")),
  table_tree: tree,
  write_timeline: timeline,
  writers_over_time: () => writersOverTime(recorded),
  mapping_order: () => mappingOrder([{ name: "3.16", recording: recorded }]),
  frame_types: types,
};

const MATRIX: Readonly<Record<string, () => Figure>> = {
  coverage_map: () => coverageMap("native-p6", native),
  coverage_map_narrow: () => coverageMap("native-p6", native, undefined, "narrow"),
  permission_errors: () => permissionErrors(native),
  permission_errors_narrow: () => permissionErrors(native, undefined, "narrow"),
  verdict_matrix: () => verdictMatrix(rowsOf(SAMPLE_CELLS), { headline: true }),
  verdict_matrix_narrow: () => verdictMatrix(rowsOf(SAMPLE_CELLS), { layout: "narrow" }),
};

/** The figures by name: that of their file. */
export const SAMPLE_FIGURES: Readonly<Record<string, () => Figure>> = { ...LISTS, ...MACHINES, ...MATRIX };
