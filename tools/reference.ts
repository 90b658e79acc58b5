/**
 * Asks another implementation of the processor: fresh random accesses, made on a live machine and on the book's.
 *
 *     deno task reference bochs|qemu [--cases N] [--seed S] [--modes two-level,pae,4-level]
 *     deno task reference xen [--ops N] [--seed S] [--fetch]
 *
 * Without a seed it takes a random one and prints it; `--cases 0` only says whether the programs are there. QEMU also
 * knows 5-level. Of Xen random hypercalls and stores are asked; `--fetch` lets apt-get download the hypervisor, which is
 * unpacked into the user's cache and not installed. Exit 0: no difference; 1: a difference, or no answer; 2: a wrong option; 3: a program is missing.
 *
 * @module
 */
import { formatAnswer } from "../tests/reference/live/answers.ts";
import { bochs } from "../tests/reference/live/bochs.ts";
import { formatCase } from "../tests/reference/live/cases.ts";
import type { Comparison } from "../tests/reference/live/compare.ts";
import { coreModel } from "../tests/reference/live/core_model.ts";
import type { LiveMode } from "../tests/reference/live/modes.ts";
import { missingPackages } from "../tests/reference/live/programs.ts";
import { qemu } from "../tests/reference/live/qemu.ts";
import { freshSeed } from "../tests/reference/live/random.ts";
import { type Asking, compareLive, type Reference } from "../tests/reference/live/reference.ts";
import { findTools } from "../tests/reference/xen/ask.ts";
import { XEN_PACKAGE } from "../tests/reference/xen/hypervisor.ts";
import { type LockStep, lockStep } from "../tests/reference/xen/lock_step.ts";

const REFERENCES: readonly Reference[] = [bochs, qemu];
const DEFAULT_CASES = 5_000;
const MOST_CASES = 10_000_000;
const DEFAULT_OPS = 3_000;
const MOST_OPS = 100_000;
const LARGEST_SEED = 2 ** 32 - 1;

/** A command line that makes no sense, with the reason in one line. */
class Misuse extends Error {}

function parseArguments([name, ...options]: readonly string[]): { reference: Reference; asking: Asking } {
  const reference = REFERENCES.find(({ id }) => id === name);
  if (!reference) throw new Misuse(`expected bochs, qemu or xen but found ${name ?? "nothing"}`);
  let asking: Asking = { seed: freshSeed(), count: DEFAULT_CASES, modes: reference.modes };
  for (let i = 0; i < options.length; i += 2) {
    asking = { ...asking, ...parseOption(reference, options[i] ?? "", options[i + 1]) };
  }
  return { reference, asking };
}

function parseOption(reference: Reference, option: string, value: string | undefined): Partial<Asking> {
  switch (option) {
    case "--cases":
      return { count: parseInteger(option, value, MOST_CASES) };
    case "--seed":
      return { seed: parseInteger(option, value, LARGEST_SEED) };
    case "--modes":
      return { modes: (value ?? "").split(",").map((id) => parseMode(reference, id)) };
    default:
      throw new Misuse(`expected --cases, --seed or --modes but found ${option}`);
  }
}

function parseInteger(option: string, text: string | undefined, most: number): number {
  const value = /^\d{1,10}$/.test(text ?? "") ? Number(text) : NaN;
  if (value <= most) return value;
  throw new Misuse(`expected ${option} from 0 to ${most} but found ${text ?? "nothing"}`);
}

function parseMode({ id, modes }: Reference, text: string): LiveMode {
  const mode = modes.find((mode) => mode === text);
  if (mode) return mode;
  throw new Misuse(`expected modes of ${modes.join(", ")} for ${id} but found ${text || "nothing"}`);
}

