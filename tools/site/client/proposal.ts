/**
 * A proposal of the reader's, judged on every machine of the debate; and a hunt for the smallest machine on which it fails.
 *
 * @module
 */

import { defectsOf, explainVerdict, sayDefects, verdictOf } from "../../../chapters/figures/verdict.ts";
import { verdictMatrix } from "../../../chapters/figures/verdict_matrix.ts";
import { Table, table } from "../../../chapters/shown/table.ts";
import { type Cell, matrix } from "../../../core/matrix.ts";
import type { Strategy } from "../../../core/strategies/mod.ts";
import { XEN_RULES } from "../../../core/xen/mod.ts";
import { huntChunk } from "../../../chapters/hunting/chunk.ts";
import { HUNT_SEED } from "../../../chapters/hunting/seed.ts";
import { explained, propertyOf } from "../../../chapters/hunting/finding.ts";
import type { Space } from "../../../chapters/hunting/machine.ts";
import { ownStrategy } from "../../hunt/own.ts";
import { PROPERTIES } from "../../../chapters/hunting/properties.ts";
import { firstWrongPage } from "../../states/first_wrong_page.ts";
import { PLATFORMS } from "../../../core/platforms.ts";
import type { Drawn } from "../figures/control.ts";
import { libraryModule } from "./library.ts";
import { moduleOf } from "./reader_module.ts";

/** The strategy that a reader's file exports. */
async function proposalOf(source: string): Promise<Strategy> {
  return ownStrategy(await moduleOf("proposal.ts", source, libraryModule));
}

/**
 * Judges a proposal.
 *
 * @param source A file that exports one strategy.
 * @returns The verdict matrix of the proposal, its cells in words, and the first wrong one explained.
 * @throws {TypeError} If it exports no strategy.
 */
export async function judgeProposal(source: string): Promise<Drawn[]> {
  const strategy = await proposalOf(source);
  const cells = [...matrix({ strategies: [strategy] })];
  const rows = cells.map(({ row }) => ({ machine: row.platform, verdict: verdictOf(row), why: explainVerdict(row) }));
  const wrong = cells.find(({ row }) => ["errors", "stopped"].includes(verdictOf(row)));
  return [
    verdictMatrix(cells.map(({ row }) => row), { layout: "narrow" }), // one line of symbols fits every window; the words are below
    table(rows),
    wrong === undefined ? "Every machine that it can run on boots, and every page is right." : why(wrong, strategy),
  ];
}

/** Why a cell is wrong: what stopped it, or the walk to its first wrong page. */
function why(cell: Cell, strategy: Strategy): string {
  const { row, log } = cell;
  const head = `The first wrong cell: ${row.platform}.`;
  if (row.stop !== undefined) {
    const { rule } = row.stop;
    return [head, explainVerdict(row), ...(rule === undefined ? [] : [`rule ${rule}: ${XEN_RULES[rule].says}`]), ...log]
      .join("\n");
  }
  const said = `${head}\nIt boots, but ${sayDefects(defectsOf(row))}.`;
  const wrong = firstWrongPage(cell, strategy);
  return wrong === undefined ? said : `${said}\nThe first page with the worst error, ${wrong.error}:\n\n${wrong.walk}`;
}

/** Machines of 2007, not too large for a page. */
const SPACE: Space = {
  platforms: PLATFORMS.map(({ id }) => id),
  maxMemory: 16_384,
  of2007: true,
};

/**
 * Hunts for the smallest machines on which a proposal fails.
 *
 * @param source A file that exports one strategy.
 * @param machines How many machines are tried, at most `CHUNK`: the first ones of `deno task hunt --of-2007`.
 * @param progress Told how many were.
 * @returns A row for each property that failed.
 */
export async function huntProposal(
  source: string,
  machines: number,
  progress: (tried: number) => void,
): Promise<Drawn[]> {
  const strategy = await proposalOf(source);
  let tried = 0;
  const tick = () => ++tried % 10 === 0 && progress(tried);
  const request = { seed: HUNT_SEED, chunk: 0, runs: machines, space: SPACE, pairs: false };
  const { findings, boots } = huntChunk(request, [strategy], PROPERTIES, tick);
  const found = findings.map((raw) =>
    explained(raw, { strategy, property: propertyOf(raw.property, PROPERTIES) }, SPACE)
  );
  const said = `${tried} machines, ${boots} boots.`;
  if (found.length === 0) return [`${said} Nothing failed; that is no proof.`];
  const rows = found.map(({ property, boot, why }) => [property, why, boot]);
  return [new Table({ header: ["what fails", "why", "on the smallest machine"], rows }, said)];
}
