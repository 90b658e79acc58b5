/**
 * A chapter's blocks as one program. Line N of the program is line N of the README, so that whatever a compiler, a linter or
 * a stack says of a line is true of the page.
 *
 * @module
 */

import { parse } from "@babel/parser";
import { PACKAGE_NAMES } from "../command/package_names.ts";
import { type Block, blocksOf, type ChapterText, PageError } from "./parse.ts";

/** The modules that a block may import. */
export const MODULES: readonly string[] = Object.freeze([...PACKAGE_NAMES, "@pagetable-init/chapters"]);

const RECORD = import.meta.resolve("./record.ts");

/**
 * Makes the program of a chapter.
 *
 * Fence lines tell the recorder which block runs; the expression that a block ends in is handed to it, as a notebook shows it.
 *
 * @param chapter The parsed text.
 * @returns A TypeScript module of as many lines as the text.
 * @throws {PageError} If a block does not parse, imports what is not there in a notebook, imports below other code of its own, or
 * exports; or if the text has no heading in its first line.
 */
export function tangle({ text, parts }: ChapterText): string {
  const lines = text.split("\n").map(() => "");
  if (!text.startsWith("# ")) throw new PageError(1, "Expected the title in the first line");
  lines[0] = `import * as $book from ${JSON.stringify(RECORD)};`;
  const blocks = blocksOf({ parts });
  for (const [number, block] of blocks.entries()) {
    const code = showing(block).split("\n");
    lines[block.first - 1] = `$book.enter(${number});`;
    lines.splice(block.first, code.length, ...code);
  }
  return lines.join("\n");
}

type Statement = ReturnType<typeof parse>["program"]["body"][number];

/** The code of a block, its last expression wrapped. */
function showing(block: Block): string {
  const { source } = block;
  const statements = statementsOf(block);
  const imports = statements.findIndex(({ type }) => type !== "ImportDeclaration");
  for (const [at, statement] of statements.entries()) checkStatement(statement, block, imports < 0 || at < imports);
  const last = statements.at(-1);
  if (last?.type !== "ExpressionStatement") return source;
  const [start, end] = [last.start ?? 0, last.end ?? 0];
  const expression = source.slice(start, end).replace(/;$/, "");
  return `${source.slice(0, start)}$book.show(${expression});${source.slice(end)}`;
}

function statementsOf({ source, first }: Block): readonly Statement[] {
  try {
    return parse(source, { sourceType: "module", plugins: ["typescript"] }).program.body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { loc } = error as SyntaxError & { loc?: { line: number } };
    throw new PageError(first + (loc?.line ?? 0), error.message.replace(/ \(\d+:\d+\)$/, ""));
  }
}

function checkStatement(statement: Statement, block: Block, atTop: boolean): void {
  const line = block.first + (statement.loc?.start.line ?? 0);
  if (statement.type.startsWith("Export")) throw new PageError(line, "Expected no export in a chapter");
  if (statement.type !== "ImportDeclaration") return;
  if (!atTop) throw new PageError(line, "Expected the imports at the top of the block");
  if (!MODULES.includes(statement.source.value)) {
    throw new PageError(line, `Expected an import of ${MODULES.join(" or ")} but found ${statement.source.value}`);
  }
}
