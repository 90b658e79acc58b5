/**
 * An exercise in its variants: as shipped, solved, and with each of the wrong answers that it foresees.
 *
 * @module
 */

import { type Exercise, readPart } from "./exercise.ts";
import { cutHole, fillHole } from "./hole.ts";
import { sectionsOf } from "./sections.ts";

/** One variant of an exercise. */
export interface Variant {
  readonly exercise: Exercise;
  /** The answer in it. */
  readonly kind: "shipped" | "solved" | "wrong";
  /** Words that a failure message must have; empty unless the answer is a foreseen wrong one. */
  readonly words: string;
  /** Its folder below that of all variants. */
  readonly path: string;
  /** The text that takes the place of `exercise.ts`. */
  readonly source: string;
}

/**
 * The variants of an exercise.
 *
 * @param exercise The exercise.
 * @returns Shipped, solved, then the wrong answers.
 */
export async function variantsOf(exercise: Exercise): Promise<Variant[]> {
  const shipped = await readPart(exercise, "exercise.ts");
  const cut = cutHole(shipped);
  const wrong = cut === undefined ? [] : sectionsOf(await readPart(exercise, "misconceptions.md"));
  const variant = (kind: Variant["kind"], name: string, source: string, words = ""): Variant => (
    { exercise, kind, words, path: `${exercise.id}/${name}`, source }
  );
  return [
    variant("shipped", "shipped", shipped),
    variant("solved", "solved", await readPart(exercise, "solution.ts")),
    ...wrong.map(({ heading, code }, at) =>
      variant("wrong", `wrong_${at + 1}`, cut === undefined ? "" : fillHole(cut, code.split("\n")), heading)
    ),
  ];
}

/** Processes that share the work. */
const PARTS = 2;

/**
 * Writes variants, each with the test that judges it, and a few modules that import these: a process for each test would spend
 * its time on loading the library.
 *
 * @param variants The variants.
 * @param folder An empty folder.
 * @returns Paths of the modules to test.
 */
export async function writeVariants(variants: readonly Variant[], folder: string): Promise<string[]> {
  for (const { exercise, path, source } of variants) {
    await Deno.mkdir(`${folder}/${path}`, { recursive: true });
    await Deno.writeTextFile(`${folder}/${path}/exercise.ts`, source);
    await Deno.writeTextFile(`${folder}/${path}/exercise_test.ts`, await readPart(exercise, "exercise_test.ts"));
  }
  const parts = Array.from({ length: Math.min(PARTS, variants.length) }, (_, part) => `${folder}/part_${part}_test.ts`);
  for (const [part, path] of parts.entries()) {
    const mine = variants.filter((_, at) => at % PARTS === part);
    await Deno.writeTextFile(path, mine.map(importing).join(""));
  }
  return parts;
}

/** A variant that throws at its top has no tests, and is judged by that. */
function importing({ path }: Variant): string {
  return `await import("./${path}/exercise_test.ts").catch(() => {});\n`;
}
