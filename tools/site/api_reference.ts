/**
 * What `deno doc` says of the library, as data.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };
import { Misuse } from "../command/arguments.ts";
import { firstError, runDeno } from "../command/process.ts";

/** A tag of a comment. */
export interface Tag {
  readonly kind: string;
  /** Name of a parameter. */
  readonly name?: string;
  /** Class of what is thrown. */
  readonly type?: string;
  readonly doc?: string;
}

/** A symbol of the library. */
export interface Documented {
  readonly name: string;
  /** What it is: function, interface and so on. */
  readonly kind: string;
  /** Its declaration without its members. */
  readonly signature: string;
  /** Its members with what is said of them, as text; empty if it has none. */
  readonly members: string;
  readonly doc: string;
  readonly tags: readonly Tag[];
}

/** A part of the library. */
export interface Part {
  /** What it says of itself. */
  readonly doc: string;
  readonly symbols: readonly Documented[];
}

interface Place {
  readonly filename: string;
  readonly line: number;
  readonly col: number;
}

interface Declaration {
  readonly location: Place;
  readonly kind: string;
  readonly def?: { readonly target?: Place };
  readonly jsDoc?: {
    readonly doc?: string;
    readonly tags?: readonly (Tag & { readonly tsType?: { readonly repr?: string } })[];
  };
}

interface DocJson {
  readonly nodes: Readonly<
    Record<string, {
      readonly module_doc?: { readonly doc?: string };
      readonly symbols: readonly { readonly name: string; readonly declarations: readonly Declaration[] }[];
    }>
  >;
}

async function denoDoc(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await runDeno(["doc", ...args], { env: { NO_COLOR: "1" } });
  if (code !== 0) throw new Misuse(`deno doc failed: ${firstError(err)}`);
  return out;
}

/** The parts of the library by the URL of their module. */
export async function readReference(): Promise<ReadonlyMap<string, Part>> {
  const files = Object.values(config.exports);
  const [json, text] = await Promise.all([denoDoc("--json", ...files), denoDoc(...files)]);
  const { nodes }: DocJson = JSON.parse(json);
  const printed = printedDeclarations(text);
  const found = new Map<string, Declaration>();
  for (const { symbols } of Object.values(nodes)) {
    for (const { declarations } of symbols) {
      for (const it of declarations) if (it.kind !== "reference") found.set(keyOf(it.location), it);
    }
  }
  return new Map(
    Object.entries(nodes).map(([url, { module_doc, symbols }]) => [url, {
      doc: withoutCode(module_doc?.doc ?? ""),
      symbols: symbols.flatMap(({ name, declarations: [first] }) => {
        const key = keyOf(first?.def?.target ?? first?.location);
        const declaration = found.get(key);
        return declaration === undefined ? [] : [documented(name, declaration, printed.get(key) ?? "")];
      }).sort((a, b) => a.name.localeCompare(b.name, "en")),
    }]),
  );
}

function keyOf(place: Place | undefined): string {
  return place === undefined ? "" : `${place.filename}:${place.line}`;
}

/** What `deno doc` prints of each declaration, by file and line. */
function printedDeclarations(text: string): ReadonlyMap<string, string> {
  const pieces = text.split(/^Defined in (.*:\d+):\d+$/m);
  return new Map(pieces.flatMap((piece, at) => at % 2 === 1 ? [[piece, (pieces[at + 1] ?? "").trim()] as const] : []));
}

/** Kinds of symbols that have other names in prose. */
const KIND_WORDS: Readonly<Record<string, string>> = { typeAlias: "type", variable: "constant" };

function documented(name: string, { kind, jsDoc }: Declaration, printed: string): Documented {
  const [signature = "", ...after] = printed.split("\n");
  const end = after.findIndex((line) => /^\S/.test(line)); // what another module says of itself
  const rest = end < 0 ? after : after.slice(0, end);
  const said = new Set((jsDoc?.doc ?? "").split("\n").map((line) => line.trim()));
  const first = rest.findIndex((line) => /^ {2}[^ @]/.test(line) && !said.has(line.trim()));
  const members = first < 0 ? "" : rest.slice(first).join("\n");
  const tags = (jsDoc?.tags ?? []).map(({ tsType, ...tag }) => ({ ...tag, type: tsType?.repr ?? "" }));
  return {
    name,
    kind: KIND_WORDS[kind] ?? kind,
    signature,
    members: members.replace(/^ {2}/gm, "").trimEnd(),
    doc: jsDoc?.doc ?? "",
    tags,
  };
}

/** The text of a part without its example: the pages of its symbols have theirs. */
function withoutCode(markdown: string): string {
  return markdown.replace(/```ts\n[^]*?\n```/g, "").trim();
}
