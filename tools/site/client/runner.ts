/**
 * The worker: runs the blocks of a chapter on the library, and boots for figures that move. It has no access to the page.
 *
 * @module
 */

import * as chapters from "../../../chapters/mod.ts";
import { readFixturesFrom } from "../../../chapters/recorded/files/fixtures.ts";
import * as boot from "../../../core/mod.ts";
import * as textbook from "../../../mod.ts";
import { runExercise } from "./exercise_run.ts";
import { libraryModule } from "./library.ts";
import { BlockError, linkBlocks, placeOf, type Program } from "./program.ts";
import type { CoverageRequest, Reply, Request, RunRequest, Shown } from "./protocol.ts";

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
  else drawCoverage(data);
  WORKER.postMessage({ kind: "done", milliseconds: performance.now() - started });
};

async function run({ blocks, recordings }: RunRequest): Promise<void> {
  readFixturesFrom(new URL(recordings));
  let program: Program = { code: "", lines: [] };
  let current = blocks[0]?.number ?? 0;
  const show = (block: number, value: unknown) => {
    current = block;
    if (value !== undefined) WORKER.postMessage({ kind: "show", block, shown: shownOf(value) });
  };
  const edited = blocks.filter((block) => block.edited).map(({ number }) => number);
  const warn = (message: string) => WORKER.postMessage({ kind: "warn", block: edited.at(-1) ?? current, message });
  const modules = (name: string) => moduleOf(name, edited.length > 0 ? warn : undefined);
  try {
    program = linkBlocks(blocks);
    await new AsyncFunction("$show", "$modules", program.code)(show, modules);
  } catch (error) {
    const place = error instanceof BlockError ? error : placeOf(program, blocks, lineOf(error));
    WORKER.postMessage({ kind: "error", block: place.block, line: place.line, message: messageOf(error) });
  }
}

/** A module of the book. Where a block was edited, a number that is no longer that of the prose is a warning, and the program goes on. */
function moduleOf(name: string, warn: ((message: string) => void) | undefined): object {
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

function shownOf(value: unknown): Shown {
  if (value instanceof chapters.Table) {
    return { kind: "table", header: value.header, rows: value.rows, caption: value.caption };
  }
  if (value instanceof chapters.Drawing) return figureOf(value.figure, value.name);
  if (value instanceof chapters.Shown) {
    return { kind: "text", text: value.outputs().map((output) => output["text/plain"] ?? "").join("\n") };
  }
  return { kind: "text", text: inspected(value) };
}

let figures = 0;

function figureOf(figure: chapters.Figure, name: string): Shown {
  const svg = chapters.renderSvg(figure, { id: `live-${++figures}-${name.replaceAll("_", "-")}`, scheme: "page" });
  const { caption, description, table: { header, rows } } = figure;
  return { kind: "figure", svg, caption, description, header, rows };
}

/** A value as text, as far as a reader can take it in. */
function inspected(value: unknown, depth = 0): string {
  if (typeof value === "string") return depth === 0 && value.includes("\n") ? value : JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `[function ${value.name}]`;
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
  if (depth > 4) return "…";
  if (Array.isArray(value)) return listed(value.map((it) => inspected(it, depth + 1)), "[", "]");
  const pairs = Object.entries(value).map(([key, it]) => `${key}: ${inspected(it, depth + 1)}`);
  return listed(pairs, "{", "}");
}

const MAX_ITEMS = 100;

function listed(items: readonly string[], open: string, close: string): string {
  const shown = items.length > MAX_ITEMS ? [...items.slice(0, MAX_ITEMS), `… ${items.length - MAX_ITEMS} more`] : items;
  const line = shown.join(", ");
  const gap = open === "{" && line !== "" ? " " : "";
  if (line.length < 90 && !line.includes("\n")) return `${open}${gap}${line}${gap}${close}`;
  return `${open}\n${shown.map((it) => `  ${it.replaceAll("\n", "\n  ")}`).join(",\n")}\n${close}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${inspected(error)}`;
}

/** Line of the program in which an error arose, by its stack. */
function lineOf(error: unknown): number {
  const stack = error instanceof Error ? error.stack ?? "" : "";
  const [, line] = /(?:<anonymous>|> AsyncFunction|> Function):(\d+):\d+/.exec(stack) ?? [];
  return line === undefined ? 1 : Number(line) - HEAD_LINES;
}

function drawCoverage({ platform, strategies, memory, kernelEnd }: CoverageRequest): void {
  try {
    const cells = strategies.map((strategy) =>
      boot.cellOf(textbook.boot({
        platform: platform as textbook.PlatformId,
        strategy: strategy as textbook.StrategyId,
        memory,
        kernelEnd,
        trace: false,
      }))
    );
    WORKER.postMessage({ kind: "show", block: 0, shown: figureOf(chapters.coverageMap(platform, cells), "coverage") });
  } catch (error) {
    WORKER.postMessage({ kind: "error", block: 0, line: 1, message: messageOf(error) });
  }
}

WORKER.postMessage({ kind: "ready" });
