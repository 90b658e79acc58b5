/**
 * Reports of coverage in the format of lcov.
 *
 * @module
 */

/** How many there are, and how many of them a test takes. */
export interface Share {
  readonly found: number;
  readonly taken: number;
}

/** A line, and how many of its branches no test takes. */
export interface Missed {
  readonly line: number;
  readonly branches: number;
}

/** Coverage of a file. */
export interface FileCoverage {
  /** From the root of the project. */
  readonly path: string;
  readonly lines: Share;
  readonly branches: Share;
  /** Lines with branches that no test takes, ascending. */
  readonly missed: readonly Missed[];
}

/** Coverage of a folder, or of all. */
export interface FolderCoverage {
  readonly name: string;
  /** Shares, from 0 to 1. */
  readonly lines: number;
  readonly branches: number;
}

/**
 * Reads a report.
 *
 * @param text Records of lcov. `SF` begins a file; `DA:LINE,COUNT` is a line, `BRDA:LINE,BLOCK,BRANCH,COUNT` a branch.
 * @returns The files of the core, by path.
 */
export function parseLcov(text: string): FileCoverage[] {
  const files = text.split("end_of_record").map((record) => record.split("\n")).flatMap((lines) => {
    const [file] = lines.filter((line) => line.startsWith("SF:"));
    return file === undefined ? [] : [fileOf(file.slice(3), lines)];
  });
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

function fileOf(file: string, records: readonly string[]): FileCoverage {
  const rows = (kind: string) =>
    records.filter((line) => line.startsWith(`${kind}:`)).map((line) => line.slice(kind.length + 1).split(","));
  const isTaken = (fields: readonly string[]) => Number(fields.at(-1)) > 0;
  const [lines, branches] = [rows("DA"), rows("BRDA")];
  const missed = Map.groupBy(branches.filter((fields) => !isTaken(fields)), ([line]) => Number(line));
  return {
    path: file.slice(file.lastIndexOf("/core/") + 1),
    lines: { found: lines.length, taken: lines.filter(isTaken).length },
    branches: { found: branches.length, taken: branches.filter(isTaken).length },
    missed: [...missed].map(([line, rows]) => ({ line, branches: rows.length })).sort((a, b) => a.line - b.line),
  };
}

/** Share of lines or branches that is taken; 1 where there are none. */
export function shareOf(files: readonly FileCoverage[], what: "lines" | "branches"): number {
  const sum = (field: keyof Share) => files.reduce((total, file) => total + file[what][field], 0);
  return sum("found") === 0 ? 1 : sum("taken") / sum("found");
}

/** The folders of the core, and all of it last. */
export function foldersOf(files: readonly FileCoverage[]): FolderCoverage[] {
  const byFolder = Map.groupBy(files, ({ path }) => path.split("/").slice(0, -1).join("/"));
  return [...byFolder, ["all", files] as const].map(([name, of]) => ({
    name,
    lines: shareOf(of, "lines"),
    branches: shareOf(of, "branches"),
  }));
}
