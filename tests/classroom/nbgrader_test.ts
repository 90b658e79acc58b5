import { assert, assertEquals } from "@std/assert";
import { STUB } from "../../tools/assignment/stub.ts";
import { Accounts } from "./accounts.ts";
import { COPY_BOOK, FOLDER, NO_CLASS, runAs, SKIPPED, succeedAs } from "./class.ts";
import { answerWith, NAME, SIGNED, SOLUTION } from "./cut_address.ts";

const TEACHER = "graded-teach";
/** What students hand in, by account, and the points of four that it is worth. */
const HANDED_IN = {
  "graded-ada": { lines: SOLUTION, points: 4 },
  "graded-bob": { lines: SIGNED, points: 2 },
  "graded-cyd": { lines: STUB, points: 0 },
  "graded-dan": { lines: "return {", points: 0 },
  "graded-eve": { lines: "for (;;);", points: 0 },
  "graded-fay": { lines: "Deno.exit(0);", points: 0 },
  "graded-gus": { lines: SOLUTION, points: 4 },
} as const;
const STUDENTS = Object.keys(HANDED_IN);

/** A line that nbgrader runs in a folder of the account's book. */
function nbgrader(command: string, folder = ""): string {
  return `cd ~/textbook/${folder} && umask 022 && nbgrader ${command} ${NAME}`;
}

/** The points of a student, out of nbgrader's export. */
function pointsOf(csv: string): Record<string, number> {
  const [head = "", ...rows] = csv.trim().split("\n");
  const [student, score] = ["student_id", "score"].map((name) => head.split(",").indexOf(name));
  return Object.fromEntries(
    rows.map((row) => row.split(",")).map((row) => [row[student ?? 0], Number(row[score ?? 0])]),
  );
}

Deno.test({
  name:
    `an assignment goes out, comes back, is marked and answered; a loop without end and Deno.exit cost that student alone${SKIPPED}`,
  ignore: NO_CLASS !== undefined,
  async fn() {
    await using _accounts = await Accounts.make([TEACHER, ...STUDENTS], FOLDER);
    await Promise.all([TEACHER, ...STUDENTS].map((name) => succeedAs(name, COPY_BOOK)));
    await succeedAs(TEACHER, "cd textbook && deno task -q assignment 01/01 --out course");
    await succeedAs(TEACHER, nbgrader("generate_assignment", "course"));
    await succeedAs(TEACHER, nbgrader("release_assignment", "course"));

    await Promise.all(
      Object.entries(HANDED_IN).map(async ([name, { lines }]) => {
        await succeedAs(name, nbgrader("fetch_assignment"));
        await answerWith(name, lines);
        await succeedAs(name, nbgrader("submit"));
      }),
    );

    await succeedAs(TEACHER, nbgrader("collect", "course"));
    await runAs(TEACHER, nbgrader("autograde --ExecutePreprocessor.timeout=15", "course"));
    await succeedAs(TEACHER, "cd ~/textbook/course && nbgrader export");
    const points = pointsOf(await Deno.readTextFile(`${FOLDER}/${TEACHER}/textbook/course/grades.csv`));
    assertEquals(points, Object.fromEntries(Object.entries(HANDED_IN).map(([name, { points }]) => [name, points])));

    await runAs(TEACHER, nbgrader("generate_feedback", "course"));
    await succeedAs(TEACHER, nbgrader("release_feedback", "course"));
    await succeedAs("graded-bob", nbgrader("fetch_feedback"));
    const { out } = await succeedAs("graded-bob", `find ~/textbook/${NAME}/feedback -name '*.html'`);
    const page = await Deno.readTextFile(out.trim());
    assert(page.includes("&gt;&gt; is signed"), "the feedback says what was wrong");
  },
});