function* report({ id, name, deviations }: Reference, asking: Asking, found: Comparison, seconds: number) {
  yield [...found.outcomes].map(([outcome, count]) => `${outcome} ${grouped(count)}`).join(", ");
  if (deviations.length > 0) yield `known deviations of ${name}, taken out:`;
  for (const { name, what } of deviations) {
    yield `${grouped(found.deviations.get(name) ?? 0).padStart(9)}  ${name}: ${what}`;
  }
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

function grouped(value: number): string {
  return value.toLocaleString("en");
}

async function print(stream: typeof Deno.stdout, line: string): Promise<void> {
  await stream.write(new TextEncoder().encode(line.replace(/\p{Cc}+/gu, " ") + "\n"));
}

/** What is asked of Xen. */
interface XenAsking {
  readonly seed: number;
  readonly ops: number;
  readonly fetch: boolean;
}

function parseXenOptions(options: readonly string[]): XenAsking {
  const pairs = options.filter((option) => option !== "--fetch");
  let asking: XenAsking = { seed: freshSeed(), ops: DEFAULT_OPS, fetch: pairs.length < options.length };
  for (let i = 0; i < pairs.length; i += 2) {
    const [option = "", value] = pairs.slice(i);
    if (option === "--ops") asking = { ...asking, ops: parseInteger(option, value, MOST_OPS) };
    else if (option === "--seed") asking = { ...asking, seed: parseInteger(option, value, LARGEST_SEED) };
    else throw new Misuse(`expected --ops, --seed or --fetch but found ${option}`);
  }
  return asking;
}

async function mainXen({ seed, ops, fetch }: XenAsking): Promise<number> {
  const tools = await findTools({ fetch });
  if ("packages" in tools) {
    const hint = tools.packages.includes(XEN_PACKAGE) ? "; --fetch downloads the last" : "";
    await print(Deno.stderr, `Xen cannot be asked here: apt-get install ${tools.packages.join(" ")}${hint}`);
    return 3;
  }
  await print(Deno.stdout, `seed ${seed}: ${grouped(ops)} operations on Xen`);
  if (ops === 0) return 0;
  const found = await lockStep(seed, ops, { fetch: false });
  for (const line of reportXen({ seed, ops, fetch }, found)) await print(Deno.stdout, line);
  return found.outcome === "compared" && found.comparison.different === 0 ? 0 : 1;
}

function* reportXen({ seed, ops }: XenAsking, found: LockStep) {
  if (found.outcome === "compared") {
    yield `Xen ${found.version}, ${found.seconds.toFixed(1)} s: ` +
      [...found.answers].map(([answer, count]) => `${answer} ${grouped(count)}`).join(", ");
    const { compared, different, first, tableLost } = found.comparison;
    if (first !== undefined) yield `first difference: ${first}`;
    yield `${different === 0 ? "no difference" : `${different} differences`} in ${grouped(compared)} operations`;
    if (tableLost) yield "the last of them made Xen lose a table, a known deviation: no more were compared";
    if (different === 0) return;
  } else {
    yield "Xen did not come to the end; it said last:";
    yield* found.outcome === "stopped" ? found.console : found.packages;
  }
  yield `again: deno task reference xen --seed ${seed} --ops ${ops}`;
}

async function main(args: readonly string[]): Promise<number> {
  if (args[0] === "xen") return await mainXen(parseXenOptions(args.slice(1)));
  const { reference, asking } = parseArguments(args);
  const missing = await missingPackages(reference.needs);
  if (missing.length > 0) {
    await print(Deno.stderr, `${reference.name} cannot be asked here: apt-get install ${missing.join(" ")}`);
    return 3;
  }
  const { seed, count, modes } = asking;
  await print(Deno.stdout, `seed ${seed}: ${grouped(count)} cases of ${modes.join(", ")} on ${reference.name}`);
  if (count === 0) return 0;
  const begun = performance.now();
  const found = await compareLive(reference, coreModel(reference.abilities), asking);
  const seconds = (performance.now() - begun) / 1000;
  for (const line of report(reference, asking, found, seconds)) await print(Deno.stdout, line);
  return found.different === 0 ? 0 : 1;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    await print(Deno.stderr, error instanceof Error ? error.message : String(error));
    Deno.exit(error instanceof Misuse ? 2 : 1);
  }
}
