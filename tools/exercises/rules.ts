/**
 * The rules of an exercise that can be seen without running it.
 *
 * @module
 */

import { PACKAGE_NAMES } from "../command/package_names.ts";
import { type Exercise, FILES, readPart } from "./exercise.ts";
import { assertionsWithoutMessage } from "./assertions.ts";
import { cutComment, cutHole } from "./hole.ts";
import { sectionsOf } from "./sections.ts";

const MAX_LINES = 12;
const MAX_COLUMNS = 90;
const MODULES: ReadonlySet<string> = new Set([
  ...PACKAGE_NAMES,
  "@pagetable-init/chapters",
  "@pagetable-init/chapters/hunting",
  "@std/assert",
  "./exercise.ts",
]);
const HINTS = "Hint 1, Hint 2, Hint 3";

/**
 * Holds an exercise to the rules.
 *
 * @param exercise The exercise.
 * @returns What it breaks, in words.
 */
export async function exerciseComplaints(exercise: Exercise): Promise<string[]> {
  const parts = await Promise.all(FILES.map((name) => readPart(exercise, name)));
  const missing = FILES.filter((_, at) => parts[at] === "");
  if (missing.length > 0) return [`expected ${FILES.join(", ")} but found no ${missing.join(", no ")}`];
  const [shipped = "", test = "", hints = "", misconceptions = "", solution = ""] = parts;
  return [
    ...nameComplaints(exercise),
    ...holeComplaints(shipped, solution),
    ...commentComplaints(shipped, solution),
    ...importComplaints(shipped, test, solution),
    ...hintComplaints(hints),
    ...misconceptionComplaints(misconceptions),
    ...assertionsWithoutMessage(test).map((line) =>
      `expected a message in every assertion but found none in line ${line} of exercise_test.ts`
    ),
    ...columnComplaints({ "exercise.ts": shipped, "exercise_test.ts": test, "solution.ts": solution }),
  ];
}

function columnComplaints(sources: Readonly<Record<string, string>>): string[] {
  return Object.entries(sources).flatMap(([name, source]) =>
    source.split("\n").flatMap((line, at) =>
      line.length <= MAX_COLUMNS
        ? []
        : [`expected at most ${MAX_COLUMNS} columns in ${name} but found ${line.length} in line ${at + 1}`]
    )
  );
}

function nameComplaints({ id }: Exercise): string[] {
  return /^\d\d_[a-z0-9_]+\/\d\d_[a-z0-9_]+$/.test(id) ? [] : ["expected a folder such as 01_split_address"];
}

function holeComplaints(shipped: string, solution: string): string[] {
  const [hole, filled] = [cutHole(shipped), cutHole(solution)];
  if (hole === undefined || filled === undefined) {
    return ['expected one hole, "// Your lines" to "// End of your lines", in exercise.ts and solution.ts'];
  }
  const lines = filled.hole.filter((line) => line.trim() !== "").length;
  const outside = ({ above, below }: typeof hole) => cutComment(above).rest + below;
  return [
    ...(lines < 1 || lines > MAX_LINES ? [`expected a solution of 1 to ${MAX_LINES} lines but found ${lines}`] : []),
    ...(outside(hole) === outside(filled)
      ? []
      : ["expected exercise.ts and solution.ts to differ in comment and hole alone"]),
  ];
}

function commentComplaints(shipped: string, solution: string): string[] {
  return [
    ...(cutComment(shipped).comment.length > 80 ? [] : ["expected the task in the comment that opens exercise.ts"]),
    ...(/\balternative/i.test(cutComment(solution).comment)
      ? []
      : ["expected a note on alternatives in the comment that opens solution.ts"]),
  ];
}

function importComplaints(...sources: readonly string[]): string[] {
  const names = sources.flatMap((source) => [...source.matchAll(/\bfrom "([^"]+)"/g)].map(([, name = ""]) => name));
  return names.filter((name) => !MODULES.has(name)).map((name) => `expected no import of ${name}`);
}

function hintComplaints(hints: string): string[] {
  const sections = sectionsOf(hints);
  const headings = sections.map(({ heading }) => heading).join(", ");
  if (headings !== HINTS) return [`expected the headings ${HINTS} in hints.md but found ${headings}`];
  return sections.filter(({ text }) => text === "").map(({ heading }) => `${heading} is empty`);
}

function misconceptionComplaints(misconceptions: string): string[] {
  const sections = sectionsOf(misconceptions);
  if (sections.length === 0) return ["expected a misconception in misconceptions.md but found none"];
  return sections.filter(({ code }) => code === "").map(({ heading }) => `no wrong answer below "${heading}"`);
}
