/**
 * `deno task debate`: boots every strategy on every platform, prints the verdict and writes a report.
 *
 *     deno task debate [--json] [--out DIR] [--platform ID]... [--strategy ID]... [--memory SIZE]
 *
 * Exit codes: 0 done, 2 a command line that makes no sense or a folder that cannot be written.
 *
 * @module
 */

import { type Cell, matrix } from "../core/matrix.ts";
import { printable } from "../chapters/recorded/files/printable.ts";
import { type DebateOptions, HELP, parseOptions, UsageError } from "./report/options.ts";
import { Progress } from "./report/progress.ts";
import { type Terminal, terminalLegend, terminalTable } from "./report/terminal_table.ts";

const DEFAULT_OUT = "out";

/** Where the command reads and writes. */
export interface Streams extends Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether somebody watches stderr. */
  readonly watched: boolean;
  /** Folder that a relative `--out` starts from. */
  readonly folder: string;
}

function compute({ strategies, platforms, memoryBytes }: DebateOptions, { err, watched }: Streams): Cell[] {
  const progress = new Progress(watched ? err : () => {}, () => performance.now());
  const cells: Cell[] = [];
  const all = strategies.length * platforms.length;
  try {
    for (const cell of matrix({ strategies, platforms, memory: memoryBytes })) {
      progress.step(cells.push(cell), all);
    }
  } finally {
    progress.end();
  }
  return cells;
}

/** Writes the report; the drawing library is loaded only now, so that the table does not wait for it. */
async function report(folder: string, cells: readonly Cell[], options: DebateOptions): Promise<number> {
  const { writeReport } = await import("./report/write.ts");
  return await writeReport(folder, cells, options.memoryBytes);
}

function outFolder({ out = DEFAULT_OUT }: DebateOptions, { folder }: Streams): string {
  return out.startsWith("/") || /^[a-z]:/i.test(out) ? out : `${folder}/${out}`;
}

async function run(args: readonly string[], streams: Streams): Promise<void> {
  const options = parseOptions(args);
  if (options.help) return streams.out(HELP);
  const cells = compute(options, streams);
  const rows = cells.map(({ row }) => row);
  streams.out(options.json ? `${JSON.stringify({ rows })}\n` : `${terminalTable(rows, streams)}\n${terminalLegend()}`);
  if (options.json && options.out === undefined) return;
  const files = await report(outFolder(options, streams), cells, options);
  if (!options.json) {
    streams.out(`\nreport: ${printable(options.out ?? DEFAULT_OUT)}/report.html (and ${files - 1} figures)\n`);
  }
}

/**
 * The command.
 *
 * @param args Arguments, without the program.
 * @param streams Where to write.
 * @returns The exit code.
 */
export async function debate(args: readonly string[], streams: Streams): Promise<number> {
  try {
    await run(args, streams);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    streams.err(`debate: ${error.message}\n`);
    return 2;
  }
}

/** The terminal, or the pipe, that the command was started with. */
function standardStreams(): Streams {
  const encoder = new TextEncoder();
  const writer = (stream: typeof Deno.stdout | typeof Deno.stderr) => (text: string) => {
    for (let bytes = encoder.encode(text); bytes.length > 0;) bytes = bytes.subarray(stream.writeSync(bytes));
  };
  const terminal = Deno.stdout.isTerminal();
  return {
    out: writer(Deno.stdout),
    err: writer(Deno.stderr),
    watched: Deno.stderr.isTerminal(),
    columns: terminal ? Deno.consoleSize().columns : 120,
    color: terminal && !Deno.noColor,
    folder: Deno.env.get("INIT_CWD") ?? ".",
  };
}

if (import.meta.main) {
  try {
    Deno.exitCode = await debate(Deno.args, standardStreams());
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error; // `| head` has read enough
  }
}
