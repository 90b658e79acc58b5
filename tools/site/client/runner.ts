/**
 * The worker: runs the blocks of a chapter on the library, and boots for figures that move. It has no access to the page.
 *
 * @module
 */

import * as chapters from "../../../chapters/mod.ts";
import { readFixturesFrom } from "../../../chapters/recorded/files/fixtures.ts";
import { MOVING } from "../figures/mod.ts";
import { confine } from "./confine.ts";
import { runExercise } from "./exercise_run.ts";
import { messageOf } from "./inspected.ts";
import { libraryModule } from "./library.ts";
import { BlockError, linkBlocks, placeOf, type Program } from "./program.ts";
import type { FigureRequest, Reply, Request, RunRequest } from "./protocol.ts";
import { drawnOf, shownOf } from "./showing.ts";

const WORKER = self as unknown as {
  postMessage(reply: Reply): void;
  onmessage: (event: MessageEvent<Request>) => void;
};

type Body = (show: (block: number, value: unknown) => void, modules: (name: string) => object) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Body;
/** Lines that the engine puts before the body of a function made of text. */
const HEAD_LINES = 2;

WORKER.onmessage = async ({ data }) => {
  const started = performance.now();
  if (data.kind === "run") await run(data);
  else if (data.kind === "exercise") WORKER.postMessage({ kind: "judged", run: await runExercise(data) });
  else if (data.kind === "figure") drawFigure(data);
  WORKER.postMessage({ kind: "done", milliseconds: performance.now() - started });
};

async function run({ blocks }: RunRequest): Promise<void> {
  readFixturesFrom(RECORDINGS);
  let program: Program = { code: "", lines: [] };
  let current = blocks[0]?.number ?? 0;
  const show = (block: number, value: unknown) => {
    current = block;
    if (value !== undefined) WORKER.postMessage({ kind: "show", block, shown: shownOf(value) });
  };
  const edited = blocks.filter((block) => block.edited).map(({ number }) => number);
  const warn = (message: string) => WORKER.postMessage({ kind: "warn", block: edited.at(-1) ?? current, message });
  const modules = (name: string) => bookModule(name, edited.length > 0 ? warn : undefined);
  try {
    program = linkBlocks(blocks);
    await new AsyncFunction("$show", "$modules", program.code)(show, modules);
  } catch (error) {
    const place = error instanceof BlockError ? error : placeOf(program, blocks, lineOf(error));
    WORKER.postMessage({ kind: "error", block: place.block, line: place.line, message: messageOf(error) });
  }
}

/** A module of the book. Where a block was edited, a number that is no longer that of the prose is a warning, and the program goes on. */
function bookModule(name: string, warn: ((message: string) => void) | undefined): object {
  const found = libraryModule(name);
  if (warn === undefined || found !== chapters) return found;
  const check = (actual: unknown, expected: unknown) => {
    try {
      chapters.check(actual, expected);
    } catch (error) {
      warn(messageOf(error));
    }
  };
  return { ...chapters, check };
}

/** Line of the program in which an error arose, by its stack. */
function lineOf(error: unknown): number {
  const stack = error instanceof Error ? error.stack ?? "" : "";
  const [, line] = /(?:<anonymous>|> AsyncFunction|> Function):(\d+):\d+/.exec(stack) ?? [];
  return line === undefined ? 1 : Number(line) - HEAD_LINES;
}

function drawFigure({ id, state }: FigureRequest): void {
  try {
    const figure = MOVING.find((it) => it.id === id);
    if (figure === undefined) throw new RangeError(`Expected a figure of the book but found ${id}`);
    for (const drawn of figure.draw(state)) WORKER.postMessage({ kind: "show", block: 0, shown: drawnOf(drawn, id) });
  } catch (error) {
    WORKER.postMessage({ kind: "error", block: 0, line: 1, message: messageOf(error) });
  }
}

const RECORDINGS = new URL("../recordings/", location.href);
confine(({ href }) => href.startsWith(RECORDINGS.href));
WORKER.postMessage({ kind: "ready" });
