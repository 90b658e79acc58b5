/**
 * The assertions of an exercise's test, and whether each says why.
 *
 * @module
 */

import { parse } from "@babel/parser";

const NAME = /^assert/;

/**
 * The assertions that have no message. Whoever reads only that two numbers differ learns nothing.
 *
 * @param source A test file, in TypeScript.
 * @returns The lines of these calls, from 1.
 */
export function assertionsWithoutMessage(source: string): number[] {
  const { program } = parse(source, { sourceType: "module", plugins: ["typescript"] });
  return [...callsIn(program)].filter(({ name, values }) => values < (name === "assert" ? 2 : 3)).map(({ line }) =>
    line
  );
}

interface Call {
  readonly name: string;
  /** Number of arguments. */
  readonly values: number;
  readonly line: number;
}

function* callsIn(node: unknown): Generator<Call> {
  if (Array.isArray(node)) {
    for (const child of node) yield* callsIn(child);
    return;
  }
  if (typeof node !== "object" || node === null || !("type" in node)) return;
  const call = node as {
    type: string;
    callee?: { name?: string };
    arguments?: unknown[];
    loc?: { start: { line: number } };
  };
  const name = call.callee?.name ?? "";
  if (call.type === "CallExpression" && NAME.test(name)) {
    yield { name, values: call.arguments?.length ?? 0, line: call.loc?.start.line ?? 0 };
  }
  for (const child of Object.values(node)) yield* callsIn(child);
}
