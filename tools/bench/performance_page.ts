/**
 * The tables of `docs/performance.md`, which show what `docs/bench.json` records. Run as a program it writes them, and the pictures of growth:
 *
 *     deno task -q bench --all --json > docs/bench.json
 *     deno run --allow-read --allow-write tools/bench/performance_page.ts
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { ROOT } from "../command/root.ts";
import { writeWhole } from "../command/whole_file.ts";
import type { Result } from "./compare.ts";
import type { Felt } from "./felt.ts";
import type { Growth } from "./growth.ts";
import { GROWTH_PICTURES, growthPicture } from "./growth_figure.ts";
import type { Peer } from "./peer.ts";
import { feltTable, peerTable, ratioTable } from "./report.ts";

/** The record, as `bench --all --json` prints it. */
export interface BenchRecord {
  readonly results: readonly Result[];
  readonly felt: readonly Felt[];
  readonly peers: readonly Peer[];
  readonly growth: readonly Growth[];
}

/** The page. */
export const PERFORMANCE_PAGE: URL = new URL("docs/performance.md", ROOT);
const RECORD = new URL("docs/bench.json", ROOT);

/** The tables by the name in the comment before them. */
function tablesOf({ results, felt, peers }: BenchRecord): Readonly<Record<string, string>> {
  return { ratios: ratioTable(results), felt: feltTable(felt), peers: peerTable(peers) };
}

/**
 * The page with the tables of a record.
 *
 * @param page The page: before each table is a comment with its name.
 * @param record The record.
 * @returns The page, its tables anew.
 * @throws {RangeError} If the page has no place for a table.
 */
export function withTables(page: string, record: BenchRecord): string {
  return Object.entries(tablesOf(record)).reduce((text, [name, table]) => {
    const place = new RegExp(`(<!-- ${name} -->\\n\\n\`\`\`text\\n)[^\`]*(\`\`\`\\n)`);
    if (!place.test(text)) throw new RangeError(`Expected a place for the table ${name} in the page but found none`);
    return text.replace(place, (_, before, after) => before + table + after);
  }, page);
}

if (import.meta.main) {
  const record: BenchRecord = JSON.parse(await Deno.readTextFile(RECORD));
  const page = withTables(await Deno.readTextFile(PERFORMANCE_PAGE), record);
  await writeWhole(fileURLToPath(PERFORMANCE_PAGE), page);
  for (const paper of ["light", "dark"] as const) {
    await writeWhole(fileURLToPath(GROWTH_PICTURES[paper]), growthPicture(record.growth, paper));
  }
}
