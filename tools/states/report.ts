/**
 * A survey of page tables as text and as JSON.
 *
 * @module
 */

import {
  type ErrorRun,
  formatAddress,
  type LeafRun,
  type Linear,
  type MapRow,
  RIGHT_NX,
  RIGHT_RW,
  RIGHT_US,
  type State,
  type Survey,
} from "../../mod.ts";
import { printable } from "../../chapters/recorded/files/printable.ts";

/** Characters of a description that the text repeats. */
const LONGEST = 200;

/** Runs of one worry that the text lists. */
const MOST_RUNS = 12;

/** Room for two frame numbers of five digits each. */
const FRAMES_WIDTH = 15;

const WORRIES = Object.freeze(
  [
    { id: "writableExecutable", title: "writable and executable" },
    { id: "writablePageTable", title: "page tables that can be written" },
    { id: "userInKernelHalf", title: "open to user mode in the kernel half" },
  ] as const,
);

/**
 * A survey for people.
 *
 * @param state What was surveyed.
 * @param survey The survey.
 * @returns Lines: what it is, the map, the worries.
 */
export function surveyText({ header }: State, survey: Survey): string {
  const { registers, mode, description } = header;
  const { map, leaves } = survey;
  const frames = new Set(survey.tables.map(({ frame }) => frame));
  const registerText = (["cr0", "cr3", "cr4", "efer"] as const)
    .map((name) => `${name.toUpperCase()} 0x${registers[name].toString(16)}`);
  const head = [
    printable(description.slice(0, LONGEST)),
    `${mode.id} paging, ${registerText.join(", ")}`,
    `${counted(frames.size, "page table")}, ${leaves} leaves`,
  ];
  return [...head, "", ...mapText(map, mode.linearBits), "", ...worriesText(survey, mode.linearBits), ""].join("\n");
}

function mapText(map: readonly MapRow[], linearBits: number): string[] {
  const width = linearBits > 32 ? 16 : 8;
  const columns = [
    "linear addresses".padEnd(2 * width + 1),
    "frames".padEnd(FRAMES_WIDTH),
    "  pages",
    "size",
    "rights",
  ];
  return [columns.join("  "), ...map.map((row) => mapLine(row, width))];
}

function mapLine({ run, times, stride }: MapRow, width: number): string {
  const alike = times > 1 ? ` and ${times - 1} more to the same frames, every ${sizeText(stride * 4096)}` : "";
  const kind = `${run.global ? " global" : ""}${run.patIndex === 0 ? "" : ` PAT ${run.patIndex}`}`;
  return `${rangeText(run.linear, bytesOf(run), width)}  ${framesText(run.pfn, bytesOf(run))}  ${
    `${run.pages}`.padStart(7)
  }  ${sizeText(2 ** run.pageShift).padStart(4)}  ${rightsText(run.rights)}${kind}${alike}`;
}

function worriesText({ worries, nx, kernelHalf }: Survey, linearBits: number): string[] {
  const width = linearBits > 32 ? 16 : 8;
  const lines = ["worth worrying about", `  (the kernel half was taken to begin at ${formatAddress(kernelHalf)})`];
  if (!nx) lines.push("  (without NX nothing can be kept from being executed)");
  for (const { id, title } of WORRIES) {
    const runs = worries[id];
    lines.push(
      `  ${title}: ${
        runs.length === 0 ? "none" : `${counted(pagesIn(runs), "page")} of 4K in ${counted(runs.length, "run")}`
      }`,
    );
    for (const run of runs.slice(0, MOST_RUNS)) lines.push(`    ${errorLine(run, width)}`);
    if (runs.length > MOST_RUNS) lines.push(`    ... and ${runs.length - MOST_RUNS} more; --json has them`);
  }
  return lines;
}

function errorLine({ linear, pages, pfn, rights }: ErrorRun, width: number): string {
  const frames = framesText(pfn, pages * 4096);
  return `${rangeText(linear, pages * 4096, width)}  ${frames}  ${`${pages}`.padStart(7)}  ${rightsText(rights)}`;
}

/**
 * A survey for programs. Addresses are hexadecimal text, since 64 bits do not fit a number.
 *
 * @param state What was surveyed.
 * @param survey The survey.
 * @returns What `JSON.stringify` is to print.
 */
export function surveyJson({ header }: State, survey: Survey): unknown {
  const { registers, mode, description } = header;
  return {
    description,
    mode: mode.id,
    cr3: hex(registers.cr3),
    leaves: survey.leaves,
    tables: survey.tables.map(({ frame, level }) => ({ frame, table: level.table })),
    map: survey.map.map(({ run, times, stride }) => ({
      ...rangeJson(run.linear, bytesOf(run)),
      frame: run.pfn,
      pages: run.pages,
      pageBytes: 2 ** run.pageShift,
      rights: rightsText(run.rights),
      global: run.global,
      patIndex: run.patIndex,
      times,
      strideBytes: stride * 4096,
    })),
    nx: survey.nx,
    kernelHalf: formatAddress(survey.kernelHalf),
    worries: Object.fromEntries(WORRIES.map(({ id }) => [id, worryJson(survey.worries[id])])),
  };
}

function worryJson(runs: readonly ErrorRun[]): unknown {
  return {
    pages: pagesIn(runs),
    runs: runs.map(({ linear, pages, pfn, rights }) => ({
      ...rangeJson(linear, pages * 4096),
      frame: pfn,
      pages,
      rights: rightsText(rights),
    })),
  };
}

function rangeJson(linear: Linear, bytes: number): { readonly first: string; readonly last: string } {
  return { first: formatAddress(linear), last: formatAddress(lastByte(linear, bytes)) };
}

function rangeText(linear: Linear, bytes: number, width: number): string {
  return `${digits(linear, width)}-${digits(lastByte(linear, bytes), width)}`;
}

function framesText(first: number, bytes: number): string {
  const last = first + bytes / 4096 - 1;
  return (last === first ? hex(first) : `${hex(first)}-${hex(last)}`).padEnd(FRAMES_WIDTH);
}

function digits({ hi, lo }: Linear, width: number): string {
  const low = lo.toString(16).padStart(8, "0");
  return width === 8 ? low : `${hi.toString(16).padStart(8, "0")}${low}`;
}

function lastByte({ hi, lo }: Linear, bytes: number): Linear {
  const last = lo + bytes - 1;
  return { hi: (hi + Math.floor(last / 0x1_0000_0000)) >>> 0, lo: last >>> 0 };
}

function bytesOf({ pages, pageShift }: LeafRun): number {
  return pages * 2 ** pageShift;
}

function pagesIn(runs: readonly ErrorRun[]): number {
  return runs.reduce((sum, { pages }) => sum + pages, 0);
}

/** User, read, write, execute, as QEMU's `info mem` has the first three. */
function rightsText(rights: number): string {
  return `${(rights & RIGHT_US) !== 0 ? "u" : "-"}r${(rights & RIGHT_RW) !== 0 ? "w" : "-"}${
    (rights & RIGHT_NX) !== 0 ? "-" : "x"
  }`;
}

function sizeText(bytes: number): string {
  const units = ["", "K", "M", "G", "T"];
  let unit = 0;
  while (bytes % 1024 === 0 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return `${bytes}${units[unit]}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
