/**
 * The learner's terminal: single keys where there is one, lines where there is only a pipe.
 *
 * @module
 */

import { stripVTControlCharacters } from "node:util";
import { onSignalEnd } from "../command/ending.ts";
import type { CommandName } from "./session.ts";

/** The terminal of a session. */
export interface Terminal {
  /** Writes text. */
  readonly write: (text: string) => void;
  /** Whether a screen replaces the one before. */
  readonly clears: boolean;
  readonly color: boolean;
  /** Characters of a line, as they are now. */
  readonly columns: () => number;
  /** Lines of a screen, as they are now; `Infinity` where nothing scrolls away. */
  readonly rows: () => number;
  /** Words or keys as they come; ends with the input. */
  readonly words: () => AsyncIterable<string>;
  /** Called when the screen must be drawn again; undone by what it returns. */
  readonly onResize: (redraw: () => void) => () => void;
  /** Called when the process is asked to end, which it does when `quit` has done its work; undone by what it returns. */
  readonly onInterrupt: (quit: () => Promise<void>) => () => void;
  /** Leaves the terminal as it was found. */
  readonly close: () => void;
}

const COMMANDS: Readonly<Record<string, CommandName>> = Object.freeze({
  h: "hint",
  hint: "hint",
  n: "next",
  next: "next",
  s: "solution",
  solution: "solution",
  l: "list",
  list: "list",
  r: "run",
  run: "run",
  m: "more",
  more: "more",
  "?": "help",
  help: "help",
  q: "quit",
  quit: "quit",
});

/** The command that a key or a word means, or undefined. */
export function commandOf(word: string): CommandName | undefined {
  return Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
}

/**
 * The terminal, or the pipes, of this process.
 *
 * @param write Writes text to it.
 */
export function processTerminal(write: (text: string) => void): Terminal {
  const screen = Deno.stdout.isTerminal();
  return {
    write,
    clears: screen,
    color: screen && !Deno.noColor,
    columns: () => screen && Deno.consoleSize().columns || 100, // some terminals say 0
    rows: () => screen && Deno.consoleSize().rows || Infinity,
    words: () => Deno.stdin.isTerminal() ? keys() : lines(),
    onResize: (redraw) => onSignals(["SIGWINCH", "SIGCONT"], redraw),
    onInterrupt: onSignalEnd,
    close: () => {
      if (Deno.stdin.isTerminal()) rawInput(false);
    },
  };
}

/** Listens to the signals that this system has. */
function onSignals(names: readonly Deno.Signal[], listener: () => void): () => void {
  const heard = names.filter((name) => {
    try {
      Deno.addSignalListener(name, listener);
      return true;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return false;
    }
  });
  return () => heard.forEach((name) => Deno.removeSignalListener(name, listener));
}

/** Single keys, if the terminal can do that; else lines. */
async function* keys(): AsyncGenerator<string> {
  if (!rawInput(true)) return yield* lines();
  onSignals(["SIGTSTP"], () => {}); // `deno task` does not stop with its child: Ctrl-Z would leave a dead terminal
  onSignals(["SIGCONT"], () => rawInput(true));
  const text = new TextDecoder();
  const bytes = new Uint8Array(64);
  for (let read = await Deno.stdin.read(bytes); read !== null; read = await Deno.stdin.read(bytes)) {
    const typed = stripVTControlCharacters(text.decode(bytes.subarray(0, read), { stream: true }));
    if (typed.includes("\u001b")) continue; // a function key
    for (const key of typed) {
      if (key === "\u0004") return; // Ctrl-D
      if (key.trim() !== "") yield key.toLowerCase();
    }
  }
}

function rawInput(on: boolean): boolean {
  try {
    if (on) Deno.stdin.setRaw(true, { cbreak: true });
    else Deno.stdin.setRaw(false);
    return true;
  } catch {
    return false; // Windows has no cbreak; a terminal that is gone has no mode
  }
}

async function* lines(): AsyncGenerator<string> {
  const text = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
  let rest = "";
  for await (const piece of text) {
    const all = (rest + piece).split("\n");
    rest = all.pop() ?? "";
    yield* all.map((line) => line.trim().toLowerCase()).filter((line) => line !== "");
  }
  if (rest.trim() !== "") yield rest.trim().toLowerCase();
}
