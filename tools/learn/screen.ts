/**
 * A session as the text of a screen.
 *
 * @module
 */

import { isSolved, type Session } from "./session.ts";
import type { Line, Verdict } from "./verdict.ts";
import { printable, wrap } from "../command/wrap.ts";

/** What a screen needs beside the session. */
export interface Material {
  /** First line of the task. */
  readonly title: string;
  /** The hints, in order. */
  readonly hints: readonly string[];
  /** The text of the solution. */
  readonly solution: string;
}

/** How to write. */
export interface Style {
  /** Characters of a line. */
  readonly columns: number;
  /** Whether colours are welcome. */
  readonly color: boolean;
}

const KEYS = "h hint · n next · s solution · l list · r run again · ? help · q quit";
const HELP = `Read the chapter named above, and the task in the comment on top of the file below it.
Write your lines between "Your lines" and "End of your lines". Save: it runs at once.

h, hint      the next of three hints
n, next      the next exercise that is not solved; this one can wait
s, solution  the solution, once this one is solved
l, list      all exercises, and which are solved
r, run       run again
q, quit      leave; what is solved is kept`;

const COLORS = { green: 32, red: 31, yellow: 33, bold: 1, dim: 2 } as const;
type Paint = (name: keyof typeof COLORS, text: string) => string;

/**
 * The screen.
 *
 * @param session The session.
 * @param material The texts of the exercise at hand.
 * @param style How to write.
 * @returns Text that ends in a line feed.
 */
export function screen(session: Session, material: Material, { columns, color }: Style): string {
  const paint: Paint = (name, text) => color ? `\u001b[${COLORS[name]}m${text}\u001b[0m` : text;
  const parts = [
    head(session, material, columns, paint),
    verdictPart(session, columns, paint),
    viewPart(session, material, columns, paint),
    session.notice === "" ? [] : wrap(session.notice, columns).map((line) => paint("yellow", line)),
    wrap(KEYS, columns).map((line) => paint("dim", line)),
  ];
  return `${parts.filter((part) => part.length > 0).map((part) => part.join("\n")).join("\n\n")}\n`;
}

function head(session: Session, { title }: Material, columns: number, paint: Paint): string[] {
  const { exercises, current, progress } = session;
  const solved = exercises.filter((id) => progress.solved.includes(id)).length;
  const [chapter = "", slug = ""] = current.split("/");
  return [
    ...wrap(title, columns).map((line) => paint("bold", line)),
    `exercise ${exercises.indexOf(current) + 1} of ${exercises.length}, ${solved} solved`,
    `read chapters/${chapter}/README.md`,
    `edit chapters/${chapter}/exercises/${slug}/exercise.ts`,
  ];
}

function verdictPart(session: Session, columns: number, paint: Paint): string[] {
  const { verdict, awaited } = session;
  if (awaited !== 0) return [paint("dim", "running …")];
  if (verdict === undefined) {
    return isSolved(session) ? [paint("green", "Solved before. Not run again; r runs it.")] : [];
  }
  if (verdict.kind === "broken") return [paint("red", "It does not run."), ...wrap(printable(verdict.said), columns)];
  return [...testLines(verdict, columns, paint), ...(verdict.kind === "passed" ? solvedLines(paint) : [])];
}

function solvedLines(paint: Paint): string[] {
  return ["", paint("green", "Solved.") + " s shows a solution to compare, n goes on."];
}

/** Every test by name; only the first failure is told in full, the others often follow from it. */
function testLines({ lines }: Verdict & { readonly lines: readonly Line[] }, columns: number, paint: Paint): string[] {
  const first = lines.find(({ message }) => message !== "");
  return lines.flatMap((line) => {
    if (line.message === "") return [`${paint("green", "ok    ")}  ${printable(line.name)}`];
    const told = line === first
      ? wrap(printable(line.message), columns - 8).map((it) => `        ${it}`.trimEnd())
      : [];
    return [`${paint("red", "FAILED")}  ${printable(line.name)}`, ...told];
  });
}

function viewPart(session: Session, material: Material, columns: number, paint: Paint): string[] {
  switch (session.view) {
    case "task":
      return [];
    case "hints":
      return hintLines(material.hints.slice(0, session.progress.hints[session.current] ?? 0), columns, paint);
    case "solution":
      return printable(material.solution).trimEnd().split("\n");
    case "list":
      return listLines(session, paint);
    case "help":
      return HELP.split("\n").flatMap((line) => line.length > columns ? wrap(line, columns) : [line]);
  }
}

function hintLines(hints: readonly string[], columns: number, paint: Paint): string[] {
  return hints.flatMap((hint, at) => [
    ...(at === 0 ? [] : [""]),
    paint("bold", `Hint ${at + 1}`),
    ...wrap(hint.replace(/(?<!\n)\n(?!\n)/g, " "), columns),
  ]);
}

/** All exercises, the solved ones marked. */
export function listLines({ exercises, progress, current }: Session, paint: Paint = (_, text) => text): string[] {
  return exercises.map((id) => {
    const mark = progress.solved.includes(id) ? paint("green", "solved") : "open  ";
    return `${mark}  ${id}${id === current ? "  <- here" : ""}`;
  });
}
