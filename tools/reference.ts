/**
 * Asks another implementation of the processor: fresh random accesses, made on a live machine and on the book's.
 *
 * Without a seed it takes a random one and prints it. Xen's package is unpacked into the user's cache, not installed.
 *
 * @module
 */
import { count as grouped } from "../chapters/figures/count.ts";
import { formatAnswer } from "./reference/live/answers.ts";
import { bochs } from "./reference/live/bochs.ts";
import { formatCase } from "./reference/live/cases.ts";
import type { Comparison } from "./reference/live/compare.ts";
import { coreModel } from "./reference/live/core_model.ts";
import type { LiveMode } from "./reference/live/paging/modes.ts";
import { missingPackages } from "./reference/live/programs.ts";
import { qemu } from "./reference/live/qemu.ts";
import { freshSeed } from "../chapters/guests/random.ts";
import { type Asking, compareLive, compareLiveSessions, type Reference } from "./reference/live/reference.ts";
import { formatSession } from "./reference/live/sessions/compare_sessions.ts";
import { findTools } from "./reference/xen/ask.ts";
import { XEN_PACKAGE } from "./reference/xen/hypervisor.ts";
import { type LockStep, lockStep, type Total } from "./reference/xen/lock_step.ts";
import { type Arguments, type Command, integerOf, main, Misuse, oneOf, type Streams } from "./command.ts";
import { columns } from "../chapters/shown/columns.ts";
import { printable } from "../chapters/recorded/files/printable.ts";

const REFERENCES: readonly Reference[] = [bochs, qemu];
const DEFAULT_CASES = 5_000;
const MAX_CASES = 10_000_000;
const MAX_SESSIONS = 1_000_000;
/** Sessions that are printed whole. */
const SHOWN_SESSIONS = 2;
const DEFAULT_OPS = 3_000;
const MAX_OPS = 100_000;
const LARGEST_SEED = 2 ** 32 - 1;

function askingOf(reference: Reference, args: Arguments): Asking {
  refuse(args, ["ops", "fetch"], `of ${reference.name}`);
  return {
    seed: integerOf(args, "seed", LARGEST_SEED) ?? freshSeed(),
    count: integerOf(args, "cases", MAX_CASES) ?? DEFAULT_CASES,
    modes: modesOf(reference, args),
  };
}

function modesOf(reference: Reference, { values }: Arguments): readonly LiveMode[] {
  const listed = values["modes"]?.flatMap((list) => list.split(","));
  return listed?.map((mode) => oneOf<LiveMode>(reference.modes, mode)) ?? reference.modes;
}

/** An option that would be ignored is a misunderstanding. */
function refuse({ options, values }: Arguments, names: readonly string[], whom: string): void {
  const [given] = names.filter((name) => options.has(name) || values[name] !== undefined);
  if (given !== undefined) throw new Misuse(`--${given} cannot be asked ${whom}; see deno task reference --help`);
}

function* report({ id, name, deviations }: Reference, asking: Asking, found: Comparison, seconds: number) {
  yield [...found.outcomes].map(([outcome, count]) => `${outcome} ${grouped(count)}`).join(", ");
  if (deviations.length > 0) yield `known deviations of ${name}, taken out:`;
  yield* columns(deviations.map(({ name, what }) => [grouped(found.deviations.get(name) ?? 0), `${name}: ${what}`]), {
    right: [0],
    widths: [9],
  });
  for (const { number, asked, ours, theirs } of found.firstDifferences) {
    yield `case ${number}: ${formatCase(asked)}`;
    yield `  ours   ${formatAnswer(ours)}`;
    yield `  theirs ${formatAnswer(theirs)}`;
  }
  const verdict = found.different === 0 ? "no difference" : `${grouped(found.different)} differences`;
  yield `${verdict} in ${grouped(found.cases)} cases; ${grouped(Math.round(found.cases / seconds))} cases/s`;
  if (found.different === 0) return;
  const { seed, count, modes } = asking;
  yield `again: deno task reference ${id} --seed ${seed} --cases ${count} --modes ${modes.join(",")}`;
}

/** The options of a run against Xen. */
interface XenAsking {
  readonly seed: number;
  readonly ops: number;
  readonly fetch: boolean;
}

function xenAskingOf(args: Arguments): XenAsking {
  refuse(args, ["cases", "modes", "sessions"], "of Xen");
  return {
    seed: integerOf(args, "seed", LARGEST_SEED) ?? freshSeed(),
    ops: integerOf(args, "ops", MAX_OPS) ?? DEFAULT_OPS,
    fetch: args.options.has("fetch"),
  };
}

async function askXen({ seed, ops, fetch }: XenAsking, { out, err }: Streams): Promise<number> {
  const tools = await findTools({ fetch });
  if ("packages" in tools) {
    const hint = tools.packages.includes(XEN_PACKAGE) ? "; --fetch downloads the last" : "";
    err(`Xen cannot be asked here: apt-get install ${tools.packages.join(" ")}${hint}\n`);
    return 3;
  }
  out(`seed ${seed}: ${grouped(ops)} operations on Xen\n`);
  if (ops === 0) return 0;
  const found = await lockStep(seed, ops, { fetch: false });
  for (const line of reportXen({ seed, ops, fetch }, found)) out(`${printable(line)}\n`);
  return found.outcome === "compared" && found.comparison.different === 0 && enough(found.comparison) ? 0 : 1;
}

/** Operations that may stay without comparison: one in a hundred. */
const MAX_MISSING = 0.01;

/** Whether so much was compared that "no difference" means something. */
function enough({ compared, skipped, left }: Total): boolean {
  return skipped + left <= MAX_MISSING * (compared + skipped + left);
}

