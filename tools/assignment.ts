/**
 * `deno task assignment`: the exercises of a chapter as an assignment of nbgrader.
 *
 * @module
 */

import { isAbsolute, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { printable } from "../chapters/recorded/files/printable.ts";
import { STUB } from "./assignment/stub.ts";
import { type Command, main, Misuse, pathOf } from "./command.ts";
import { ROOT } from "./command/root.ts";
import { makeFolder, writeWhole } from "./command/whole_file.ts";
import { listExercises } from "./exercises/exercise.ts";
import { wantedId } from "./learn.ts";
import { CONTENTS, numberOf } from "./pages/contents.ts";

/** The file that tells nbgrader of a course. `classroom/nbgrader_config.py` tells it of all courses of a machine. */
export const COURSE_CONFIG: string = `# The course of this folder, for nbgrader.
import os

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "pagetable"
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
# What stands for a removed solution.
c.ClearSolutions.code_stub = {"typescript": '${STUB}'}
# Seconds for a cell. One that does not end costs all points of its student; autograding goes on with the next.
c.ExecutePreprocessor.timeout = 60
`;

/** The command. */
export const assignmentCommand: Command = {
  name: "assignment",
  words: 1,
  options: [],
  values: ["out"],
  help:
    `Makes an assignment of nbgrader from exercises: the task, the answer with its solution marked, tests with a point each.

usage: deno task assignment NN | NN/MM --out DIR

  NN         a chapter, by number: all its exercises; NN/MM is one of them
  --out DIR  folder of the course, inside this clone, where Deno finds the book; nbgrader_config.py and source/ go there
  --help     print this

Next: "nbgrader generate_assignment NAME" in that folder. See docs/teachers.md.

Exit codes: 0 done, 2 no such chapter or exercise, or a folder that cannot be used.

example: deno task assignment 01 --out course
`,
  async run({ words: [word = ""], values }, streams) {
    const out = values["out"]?.at(-1);
    if (out === undefined) {
      throw new Misuse("expected --out and the folder of the course; see deno task assignment --help");
    }
    const folder = pathOf(out, streams);
    const within = relative(fileURLToPath(ROOT), folder); // absolute if it is on another drive
    if (isAbsolute(within) || /^\.\.(\/|\\|$)/.test(within)) {
      throw new Misuse(`expected a folder inside the clone, where Deno finds the book, but found ${folder}`);
    }
    const all = await listExercises();
    const id = wantedId(word, all);
    const exercises = all.filter((it) => it.id.startsWith(id));
    const { slug, title } = CONTENTS.find((it) => id.startsWith(it.slug)) ?? { slug: id, title: id };
    const name = id.endsWith("/") ? slug : id.replace("/", "_");
    const { assignmentOf } = await import("./assignment/notebook.ts"); // with packages that the help does without
    const { notebook, points, leftOut } = await assignmentOf(`${numberOf(slug)}. ${title}`, exercises);
    if (points === 0) {
      throw new Misuse(`${leftOut.join(", ")} cannot be an assignment: nbgrader's stub has no place in it`);
    }
    if (leftOut.length > 0) streams.err(`left out, since nbgrader's stub has no place in it: ${leftOut.join(", ")}\n`);
    await makeFolder(`${folder}/source/${name}`);
    await writeWhole(`${folder}/nbgrader_config.py`, COURSE_CONFIG);
    await writeWhole(`${folder}/source/${name}/${name}.ipynb`, notebook);
    streams.out(
      `${name}: ${exercises.length - leftOut.length} exercises, ${points} points: ${
        printable(out)
      }/source/${name}/${name}.ipynb\n`,
    );
    return 0;
  },
};

if (import.meta.main) await main(assignmentCommand);
