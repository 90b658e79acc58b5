/**
 * `deno task mutants`: plants bugs in a copy of the project, one at a time, and shows that the tests notice each.
 *
 * Two bugs are tried at a time. A line each says which test noticed it.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { type Mutant, type MutantTable, plant } from "./mutants/mutant.ts";
import { MUTANT_TABLES } from "./mutants/tables.ts";
import { type Command, main, Misuse, oneOf } from "./command.ts";
import { standInOptions } from "./offline/stand_in_options.ts";

const ROOT = new URL("../", import.meta.url);
const LEFT_OUT = [".git", "out", "node_modules"];
const AT_ONCE = 2;
/** A suite that takes longer hangs: no suite takes a quarter of it. */
const PATIENCE = 90_000;

/** What a suite says: the test that failed; nothing if all passed. */
type Verdict = { readonly noticedBy: string } | undefined;

const encoder = new TextEncoder();
const print = (text: string): void => void Deno.stdout.writeSync(encoder.encode(`${text}\n`));

/** A copy of the project. */
class Copy {
  private constructor(readonly folder: string, readonly options: readonly string[]) {}

  static async make(): Promise<Copy> {
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "mutants-" }));
    for await (const { name } of Deno.readDir(ROOT)) {
      if (!LEFT_OUT.includes(name)) await copyTree(`${ROOT.pathname}${name}`, `${folder}/${name}`);
    }
    return new Copy(folder, await standInOptions(config, new URL(`file://${folder}/`)));
  }

  async remove(): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }

  /** Runs the suites in turn until one fails. */
  async run(suites: MutantTable["suites"]): Promise<Verdict> {
    for (const paths of suites) {
      const verdict = await this.#suite(paths);
      if (verdict) return verdict;
    }
    return undefined;
  }

  /** Plants a bug, runs the suites, and puts the file back. */
  async tryOut(mutant: Mutant, suites: MutantTable["suites"]): Promise<Verdict> {
    const path = `${this.folder}/${mutant.file}`;
    const source = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, plant(source, mutant));
    try {
      return await this.run(suites);
    } finally {
      await Deno.writeTextFile(path, source);
    }
  }

  async #suite(paths: readonly string[]): Promise<Verdict> {
    const signal = AbortSignal.timeout(PATIENCE);
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "--no-check",
        "--no-prompt",
        "--allow-read=.",
        "--fail-fast",
        "--reporter=tap",
        ...this.options,
        ...paths,
      ],
      cwd: this.folder,
      env: { NO_COLOR: "1" },
      signal,
    }).output();
    if (success) return undefined;
    if (signal.aborted) return { noticedBy: `(no end after ${PATIENCE / 1000} s)` };
    const failed = new TextDecoder().decode(stdout).match(/^not ok \d+ - (.*)$/m)?.[1];
    if (failed !== undefined) return { noticedBy: failed.replaceAll("\\#", "#") };
    throw new Error(`the tests did not run: ${new TextDecoder().decode(stderr).trim()}`);
  }
}

async function copyTree(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) await copyTree(`${from}/${name}`, `${to}/${name}`);
}

/** Tries every bug of a table; returns the names of those that nobody noticed. */
async function tryTable(
  copies: readonly Copy[],
  { id, suites }: MutantTable,
  mutants: readonly Mutant[],
): Promise<string[]> {
  const before = await copies[0]?.run(suites);
  if (before) throw new Error(`without any bug a test of ${id} fails: ${before.noticedBy}`);
  const left = [...mutants];
  const survivors: string[] = [];
  const work = async (copy: Copy) => {
    for (let mutant = left.shift(); mutant; mutant = left.shift()) {
      const verdict = await copy.tryOut(mutant, suites);
      if (!verdict) survivors.push(mutant.name);
      print(verdict ? `killed    ${mutant.name}: ${verdict.noticedBy}` : `SURVIVED  ${mutant.name} (${mutant.file})`);
    }
  };
  await Promise.all(copies.map(work));
  return survivors;
}

/** The tables and bugs that the command line asks for. */
function wanted(words: readonly string[], only: string): (readonly [MutantTable, readonly Mutant[]])[] {
  const ids = words.map((word) => oneOf(MUTANT_TABLES.map(({ id }) => id), word));
  const chosen = MUTANT_TABLES.filter(({ id }) => ids.length === 0 || ids.includes(id))
    .map((table) => [table, table.mutants.filter(({ name }) => name.includes(only))] as const)
    .filter(([, mutants]) => mutants.length > 0);
  if (chosen.length === 0) throw new Misuse(`expected a planted bug but found none whose name contains ${only}`);
  return chosen;
}

/** Whether every bug can still be planted; says which cannot. */
async function allThere(mutants: readonly Mutant[]): Promise<boolean> {
  let there = true;
  for (const mutant of mutants) {
    try {
      plant(await Deno.readTextFile(new URL(mutant.file, ROOT)), mutant);
    } catch (error) {
      there = false;
      print(`MOVED     ${error instanceof Error ? error.message : error}`);
    }
  }
  return there;
}

async function tryAll(chosen: readonly (readonly [MutantTable, readonly Mutant[]])[]): Promise<number> {
  if (!await allThere(chosen.flatMap(([, mutants]) => mutants))) return 1;
  const copies = await Promise.all(Array.from({ length: AT_ONCE }, () => Copy.make()));
  try {
    let survived = 0;
    for (const [table, mutants] of chosen) {
      const started = performance.now();
      const survivors = await tryTable(copies, table, mutants);
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      print(`${table.id}: ${mutants.length - survivors.length} of ${mutants.length} bugs noticed (${seconds} s)`);
      for (const name of survivors) print(`  not noticed: ${name}`);
      survived += survivors.length;
    }
    return survived === 0 ? 0 : 1;
  } finally {
    await Promise.all(copies.map((copy) => copy.remove()));
  }
}

/** The command. */
export const mutantsCommand: Command = {
  name: "mutants",
  words: "any",
  options: [],
  values: ["only"],
  help: `Plants bugs in a copy of the project, one at a time, and shows that the tests notice each.

usage: deno task mutants [PART]... [--only TEXT]

  PART         only the bugs of this part of the project: ${MUTANT_TABLES.map(({ id }) => id).join(", ")}
  --only TEXT  only the bugs whose name contains this
  --help       print this

Exit codes: 0 all were noticed, 1 some were not, or one cannot be planted because the code has moved, 2 no such part or bug.

example: deno task mutants ${MUTANT_TABLES[0]?.id} --only NX
`,
  async run({ words, values }) {
    return await tryAll(wanted(words, values["only"]?.at(-1) ?? ""));
  },
};

if (import.meta.main) await main(mutantsCommand);
