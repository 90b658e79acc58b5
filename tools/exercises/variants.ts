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

/**
 * Writes variants, each with the test that judges it.
 *
 * @param variants The variants.
 * @param folder An empty folder.
 */
export async function writeVariants(variants: readonly Variant[], folder: string): Promise<void> {
  for (const { exercise, path, source } of variants) {
    await Deno.mkdir(`${folder}/${path}`, { recursive: true });
    await Deno.writeTextFile(`${folder}/${path}/exercise.ts`, source);
    await Deno.writeTextFile(`${folder}/${path}/exercise_test.ts`, await readPart(exercise, "exercise_test.ts"));
  }
}
