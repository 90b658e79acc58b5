/**
 * The streams that a command reads and writes.
 *
 * @module
 */

import { isEnding } from "./ending.ts";

/** The streams that a command reads and writes. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Folder that a relative path starts from. */
  readonly folder: string;
  /** Columns of letters of the terminal, or those of a page where there is none. */
  readonly columns: number;
  /** Whether results may be coloured. */
  readonly color: boolean;
  /** Whether somebody watches stderr: progress is for them. */
  readonly watched: boolean;
}

/** Columns where no terminal says how many it has: some say 0. */
const PAGE_COLUMNS = 120;

/** The results cannot be written: a full disk, say. */
export class OutputError extends Error {}

/** The streams of this process. */
export function standardStreams(): Streams {
  const terminal = Deno.stdout.isTerminal();
  return {
    out: (text) => write(Deno.stdout, text),
    err: complain,
    columns: terminal && Deno.consoleSize().columns || PAGE_COLUMNS,
    color: terminal && !Deno.noColor,
    watched: Deno.stderr.isTerminal(),
    // looked up by those alone who open a file: no other command needs the permission
    get folder() {
      return Deno.env.get("INIT_CWD") ?? ".";
    },
  };
}

/** A failure after a signal is not reported: the signal caused it. */
function write(stream: typeof Deno.stdout, text: string): void {
  if (isEnding()) return;
  try {
    writeAll(stream, text);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe || !(error instanceof Error)) throw error;
    throw new OutputError(error.message, { cause: error });
  }
}

/** Complaints that nobody can hear are no reason to fail. */
function complain(text: string): void {
  if (isEnding()) return;
  try {
    writeAll(Deno.stderr, text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

function writeAll(stream: typeof Deno.stdout | typeof Deno.stderr, text: string): void {
  for (let bytes = new TextEncoder().encode(text); bytes.length > 0;) bytes = bytes.subarray(stream.writeSync(bytes));
}
