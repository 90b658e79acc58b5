/**
 * `deno task debate`: boots every strategy on every platform, prints the verdict and writes a report.
 *
 * @module
 */

import { type Cell, matrix } from "../core/matrix.ts";
import { printable } from "../chapters/recorded/files/printable.ts";
import { type Command, main, pathOf, type Streams } from "./command.ts";
import { type DebateOptions, optionsOf } from "./report/options.ts";
import { Progress } from "./report/progress.ts";
import { terminalTable } from "./report/terminal_table.ts";

const DEFAULT_OUT = "out";

/** The command. */
export const debateCommand: Command = {
  name: "debate",
  words: 0,
  options: ["json"],
  values: ["out", "platform", "strategy", "memory"],
  help: `Boots every proposal of the debate on every platform and audits the page tables.

usage: deno task debate [--json] [--out DIR] [--platform ID]... [--strategy ID]... [--memory SIZE]

  --json          print the matrix as JSON, nothing else; a report is written only if --out names a folder
  --out DIR       folder for report.html and the figures (default: out)
  --platform ID   only this platform; may be repeated
  --strategy ID   only this strategy; may be repeated
  --memory SIZE   memory of each machine, 16M to 4G (default: 64M)
  --help          print this

Exit codes: 0 done (whatever the verdicts), 2 a command line that makes no sense or a folder that cannot be written.

example: deno task debate --platform xen-pae --strategy write-always --strategy filter-set-pte
`,
  async run(args, streams) {
    const options = optionsOf(args);
    const cells = compute(options, streams);
    const rows = cells.map(({ row }) => row);
    streams.out(options.json ? `${JSON.stringify({ rows })}\n` : terminalTable(rows, streams));
    if (options.json && options.out === undefined) return 0;
    const { out = DEFAULT_OUT } = options;
    const files = await report(pathOf(out, streams), cells, options);
    if (!options.json) streams.out(`\nreport: ${printable(out)}/report.html (and ${files - 1} figures)\n`);
    return 0;
  },
};

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

if (import.meta.main) await main(debateCommand);
