/**
 * An exercise made for tests.
 *
 * @module
 */

import type { Exercise } from "../../tools/exercises/exercise.ts";

const source = (comment: string, line: string) =>
  `/**
 * ${comment}
 *
 * @module
 */

export function increment(n: number): number {
  // Your lines: one.
  ${line}
  // End of your lines.
}
`;

type FileName = "exercise.ts" | "exercise_test.ts" | "hints.md" | "misconceptions.md" | "solution.ts";

/** An exercise that keeps the rules. Its test imports nothing, so that it runs anywhere. */
export const goodFiles: Readonly<Record<FileName, string>> = {
  "exercise.ts": source(`${"Increment a number. ".repeat(4)}Once.`, "return n;"),
  "exercise_test.ts": `import { increment } from "./exercise.ts";

class AssertionError extends Error {
  override name = "AssertionError";
}

Deno.test("one more than two is three", () => {
  if (increment(2) === 4) throw new AssertionError("That is twice, not one more");
  if (increment(2) !== 3) throw new AssertionError("Expected 3");
});
`,
  "hints.md": "# Hints\n\n## Hint 1\n\na\n\n## Hint 2\n\nb\n\n## Hint 3\n\nc\n",
  "misconceptions.md": "# Misconceptions\n\n## That is twice\n\n```ts\nreturn n * 2;\n```\n",
  "solution.ts": source("A solution. Alternatives: adding a half twice.", "return n + 1;"),
};

/** Writes the exercise, some of its files changed, or left out if empty, to a folder of its own. */
export async function writeExercise(
  files: Readonly<Record<string, string>> = {},
  slug: string = "01_sample",
): Promise<Exercise> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  for (const [name, text] of Object.entries({ ...goodFiles, ...files })) {
    if (text !== "") await Deno.writeTextFile(`${root}/${name}`, text);
  }
  return { id: `01_one_page_table/${slug}`, chapter: "01_one_page_table", folder: new URL(`file://${root}/`) };
}
