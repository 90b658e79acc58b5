/**
 * TypeScript files as the cells of a notebook need them: without exports, and with imports that stand anywhere.
 *
 * @module
 */

import { parse } from "@babel/parser";

type Statement = ReturnType<typeof parse>["program"]["body"][number];

/** A name that is imported, and its name here. */
interface Imported {
  readonly from: string;
  readonly name: string;
  readonly as: string;
}

/** A file taken apart. */
export interface Parts {
  /** Names that it imports, types left out. */
  readonly imports: readonly Imported[];
  /** Its tests, and statements that have some in them, such as a loop. */
  readonly tests: readonly { readonly name: string; readonly body: string }[];
  /** Everything else, in order, as text without `export`. */
  readonly rest: string;
}

/**
 * Takes a file apart.
 *
 * @param source A module of TypeScript.
 * @returns Its parts.
 * @throws {SyntaxError} If it does not parse.
 */
export function partsOf(source: string): Parts {
  const { body } = parse(source, { sourceType: "module", plugins: ["typescript"] }).program;
  const tests = body.flatMap((statement) => testIn(statement, source));
  const rest: string[] = [];
  let end = 0;
  for (const statement of body) {
    const text = source.slice(end, statement.end ?? 0); // with the comments before it
    end = statement.end ?? 0;
    if (statement.type === "ImportDeclaration" || testIn(statement, source).length > 0) continue;
    rest.push(text.trim().replace(/^export (?=[a-z])/m, ""));
  }
  return { imports: body.flatMap(importsIn), tests, rest: rest.join("\n\n") };
}

function importsIn(statement: Statement): Imported[] {
  if (statement.type !== "ImportDeclaration" || statement.importKind === "type") return [];
  return statement.specifiers.flatMap((specifier) => {
    if (specifier.type !== "ImportSpecifier" || specifier.importKind === "type") return [];
    const { imported, local } = specifier;
    const name = imported.type === "Identifier" ? imported.name : imported.value;
    return [{ from: statement.source.value, name, as: local.name }];
  });
}

/** A test; or a statement with tests in it, such as a loop, which is one together. */
function testIn({ start, end, ...statement }: Statement, source: string): Parts["tests"] {
  const text = source.slice(start ?? 0, end ?? 0);
  const [, quoted] = /\bDeno\.test\(\s*(["`].*?["`]),/s.exec(text) ?? [];
  if (quoted === undefined || statement.type === "ImportDeclaration") return [];
  const name = quoted.slice(1, -1);
  if (
    text.startsWith("Deno.test(") && statement.type === "ExpressionStatement" &&
    statement.expression.type === "CallExpression"
  ) {
    const { arguments: [, body] } = statement.expression;
    return [{ name, body: source.slice(body?.start ?? 0, body?.end ?? 0) }];
  }
  const body = [
    "async () => {",
    "  const all = [];",
    "  const Deno = { test: (_, run) => all.push(run) };",
    text.split("\n").map((line) => `  ${line}`).join("\n"),
    "  for (const run of all) await run();",
    "}",
  ];
  return [{ name, body: body.join("\n") }];
}

/**
 * Imports as statements of a function.
 *
 * @param imports The imports.
 * @returns A line a module.
 */
export function dynamicImports(imports: readonly Imported[]): string[] {
  return [...Map.groupBy(imports, ({ from }) => from)].map(([from, names]) =>
    `const { ${
      names.map(({ name, as }) => name === as ? name : `${name}: ${as}`).join(", ")
    } } = await import("${from}");`
  );
}

/**
 * Imports as statements of a module.
 *
 * @param imports The imports.
 * @returns A line a module.
 */
export function staticImports(imports: readonly Imported[]): string[] {
  return [...Map.groupBy(imports, ({ from }) => from)].map(([from, names]) =>
    `import { ${names.map(({ name, as }) => name === as ? name : `${name} as ${as}`).join(", ")} } from "${from}";`
  );
}
