/**
 * Asks another implementation of the processor: fresh random accesses, made on a live machine and on the book's.
 *
 *     deno task reference bochs|qemu [--cases N] [--seed S] [--modes two-level,pae,4-level]
 *
 * Without a seed it takes a random one and prints it; `--cases 0` only says whether the programs are there. QEMU also
 * knows 5-level. Exit 0: no difference; 1: a difference, or no answer; 2: a wrong option; 3: a program is missing.
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

const REFERENCES: readonly Reference[] = [bochs, qemu];
const DEFAULT_CASES = 5_000;
const MOST_CASES = 10_000_000;
const LARGEST_SEED = 2 ** 32 - 1;

/** A command line that makes no sense, with the reason in one line. */
class Misuse extends Error {}

function parseArguments([name, ...options]: readonly string[]): { reference: Reference; asking: Asking } {
  const reference = REFERENCES.find(({ id }) => id === name);
  if (!reference) throw new Misuse(`expected bochs or qemu but found ${name ?? "nothing"}`);
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

async function main(args: readonly string[]): Promise<number> {
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
