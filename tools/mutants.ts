/**
 * `deno task mutants`: plants bugs in a copy of the project, one at a time, and shows that the tests notice each.
 *
 * Two bugs are tried at a time. A line each says which test noticed it.
 *
 * @module
 */
import { type Command, main, Misuse, oneOf, type Streams } from "./command.ts";
import { ROOT } from "./command/root.ts";
import { withScratch } from "./command/scratch.ts";
import type { Copy } from "./mutants/copy.ts";
import type { Mutant, MutantTable } from "./mutants/mutant.ts";
import { MUTANT_TABLES } from "./mutants/tables.ts";

const AT_ONCE = 2;

/** A table, and those of its bugs that are wanted. */
type Chosen = readonly (readonly [MutantTable, readonly Mutant[]])[];

/** Tries every bug of a table; returns the names of those that nobody noticed. */
async function tryTable(
  copies: readonly Copy[],
  { id, suites }: MutantTable,
  mutants: readonly Mutant[],
  { out }: Streams,
): Promise<string[]> {
  const before = await copies[0]?.run(suites);
  if (before) throw new Error(`without any bug a test of ${id} fails: ${before.noticedBy}`);
  const left = [...mutants];
  const survivors: string[] = [];
  const work = async (copy: Copy) => {
    for (let mutant = left.shift(); mutant; mutant = left.shift()) {
      const verdict = await copy.tryOut(mutant, suites);
      if (!verdict) survivors.push(mutant.name);
      out(verdict ? `killed    ${mutant.name}: ${verdict.noticedBy}\n` : `SURVIVED  ${mutant.name} (${mutant.file})\n`);
    }
  };
  await Promise.all(copies.map(work));
  return survivors;
}

/** The tables and bugs that the command line asks for. */
function wanted(words: readonly string[], only: string): Chosen {
  const ids = words.map((word) => oneOf(MUTANT_TABLES.map(({ id }) => id), word));
  const chosen = MUTANT_TABLES.filter(({ id }) => ids.length === 0 || ids.includes(id))
    .map((table) => [table, table.mutants.filter(({ name }) => name.includes(only))] as const)
    .filter(([, mutants]) => mutants.length > 0);
  if (chosen.length === 0) throw new Misuse(`expected a planted bug but found none whose name contains ${only}`);
  return chosen;
}

/** Whether every bug can still be planted; says which cannot. */
async function allThere(mutants: readonly Mutant[], { out }: Streams): Promise<boolean> {
  const { plant } = await import("./mutants/plant.ts"); // with packages that the help does without
  let there = true;
  for (const mutant of mutants) {
    try {
      plant(await Deno.readTextFile(new URL(mutant.file, ROOT)), mutant);
    } catch (error) {
      there = false;
      out(`MOVED     ${error instanceof Error ? error.message : error}\n`);
    }
  }
  return there;
}

async function tryAll(chosen: Chosen, streams: Streams): Promise<number> {
  if (!await allThere(chosen.flatMap(([, mutants]) => mutants), streams)) return 1;
  const { Copy } = await import("./mutants/copy.ts");
  return await withScratch(async (folder) => {
    const copies = await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => Copy.make(`${folder}/${at}`)));
    let survived = 0;
    for (const [table, mutants] of chosen) survived += await reportTable(copies, table, mutants, streams);
    return survived === 0 ? 0 : 1;
  });
}

/** Tries a table and says what came of it; returns how many bugs nobody noticed. */
async function reportTable(
  copies: readonly Copy[],
  table: MutantTable,
  mutants: readonly Mutant[],
  streams: Streams,
): Promise<number> {
  const started = performance.now();
  const survivors = await tryTable(copies, table, mutants, streams);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const noticed = mutants.length - survivors.length;
  streams.out(`${table.id}: ${noticed} of ${mutants.length} bugs noticed (${seconds} s)\n`);
  for (const name of survivors) streams.out(`  not noticed: ${name}\n`);
  return survivors.length;
}

/** The command. */
export const mutantsCommand: Command = {
  name: "mutants",
  words: "any",
  options: [],
  values: ["only"],
  help: `Plants bugs in a copy of the project, one at a time, and shows that the tests notice each.

usage: deno task mutants [PART]... [--only TEXT]

  PART         only the bugs of this part of the project:
               ${MUTANT_TABLES.map(({ id }) => id).join(", ")}
  --only TEXT  only the bugs whose name contains this
  --help       print this

Exit codes: 0 all were noticed, 1 some were not, or one cannot be planted because the code has moved, 2 no such part or bug.

example: deno task mutants ${MUTANT_TABLES[0]?.id} --only NX
`,
  async run({ words, values }, streams) {
    return await tryAll(wanted(words, values["only"]?.at(-1) ?? ""), streams);
  },
};

if (import.meta.main) await main(mutantsCommand);
