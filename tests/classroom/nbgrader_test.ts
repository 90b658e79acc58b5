import { assert, assertEquals } from "@std/assert";
import { type Ended, run } from "../../tools/command/process.ts";
import { Accounts } from "./accounts.ts";
import { CLASS, FOLDER, NO_CLASS, SKIPPED } from "./class.ts";

const TEACHER = "graded-teach";
const NAME = "01_one_page_table_01_cut_address";
const STUB = 'throw new Error("Not done yet");';
const SOLUTION =
  "return { directoryIndex: address >>> 22, tableIndex: (address >>> 12) & 0x3ff, offset: address & 0xfff };";
/** What students hand in, by account, and the points of four that it is worth. */
const HANDED_IN = {
  "graded-ada": { lines: SOLUTION, points: 4 },
  "graded-bob": { lines: SOLUTION.replace(">>> 22", ">> 22"), points: 2 },
  "graded-cyd": { lines: STUB, points: 0 },
  "graded-dan": { lines: "return {", points: 0 },
  "graded-eve": { lines: "for (;;);", points: 0 },
  "graded-fay": { lines: "Deno.exit(0);", points: 0 },
  "graded-gus": { lines: SOLUTION, points: 4 },
} as const;
const STUDENTS = Object.keys(HANDED_IN);

/** Runs a command as an account, in a folder of its copy of the book. */
async function as(name: string, folder: string, ...command: string[]): Promise<Ended> {
  const words = command.map((word) => `'${word}'`).join(" ");
  const line = `cd ~/textbook/${folder} && umask 022 && PATH=${CLASS}/env/bin:$PATH NO_COLOR=1 ${words}`;
  return await run("runuser", ["-l", name, "-s", "/bin/bash", "-c", line]);
}

async function done(name: string, folder: string, ...command: string[]): Promise<Ended> {
  const ended = await as(name, folder, ...command);
  if (ended.code !== 0) throw new Error(`Expected ${command.join(" ")} to succeed but found: ${ended.out}${ended.err}`);
  return ended;
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
    await Promise.all([TEACHER, ...STUDENTS].map(async (name) => {
      const { code, out, err } = await run("runuser", ["-l", name, "-c", `${CLASS}/student-server --version`]);
      assertEquals(code, 0, out + err);
    }));
    await done(TEACHER, "", "deno", "task", "-q", "assignment", "01/01", "--out", "course");
    await done(TEACHER, "course", "nbgrader", "generate_assignment", NAME);
    await done(TEACHER, "course", "nbgrader", "release_assignment", NAME);

    await Promise.all(
      Object.entries(HANDED_IN).map(async ([name, { lines }]) => {
        await done(name, "", "nbgrader", "fetch_assignment", NAME);
        const file = `${FOLDER}/${name}/textbook/${NAME}/${NAME}.ipynb`;
        const text = await Deno.readTextFile(file);
        assert(
          text.includes(JSON.stringify(STUB).slice(1, -1)) && !text.includes("0x3ff"),
          "the solution is not handed out",
        );
        await Deno.writeTextFile(
          file,
          text.replace(JSON.stringify(STUB).slice(1, -1), JSON.stringify(lines).slice(1, -1)),
        );
        await done(name, "", "nbgrader", "submit", NAME);
      }),
    );

    await done(TEACHER, "course", "nbgrader", "collect", NAME);
    await as(TEACHER, "course", "nbgrader", "autograde", NAME, "--ExecutePreprocessor.timeout=15");
    await done(TEACHER, "course", "nbgrader", "export");
    const points = pointsOf(await Deno.readTextFile(`${FOLDER}/${TEACHER}/textbook/course/grades.csv`));
    assertEquals(points, Object.fromEntries(Object.entries(HANDED_IN).map(([name, { points }]) => [name, points])));

    await as(TEACHER, "course", "nbgrader", "generate_feedback", NAME);
    await done(TEACHER, "course", "nbgrader", "release_feedback", NAME);
    await done("graded-bob", "", "nbgrader", "fetch_feedback", NAME);
    const { out } = await as("graded-bob", NAME, "find", "feedback", "-name", "*.html");
    const page = await Deno.readTextFile(`${FOLDER}/graded-bob/textbook/${NAME}/${out.trim()}`);
    assert(page.includes("&gt;&gt; is signed"), "the feedback says what was wrong");
  },
});
