/**
 * `deno task claims`: every claim of the mail, tried.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { CLAIMS, claimsPage, countVerdicts, saidText, type Tried, tryClaim } from "../chapters/claims/mod.ts";
import { type Command, main } from "./command.ts";
import { writeWhole } from "./command/whole_file.ts";

const PAGE = new URL("../chapters/claims.md", import.meta.url);

/** The command. */
export const claimsCommand: Command = {
  name: "claims",
  words: 0,
  options: ["json", "write"],
  help: `Runs the experiment of each claim of the mail, and says whether the result is still what its row says.

usage: deno task claims [--json | --write]

  --json   print { "claims": [{ "id", "who", "claim", "experiment", "verdict", "evidence" }] }
  --write  write the page of the book, chapters/claims.md
  --help   print this

Exit codes: 0 every experiment says what its row says, 1 one does not.

example: deno task claims
`,
  async run({ options }, streams) {
    const tried: Tried[] = [];
    for (const claim of CLAIMS) tried.push(await tryClaim(claim));
    const broken = tried.filter(({ holds }) => !holds);
    for (const { claim: { id, says }, found } of broken) {
      streams.err(`claims: ${id} expected ${JSON.stringify(says)} but found ${JSON.stringify(found)}\n`);
    }
    if (options.has("json")) streams.out(`${JSON.stringify({ claims: tried.map(rowOf) })}\n`);
    else streams.out(textOf(tried));
    if (options.has("write") && broken.length === 0) await writeWhole(fileURLToPath(PAGE), claimsPage(tried));
    return broken.length === 0 ? 0 : 1;
  },
};

/** A row as `--json` prints it. */
function rowOf({ claim, found, holds }: Tried): object {
  const { id, who, claim: text, predicts, experiment, verdict, because, evidence, chapter } = claim;
  return {
    id,
    who,
    claim: text,
    predicts,
    experiment,
    says: found ?? null,
    holds,
    verdict,
    because,
    evidence,
    chapter,
  };
}

function textOf(tried: readonly Tried[]): string {
  const lines = tried.flatMap(({ claim: { id, who, claim, experiment, verdict, evidence }, found, holds }) => [
    `${id}: ${claim} (${who.split(",")[0]})`,
    `    ${experiment}: ${saidText(found)}${holds ? "" : "  NOT WHAT THE ROW SAYS"}`,
    `    ${verdict}; ${evidence}`,
  ]);
  const claims = tried.map(({ claim }) => claim);
  return [...lines, "", `${claims.length} claims: ${countVerdicts(claims)}`, ""].join("\n");
}

if (import.meta.main) await main(claimsCommand);
