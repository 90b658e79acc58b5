/**
 * A session as the text of a screen.
 *
 * @module
 */

import { isSolved, type Session } from "./session.ts";
import type { Line, Verdict } from "./verdict.ts";
import { printable, wrap } from "../command/wrap.ts";

/** The facts that a screen needs besides the session. */
export interface Material {
  /** First line of the task. */
  readonly title: string;
  /** The hints, in order. */
  readonly hints: readonly string[];
  /** The text of the solution. */
  readonly solution: string;
}

/** The style of the output. */
export interface Style {
  /** Characters of a line. */
  readonly columns: number;
  /** Lines of the screen; `Infinity` if it need not fit. */
  readonly rows: number;
  /** Whether colours are welcome. */
  readonly color: boolean;
}

const KEYS = "h hint · n next · s solution · l list · r run again · ? help · q quit";
const HELP = `Read the chapter named above, and the task in the comment on top of the file below it.
Write your lines between "Your lines" and "End of your lines". Save: it runs at once.

h, hint      the next of three hints
n, next      the next exercise that is not solved
s, solution  the solution, once this one is solved
l, list      all exercises, and which are solved
r, run       run again
m, more      the next page of what does not fit
q, quit      leave; what is solved is kept`;

const COLORS = { green: 32, red: 31, yellow: 33, bold: 1, dim: 2 } as const;
type Paint = (name: keyof typeof COLORS, text: string) => string;

/**
 * The screen. It fits: a verdict that is too long is cut, and what is shown beside it comes in pages.
 *
 * @param session The session.
 * @param material The texts of the exercise at hand.
 * @param style The style of the output.
 * @returns Text that ends in a line feed.
 */
export function screen(session: Session, material: Material, { columns, rows, color }: Style): string {
  const paint: Paint = (name, text) => color ? `\u001b[${COLORS[name]}m${text}\u001b[0m` : text;
  const top = head(session, material, columns, paint);
  const notice = session.notice === "" ? [] : wrap(session.notice, columns).map((line) => paint("yellow", line));
  const keys = wrap(KEYS, columns).map((line) => paint("dim", line));
  const room = rows - [top, notice, keys].reduce((sum, part) => sum + heightOf(part, columns), 0);
  const view = viewPart(session, material, columns, paint).flatMap((line) => folded(line, columns));
  const most = Math.max(MIN_LINES, room - Math.min(heightOf(view, columns), MIN_LINES + 2) - 1);
  const verdict = cut(verdictPart(session, columns, paint).flatMap((line) => folded(line, columns)), most);
  const parts = [top, verdict, pageOf(view, session.page, room - heightOf(verdict, columns) - 1, paint), notice, keys];
  return `${parts.filter((part) => part.length > 0).map((part) => part.join("\n")).join("\n\n")}\n`;
}

/** Lines that a verdict and a page have at least, however low the screen. */
const MIN_LINES = 4;

/** Lines that a part takes on a terminal, which breaks what is too wide, with the empty one that follows it. */
function heightOf(part: readonly string[], columns: number): number {
  return part.length === 0
    ? 0
    : 1 + part.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
}

/** Characters that can be seen of a line: colours take no place. */
function widthOf(line: string): number {
  return line.split("\u001b").reduce(
    (sum, piece, at) => sum + piece.length - (at === 0 ? 0 : piece.indexOf("m") + 1),
    0,
  );
}

/** A line without colours in pieces as wide as the terminal; one with colours as it is. */
function folded(line: string, columns: number): string[] {
  if (line.length <= columns || line.includes("\u001b")) return [line];
  return [line.slice(0, columns), ...folded(line.slice(columns), columns)];
}

function cut(lines: readonly string[], room: number): readonly string[] {
  if (lines.length <= room) return lines;
  return [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more lines, which a higher window shows`];
}

/** The page with a number; after the last one comes the first. */
function pageOf(lines: readonly string[], number: number, room: number, paint: Paint): readonly string[] {
  if (lines.length <= Math.max(room, 0)) return lines;
  const size = Math.max(MIN_LINES, room) - 1;
  const pages = Math.ceil(lines.length / size);
  const page = number % pages;
  const first = page * size;
  return [...lines.slice(first, first + size), paint("dim", `page ${page + 1} of ${pages} · m more`)];
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
  if (verdict.kind === "broken" || verdict.kind === "endless") {
    const what = verdict.kind === "broken" ? "It does not run." : "It does not end.";
    return [paint("red", what), ...wrap(printable(verdict.said), columns)];
  }
  const solved = verdict.kind === "passed" ? solvedLines(columns, paint) : [];
  return [...testLines(verdict, columns, paint), ...typeLines(session, columns, paint), ...solved];
}

function solvedLines(columns: number, paint: Paint): string[] {
  return ["", paint("green", "Solved."), ...wrap("s shows a solution to compare, n goes on.", columns)];
}

/** What the compiler has to say beside the verdict. */
function typeLines({ types }: Session, columns: number, paint: Paint): string[] {
  return types === "" ? [] : ["", paint("yellow", "The types do not fit."), ...wrap(printable(types), columns)];
}

/** Every test by name, those that failed with what they say. */
function testLines({ lines }: Verdict & { readonly lines: readonly Line[] }, columns: number, paint: Paint): string[] {
  return lines.flatMap(({ name, message }) => {
    const state = message === "" ? paint("green", "ok    ") : paint("red", "FAILED");
    const [first = "", ...rest] = wrap(printable(name), columns - 8);
    return [
      `${state}  ${first}`,
      ...[...rest, ...message === "" ? [] : wrap(printable(message), columns - 8)].map((line) =>
        `        ${line}`.trimEnd()
      ),
    ];
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
