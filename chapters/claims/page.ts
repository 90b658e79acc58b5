/**
 * The claims as a page of the book.
 *
 * @module
 */

import { count } from "../figures/count.ts";
import type { Claim, ClaimVerdict, Said, Tried } from "./claim.ts";

const VERDICTS: readonly ClaimVerdict[] = ["shown", "shown for another reason", "refuted", "cannot be decided here"];

const INTRODUCTION = `# The debate as data

Each row is a claim of the [mail of 28 April 2007](bibliography.md#mail-of-28-april-2007), in our words: who says it, what it predicts, which experiment tests it, and what the experiment says. \`deno task claims\`
does all of them again; a test fails if one no longer says what its row says. What Eric Biederman says is known as the mail quotes it or sums it up. "Cannot be decided here" means that no page table could
tell.
`;

/**
 * Counts the verdicts.
 *
 * @param claims The claims.
 * @returns For example \`24 shown, 1 refuted\`.
 */
export function countVerdicts(claims: readonly Claim[]): string {
  const counts = VERDICTS.map((verdict) =>
    [claims.filter((claim) => claim.verdict === verdict).length, verdict] as const
  );
  return counts.filter(([count]) => count > 0).map(([count, verdict]) => `${count} ${verdict}`).join(", ");
}

/** What an experiment says, in a line. */
export function saidText(said: Said | undefined): string {
  if (said === undefined) return "nothing: there is no experiment";
  if (typeof said === "boolean") return said ? "yes" : "no";
  if (typeof said === "number") return count(said);
  if (typeof said === "string") return said;
  const inner = said.map((it) => Array.isArray(it) ? `(${saidText(it)})` : saidText(it));
  return inner.join(said.some((it) => Array.isArray(it)) ? "; " : ", ");
}

/**
 * The page.
 *
 * @param tried The claims, tried.
 * @returns Markdown.
 */
export function claimsPage(tried: readonly Tried[]): string {
  const claims = tried.map(({ claim }) => claim);
  const rows = claims.map(({ id, who, claim, verdict, chapter }) => {
    const number = Number(chapter.slice(0, 2));
    return `| [${id}](#${id.toLowerCase()}) | ${
      who.split(" ")[0]
    } | ${claim} | ${verdict} | [${number}](${chapter}/README.md) |`;
  });
  const table = ["| row | who | claim | verdict | chapter |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
  const sections = tried.map(({ claim, found }) => sectionOf(claim, found));
  return [INTRODUCTION, `Of ${claims.length} claims: ${countVerdicts(claims)}.\n`, table, "", ...sections].join("\n");
}

function sectionOf(
  { id, who, claim, predicts, experiment, because, verdict, evidence, chapter }: Claim,
  found?: Said,
): string {
  const number = Number(chapter.slice(0, 2));
  return `## ${id}

${claim} (${who})

- Predicts: ${predicts}
- Experiment: ${experiment}. It says: ${saidText(found)}.
- Verdict: **${verdict}**; ${because}.
- Rests on: ${evidence}. Told in [chapter ${number}](${chapter}/README.md).
`;
}