function* reportXen({ seed, ops }: XenAsking, found: LockStep) {
  if (found.outcome === "compared") {
    yield `Xen ${found.version}, ${found.seconds.toFixed(1)} s: ` +
      [...found.answers].map(([answer, count]) => `${answer} ${grouped(count)}`).join(", ");
    const { compared, skipped, left, different, first, tablesLost } = found.comparison;
    if (first !== undefined) yield `first difference: ${first}`;
    yield `${different === 0 ? "no difference" : `${different} differences`} in ${grouped(compared)} operations`;
    if (tablesLost > 0) yield `Xen lost a table, a known deviation, and was booted anew: ${grouped(tablesLost)} times`;
    const missing = `${grouped(skipped + left)} not compared: ${grouped(skipped)} that the probe could not make`;
    if (skipped + left > 0) yield left === 0 ? missing : `${missing}, ${grouped(left)} left after the last boot`;
    if (!enough(found.comparison)) yield "that is more than one in a hundred: too many for a verdict";
    if (different === 0 && enough(found.comparison)) return;
  } else {
    yield "Xen did not come to the end; it said last:";
    yield* found.outcome === "stopped" ? found.console : found.packages;
  }
  yield `again: deno task reference xen --seed ${seed} --ops ${ops}`;
}

async function ask(reference: Reference, asking: Asking, streams: Streams): Promise<number> {
  if (!await isThere(reference, streams)) return 3;
  const { out } = streams;
  const { seed, count, modes } = asking;
  out(`seed ${seed}: ${grouped(count)} cases of ${modes.join(", ")} on ${reference.name}\n`);
  if (count === 0) return 0;
  const begun = performance.now();
  const found = await compareLive(reference, coreModel(reference.abilities), asking);
  const seconds = (performance.now() - begun) / 1000;
  for (const line of report(reference, asking, found, seconds)) out(`${printable(line)}\n`);
  return found.different === 0 ? 0 : 1;
}

/** Programs that a reference lacks here, said once. */
async function isThere({ name, needs }: Reference, { err }: Streams): Promise<boolean> {
  const missing = await missingPackages(needs);
  if (missing.length > 0) err(`${name} cannot be asked here: apt-get install ${missing.join(" ")}\n`);
  return missing.length === 0;
}

/** Sequences of steps in one paging session. */
async function askSessions(reference: Reference, args: Arguments, streams: Streams): Promise<number> {
  refuse(args, ["cases", "ops", "fetch"], "with --sessions");
  const modes = modesOf(reference, args);
  const seed = integerOf(args, "seed", LARGEST_SEED) ?? freshSeed();
  const count = integerOf(args, "sessions", MAX_SESSIONS) ?? 0;
  if (!await isThere(reference, streams)) return 3;
  const { out } = streams;
  out(`seed ${seed}: ${grouped(count)} sessions of ${modes.join(", ")} on ${reference.name}\n`);
  const { steps, accesses, allowed, differences } = await compareLiveSessions(reference, { seed, count, modes });
  for (const { number, session, says } of differences.slice(0, SHOWN_SESSIONS)) {
    out(`session ${number}, ${session.flushed ? "with" : "without"} flushes: ${says}\n`);
    for (const line of formatSession(session)) out(`${line}\n`);
  }
  const verdict = differences.length === 0 ? "no difference" : `${grouped(differences.length)} differences`;
  out(`${verdict} in ${grouped(count)} sessions: ${grouped(steps)} steps, ${grouped(accesses)} accesses\n`);
  out(`${grouped(allowed)} accesses without a flush differ as the manual allows\n`);
  if (differences.length > 0) {
    const again = `--seed ${seed} --sessions ${count} --modes ${modes.join(",")}`;
    out(`again: deno task reference ${reference.id} ${again}\n`);
  }
  return differences.length === 0 ? 0 : 1;
}

/** The command. */
export const referenceCommand: Command = {
  name: "reference",
  words: "any",
  options: ["fetch"],
  values: ["cases", "modes", "ops", "seed", "sessions"],
  help: `Compares the emulated machine with a live one: makes fresh random accesses, or hypercalls and stores, on both.

usage: deno task reference bochs|qemu [--cases N] [--seed S] [--modes LIST]
       deno task reference bochs|qemu --sessions N [--seed S] [--modes LIST]
       deno task reference xen [--ops N] [--seed S] [--fetch]

  --cases N     accesses to ask about (default: ${grouped(DEFAULT_CASES)}); 0 only says whether the programs are there
  --modes LIST  two-level, pae, 4-level and, of QEMU, 5-level, with commas between (default: all)
  --sessions N  sequences of stores, control registers, INVLPG and accesses, each with paging on throughout; half of
                them without flushes, where an answer must be one that the manual allows
  --ops N       operations to ask Xen about (default: ${grouped(DEFAULT_OPS)}); 0 likewise
  --seed S      the seed of an earlier run, to have it again (default: a random one, which is printed)
  --fetch       let apt-get download the hypervisor; it is unpacked into the user's cache, not installed
  --help        print this

Exit codes: 0 no difference; 1 a difference, no answer, or more than one operation in a hundred not compared; 2 a wrong option;
3 a program is missing.

example: deno task reference qemu --cases 1000 --modes pae
`,
  async run(args, streams) {
    const name = oneOf(["bochs", "qemu", "xen"], args.words[0] ?? "");
    if (args.words.length > 1) throw new Misuse(`expected one implementation but found ${args.words.length}`);
    const reference = REFERENCES.find(({ id }) => id === name);
    if (reference !== undefined && args.values["sessions"] !== undefined) {
      return await askSessions(reference, args, streams);
    }
    return reference
      ? await ask(reference, askingOf(reference, args), streams)
      : await askXen(xenAskingOf(args), streams);
  },
};

if (import.meta.main) await main(referenceCommand);
