/**
 * The verdict as a board: proposals grouped by their result, machines by their host. Terminal, picture, report and page are drawn from it.
 *
 * @module
 */

import type { Row } from "../../core/matrix.ts";
import { PLATFORMS } from "../../core/platforms.ts";
import { STRATEGIES } from "../../core/strategies/mod.ts";
import { defectsOf, verdictOf } from "./verdict.ts";

/** A machine of the board. */
export interface BoardMachine {
  /** Id of the platform. */
  readonly platform: string;
  /** The id without the name of its group: `486` for `native-486`. */
  readonly label: string;
}

/** Machines with one kind of host. */
export interface BoardColumns {
  readonly title: string;
  readonly machines: readonly BoardMachine[];
}

/** A proposal of the board. */
export interface BoardLine {
  readonly strategy: string;
  /** Whose it is; empty for one that is not of the book. */
  readonly who: string;
  /** Whether Linux merged it in 2007. */
  readonly merged: boolean;
  /** Its rows, in the order of the machines; undefined where the matrix has none. */
  readonly cells: readonly (Row | undefined)[];
}

/** Proposals that fare alike. */
export interface BoardGroup {
  readonly title: string;
  readonly lines: readonly BoardLine[];
}

/** The whole verdict. */
export interface VerdictBoard {
  /** The result in a sentence. */
  readonly headline: string;
  readonly columns: readonly BoardColumns[];
  readonly groups: readonly BoardGroup[];
}

/** The rule that went into Linux 2.6.23 (commit 9a4029fd3409). */
const MERGED = "filter-set-pte";

const RIGHT = "Right on every machine";
const RIGHT_BUT = "Right on every machine but the one whose kernel loses NX";
const NOT_ASKED = "Cannot be asked";

/** Results of a proposal, best first. The first that applies is its group. */
const FATES: readonly { readonly title: string; readonly fits: (rows: readonly Row[]) => boolean }[] = [
  { title: NOT_ASKED, fits: (rows) => rows.length === 0 },
  { title: RIGHT, fits: (rows) => rows.every((row) => verdictOf(row) === "clean") },
  { title: RIGHT_BUT, fits: (rows) => rows.every(isAsRightAsCanBe) },
  { title: "Boots everywhere, but leaves pages wrong", fits: (rows) => rows.every(({ booted }) => booted) },
  {
    title: "Boots on bare metal, dies under Xen",
    fits: (rows) => rows.every(({ booted, platform }) => booted !== isXen(platform)),
  },
  { title: "Boots on some machines", fits: (rows) => rows.some(({ booted }) => booted) },
  { title: "Boots nowhere", fits: () => true },
];

/** Right, or wrong only in NX on a platform whose `make_pte` loses it (trap T27). */
function isAsRightAsCanBe(row: Row): boolean {
  return verdictOf(row) === "clean" ||
    (row.booted && losesNx(row.platform) && defectsOf(row).every(({ label }) => label === "executable data"));
}

function losesNx(id: string): boolean {
  const platform = PLATFORMS.find((it) => it.id === id);
  return platform?.host === "xen" && platform.cpu.nx && platform.makePte === "2.6.23";
}

function isXen(id: string): boolean {
  return PLATFORMS.find((platform) => platform.id === id)?.host === "xen";
}

/** Groups of machines in the order of the board. */
function groupOf(id: string): string {
  const platform = PLATFORMS.find((it) => it.id === id);
  if (platform === undefined) return "machines";
  if (platform.host === "native") return "bare metal";
  if (platform.host === "xen") return `Xen ${platform.release?.id ?? ""}`.trim();
  return "other hosts";
}

const FIRST_COLUMNS: readonly string[] = ["bare metal", "other hosts"];

function columnsOf(platforms: readonly string[]): BoardColumns[] {
  const found = [...new Set(platforms.map(groupOf))];
  const titles = [
    ...FIRST_COLUMNS.filter((it) => found.includes(it)),
    ...found.filter((it) => !FIRST_COLUMNS.includes(it)),
  ];
  return titles.map((title) => ({
    title,
    machines: platforms.filter((id) => groupOf(id) === title).map((platform) => (
      { platform, label: platform.replace(/^(native|xen)-/, "") }
    )),
  }));
}

function lineOf(strategy: string, rows: readonly Row[], columns: readonly BoardColumns[]): BoardLine {
  const who = STRATEGIES.find(({ id }) => id === strategy)?.who ?? "";
  const cells = columns.flatMap(({ machines }) =>
    machines.map(({ platform }) => rows.find((row) => row.strategy === strategy && row.platform === platform))
  );
  const merged = strategy === MERGED;
  return { strategy, who: merged ? who.replace(/;? *merged$/, "") : who, merged, cells };
}

function groupsOf(lines: readonly BoardLine[]): BoardGroup[] {
  const fateOf = ({ cells }: BoardLine) => {
    const asked = cells.filter((row): row is Row => row !== undefined && row.void === undefined);
    return FATES.find(({ fits }) => fits(asked))?.title;
  };
  const order = [...FATES.slice(1), ...FATES.slice(0, 1)];
  const groups = order.map(({ title }) => ({ title, lines: lines.filter((line) => fateOf(line) === title) }));
  return groups.filter(({ lines }) => lines.length > 0);
}

const NUMBERS = "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
  .split(" ");

function number(of: number): string {
  return NUMBERS[of] ?? String(of);
}

function things(of: number, name: string): string {
  return `${number(of)} ${name}${of === 1 ? "" : "s"}`;
}

/** The result in a sentence, computed from the rows. */
function headlineOf(lines: readonly BoardLine[], groups: readonly BoardGroup[], machines: number): string {
  const best = groups.find(({ title }) => title === RIGHT || title === RIGHT_BUT);
  const right = best?.lines ?? [];
  const asked = `${things(lines.length, "rule")} on ${things(machines, "machine")}`;
  const some = right.length === 0 ? "none is" : right.length === 1 ? "one is" : `${number(right.length)} are`;
  const where = best?.title === RIGHT_BUT ? "wherever a rule can be" : machines === 1 ? "on it" : "on all of them";
  const are = `${some} right ${where}`;
  const merged = lines.find((line) => line.merged);
  const among = right.some((line) => line.merged) ? "is among them" : "is not";
  const last = merged === undefined || right.length === 0
    ? ""
    : `; the one that was merged, ${merged.strategy}, ${among}`;
  return `${asked[0]?.toUpperCase() ?? ""}${asked.slice(1)}: ${are}${last}.`;
}

/**
 * The verdict on some rows of the matrix.
 *
 * @param rows The rows, in any order; within their groups strategies and platforms stand in the order in which they first come.
 * @returns The board.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../core/matrix.ts";
 * import { verdictBoard } from "./mod.ts";
 *
 * const rows = [...matrix({ platforms: ["native-p6", "xen-pae"], strategies: ["write-always"] })].map(({ row }) => row);
 * const { headline, groups } = verdictBoard(rows);
 * assertEquals(headline, "One rule on two machines: none is right on all of them.");
 * assertEquals(groups.map(({ title }) => title), ["Boots on bare metal, dies under Xen"]);
 * ```
 */
export function verdictBoard(rows: readonly Row[]): VerdictBoard {
  const columns = columnsOf([...new Set(rows.map(({ platform }) => platform))]);
  const lines = [...new Set(rows.map(({ strategy }) => strategy))].map((strategy) => lineOf(strategy, rows, columns));
  const groups = groupsOf(lines);
  const machines = columns.reduce((sum, column) => sum + column.machines.length, 0);
  return { headline: headlineOf(lines, groups, machines), columns, groups };
}
