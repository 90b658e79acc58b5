/**
 * What `deno doc --json` says about the public surface, and what is missing there.
 *
 * @module
 */

interface JsDoc {
  readonly doc?: string;
  readonly tags?: readonly { readonly kind: string; readonly doc?: string; readonly text?: string }[];
}

interface Member {
  readonly name?: string;
  readonly jsDoc?: JsDoc;
  readonly accessibility?: string;
}

/** A declaration, as far as it matters here. */
export interface Declaration {
  readonly location: { readonly filename: string };
  readonly jsDoc?: JsDoc;
  readonly kind: string;
  readonly def?: {
    readonly properties?: readonly Member[];
    readonly methods?: readonly Member[];
    readonly extends?: string;
    readonly implements?: readonly unknown[];
    readonly tsType?: { readonly repr?: string; readonly kind?: string };
  };
}

/** A module of the public surface. */
export interface PublicModule {
  readonly module_doc?: JsDoc;
  readonly symbols: readonly { readonly name: string; readonly declarations: readonly Declaration[] }[];
}

const ASSERTION = /\bassert\w*\(/;

function examples(doc: JsDoc | undefined): string[] {
  return (doc?.tags ?? []).filter(({ kind }) => kind === "example").map(({ doc, text }) => doc ?? text ?? "");
}

/**
 * What a module of the surface leaves unsaid.
 *
 * A function, a class and a table need an example of their own, with an assertion; a constant that is one number or text may stand in
 * that of a neighbour in the same file. Everything needs a summary: interfaces for each of their members, too.
 *
 * @param module The module.
 * @returns One line for each thing that is missing.
 */
export function missing({ module_doc, symbols }: PublicModule): string[] {
  const lines: string[] = [];
  if (!ASSERTION.test(module_doc?.doc ?? "")) lines.push("the module: no example with an assertion");
  const inFile = new Map<string, string>();
  for (const { declarations } of symbols) {
    for (const { location, jsDoc } of declarations) {
      inFile.set(location.filename, (inFile.get(location.filename) ?? "") + examples(jsDoc).join("\n"));
    }
  }
  for (const { name, declarations } of symbols) {
    const told = declarations.some(({ jsDoc }) => jsDoc !== undefined);
    for (const declaration of declarations) {
      if (told && declaration.jsDoc === undefined) continue; // an overload: told at its first declaration
      const neighbours = inFile.get(declaration.location.filename) ?? "";
      lines.push(...unsaid(name, declaration, neighbours).map((what) => `${name}: ${what}`));
    }
  }
  return lines;
}

function unsaid(name: string, declaration: Declaration, neighbours: string): string[] {
  const { jsDoc, kind, def } = declaration;
  if (kind === "reference") return []; // told where it is declared
  const lines = (jsDoc?.doc ?? "").trim() === "" ? ["no summary"] : [];
  if (kind === "interface") {
    for (const member of [...def?.properties ?? [], ...def?.methods ?? []]) {
      if ((member.jsDoc?.doc ?? "").trim() === "") lines.push(`no summary of ${member.name}`);
    }
  }
  if (kind === "class" && def?.extends === undefined && (def?.implements ?? []).length === 0) {
    for (const member of [...def?.properties ?? [], ...def?.methods ?? []]) {
      if (member.accessibility !== "private" && member.jsDoc === undefined) lines.push(`no summary of ${member.name}`);
    }
  }
  const own = examples(jsDoc).join("\n");
  const asserted = ASSERTION.test(own) || (isPlain(declaration) && new RegExp(`\\b${name}\\b`).test(neighbours));
  if (["function", "class", "variable"].includes(kind) && !asserted) lines.push("no example with an assertion");
  return lines;
}

/** A number or a text. */
function isPlain({ kind, def }: Declaration): boolean {
  const type = def?.tsType;
  if (kind !== "variable") return false;
  return type === undefined || type.kind === "literal" || type.repr === "number" || type.repr === "string";
}
