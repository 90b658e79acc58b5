/**
 * One walk as text, level by level.
 *
 * @module
 */

import {
  ACCESS_KINDS,
  formatAddress,
  formatFlags,
  patIndex,
  type Translation,
  type Unknown,
} from "../../core/mmu/mod.ts";
import { type Address, explain, type Explanation, type Machine, type Step } from "../../mod.ts";
import { columns } from "../../chapters/shown/columns.ts";

/**
 * Walks the tables for an address and says what every level did and which accesses are allowed.
 *
 * @param machine The machine.
 * @param address Linear address.
 * @returns Lines: the walk, where it ends, and a verdict for each access.
 * @throws {RangeError} If the address cannot be read.
 */
export function walkText(machine: Machine, address: Address): string {
  const { mode, linear, steps } = explain(machine, address);
  const registers = `CR3 0x${machine.cr3.toString(16)}`;
  return [
    `${formatAddress(linear)} in ${mode?.id ?? "no"} paging, ${registers}`,
    "",
    ...stepLines(steps, mode?.entryWords ?? 2),
    ...pageLines(machine, address, steps),
    "",
    ...verdicts(machine, address),
    ...assumptions(machine, address),
    "",
  ].join("\n");
}

/** The assumptions where a fact is not known. */
const ASSUMED: { readonly [name in Unknown]: string } = Object.freeze({
  pkru: "PKRU is not known: taken as 0, so that no protection key denies anything",
  ac: "EFLAGS.AC is not known: taken as clear, so that SMAP holds",
  pat: "the PAT is not known: the memory type is that of a CPU after reset",
  cpu: "the CPU is not known: taken to have every feature and 52 address bits, so that no address bit is reserved",
  table: "a table on the way is not in this state: its entries were taken as not present",
});

function assumptions(machine: Machine, address: Address): string[] {
  const names = new Set(allOutcomes(machine, address).flatMap(({ assumed }) => assumed));
  const told = [...names].filter((name) => name !== "pat");
  return told.length === 0 ? [] : ["", ...told.map((name) => `assumed: ${ASSUMED[name]}`)];
}

function stepLines(steps: readonly Step[], words: number): string[] {
  if (steps.length === 0) return ["no walk: the address is not canonical"];
  const digits = words * 8;
  const head = ["level", "table", "index", "entry", "flags"];
  return columns([head, ...steps.map((step) => stepCells(step, digits))], { right: [2], widths: [5, 10] });
}

function stepCells(step: Step, digits: number): string[] {
  const { level, table, index, leaf, revoked, lo, hi } = step;
  const high = digits === 16 ? word(hi) : "";
  const remarks = [
    (lo & 1) === 0 ? "not present" : formatFlags(hi, lo, level),
    reservedText(step, high !== ""),
    leaf && level.shift > 12 ? `maps a page of ${sizeText(level.shift)}` : "",
    revoked.length > 0 ? `takes away: ${revoked.join(", ")}` : "",
  ].filter((remark) => remark !== "");
  const where = table < 0 ? "CPU" : `0x${table.toString(16)}`;
  return [level.entry, where, `${index}`, `0x${high}${word(lo)}`, remarks.join("; ")];
}

function reservedText({ reserved: { lo, hi } }: Step, wide: boolean): string {
  return (lo | hi) === 0 ? "" : `reserved bits set: 0x${wide ? word(hi) : ""}${word(lo)}`;
}

/** The frame of the leaf, whether or not an access may use it. */
function pageLines(machine: Machine, address: Address, steps: readonly Step[]): string[] {
  const leaf = steps.find(({ leaf }) => leaf);
  const found = allOutcomes(machine, address).find(({ outcome }) => outcome.ok);
  if (leaf === undefined || !found?.outcome.ok) return [];
  return ["", pageText(found.outcome, patIndex(leaf.level, leaf.lo, machine.cpu))];
}

/** A state does not say what the PAT holds, so the index has to do for the memory type. */
function pageText({ physical, frame, pageBytes, global }: Translation, pat: number): string {
  const size = sizeText(Math.log2(pageBytes));
  const kind = `${global ? ", global" : ""}${pat === 0 ? "" : `, PAT ${pat}`}`;
  return `physical 0x${physical.toString(16)}: frame 0x${frame.toString(16)}, in a page of ${size}${kind}`;
}

function verdicts(machine: Machine, address: Address): string[] {
  const cells = allOutcomes(machine, address).map(({ access, outcome }) => [
    `${access.user ? "user" : "supervisor"} ${access.kind}`,
    verdictOf(outcome),
  ]);
  return columns(cells);
}

function verdictOf(outcome: Explanation["outcome"]): string {
  if (outcome.ok) return "allowed";
  const { fault } = outcome;
  if (fault.vector === 13) return `#GP(0): ${fault.reason}`;
  return `#PF, error code 0x${fault.errorCode.toString(16)}: ${fault.reason}, by the ${fault.entry}`;
}

function allOutcomes(machine: Machine, address: Address): Pick<Explanation, "access" | "outcome" | "assumed">[] {
  return [false, true].flatMap((user) => ACCESS_KINDS.map((kind) => explain(machine, address, kind, { user })));
}

function word(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

function sizeText(shift: number): string {
  return shift >= 30 ? `${2 ** (shift - 30)}G` : shift >= 20 ? `${2 ** (shift - 20)}M` : `${2 ** (shift - 10)}K`;
}
