/**
 * The blocks of a chapter as one program that a worker can run: types taken away, imports turned into constants, the last expression of each block shown.
 *
 * @module
 */

import { type Node, parse } from "acorn";
import { transform } from "sucrase";

/** A block as the reader has it. */
export interface BlockSource {
  /** Its number on the page, from 0. */
  readonly number: number;
  /** TypeScript. */
  readonly source: string;
}

/** A program and where its blocks stand in it. */
export interface Program {
  /** The body of an async function; it calls `$show(block, value)` and reads `$modules`. */
  readonly code: string;
  /** Line of the program before the first line of each block, by its place in the list. */
  readonly lines: readonly number[];
}

/** A mistake in a block, before anything runs. */
export class BlockError extends Error {
  override readonly name = "SyntaxError";

  /**
   * @param block Number of the block.
   * @param line Line in the block, counted from 1.
   * @param message What is wrong.
   */
  constructor(readonly block: number, readonly line: number, message: string) {
    super(message);
  }
}

type Statement = Node & { readonly expression?: Node; readonly source?: { readonly value: string } } & {
  readonly specifiers?: readonly (Node & { imported?: { name: string }; local: { name: string } })[];
};

/**
 * Links blocks.
 *
 * @param blocks The blocks, in order; they share their names.
 * @returns The program. Its lines are those of the blocks.
 * @throws {BlockError} If a block does not parse, or exports.
 */
export function linkBlocks(blocks: readonly BlockSource[]): Program {
  const lines: number[] = [];
  const codes: string[] = [];
  const known = new Set<string>();
  let line = 0;
  for (const block of blocks) {
    const code = linked(block, known);
    lines.push(line);
    codes.push(code);
    line += code.split("\n").length;
  }
  return { code: codes.join("\n"), lines };
}

/** `known` has the imports of the blocks before; those of this one are added. */
function linked({ number, source }: BlockSource, known: Set<string>): string {
  const plain = stripped(number, source);
  const statements = statementsOf(number, plain);
  refuseDynamicImport(number, plain, statements);
  let code = plain;
  for (const statement of [...statements].reverse()) {
    const text = statement.type === "ImportDeclaration"
      ? constants(statement, plain, known)
      : replacement(number, statement, plain, statement === statements.at(-1));
    if (text !== undefined) code = code.slice(0, statement.start) + text + code.slice(statement.end);
  }
  return code;
}

/** The code without its types, line by line where it was. */
function stripped(number: number, source: string): string {
  try {
    return transform(source, { transforms: ["typescript"], keepUnusedImports: true, disableESTransforms: true }).code;
  } catch (error) {
    throw blockError(number, error);
  }
}

function statementsOf(number: number, code: string): readonly Statement[] {
  try {
    const options = { ecmaVersion: "latest", sourceType: "module", allowAwaitOutsideFunction: true } as const;
    return parse(code, options).body as unknown as Statement[];
  } catch (error) {
    throw blockError(number, error);
  }
}

function blockError(number: number, error: unknown): BlockError {
  const { message } = error as Error;
  const { loc } = error as { loc?: { line: number } };
  const line = loc?.line ?? Number(/\((\d+):\d+\)/.exec(message)?.[1] ?? 1);
  return new BlockError(number, line, message.replace(/^Error transforming [^:]*: /, "").replace(/ \(\d+:\d+\)$/, ""));
}

/** `import()` would fetch code from anywhere. */
function refuseDynamicImport(number: number, code: string, node: unknown): void {
  if (typeof node !== "object" || node === null) return;
  if ("type" in node && node.type === "ImportExpression") {
    const { start } = node as Node;
    throw new BlockError(number, lineAt(code, start), "Expected an import at the top of the block but found import()");
  }
  for (const child of Object.values(node)) refuseDynamicImport(number, code, child);
}

/** What a statement becomes; undefined if it stays as it is. */
function replacement(number: number, statement: Statement, code: string, isLast: boolean): string | undefined {
  if (statement.type.startsWith("Export")) {
    throw new BlockError(number, lineAt(code, statement.start), "Expected no export");
  }
  if (!isLast || statement.type !== "ExpressionStatement" || statement.expression === undefined) return undefined;
  const { start, end } = statement.expression;
  return `$show(${number}, ${code.slice(start, end)});`;
}

/** An import as constants, in as many lines as it had. Names that an earlier block has imported are left out, so a reader may import them again. */
function constants({ specifiers = [], source, start, end }: Statement, code: string, known: Set<string>): string {
  const names = specifiers.map(({ type, imported, local }) => {
    if (type === "ImportNamespaceSpecifier") return `...${local.name}`;
    const name = type === "ImportDefaultSpecifier" ? "default" : imported?.name ?? local.name;
    return name === local.name ? name : `${name}: ${local.name}`;
  });
  const from = JSON.stringify(source?.value ?? "");
  const news = names.filter((name) => !known.has(`${name} ${from}`));
  for (const name of news) known.add(`${name} ${from}`);
  const feeds = "\n".repeat(code.slice(start, end).split("\n").length - 1);
  return `const { ${news.join(", ")} } = $modules(${from});${feeds}`;
}

function lineAt(code: string, at: number): number {
  return code.slice(0, at).split("\n").length;
}

/**
 * Where a line of a program stands.
 *
 * @param program The program.
 * @param blocks Its blocks.
 * @param line Line of the program, counted from 1.
 * @returns Number of the block, and line in it, counted from 1.
 */
export function placeOf(
  { lines }: Program,
  blocks: readonly BlockSource[],
  line: number,
): { readonly block: number; readonly line: number } {
  const at = Math.max(0, lines.findLastIndex((before) => before < line));
  return { block: blocks[at]?.number ?? 0, line: line - (lines[at] ?? 0) };
}
