/**
 * The place of a planted bug: a function, method or constant of a file, found in its syntax tree, so that the bug survives a reformat.
 *
 * @module
 */

import { parse } from "@babel/parser";

/** What is used of a node of the syntax tree. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** Where something stands in a source file. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds a declaration.
 *
 * @param source A TypeScript file.
 * @param name `function`, `Class`, `Class.method`, `constant`, or `constant.property`; a private method is `Class.#method`.
 * @returns Where it stands.
 * @throws {RangeError} If there is none, or more than one.
 */
export function placeOf(source: string, name: string): Place {
  const [outer = "", inner] = name.split(".");
  const { program } = parse(source, { sourceType: "module", plugins: ["typescript"] });
  const found = nodesIn(program as unknown as Node).filter((node) => isNamed(node, outer));
  const places = inner === undefined
    ? found
    : found.flatMap((node) =>
      nodesIn(node).filter((it) => isMember(it, inner, node.type === "ClassDeclaration" ? OF_CLASS : OF_OBJECT))
    );
  const [place] = places;
  if (place === undefined || places.length > 1) {
    throw new RangeError(`Expected ${name} once in the file but found it ${places.length} times`);
  }
  return { start: place.start, end: place.end };
}

/** A node and all below it. */
function nodesIn(node: Node): Node[] {
  const children = Object.values(node).flat().filter(isNode);
  return [node, ...children.flatMap(nodesIn)];
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Partial<Node>).type === "string" &&
    typeof (value as Partial<Node>).start === "number";
}

function isNamed({ type, id }: Node, name: string): boolean {
  const declares = ["FunctionDeclaration", "ClassDeclaration", "VariableDeclarator"].includes(type);
  return declares && isNode(id) && id["name"] === name;
}

const OF_CLASS = ["ClassMethod", "ClassPrivateMethod", "ClassProperty", "ClassPrivateProperty"];
const OF_OBJECT = ["ObjectMethod", "ObjectProperty"];

function isMember({ type, key }: Node, name: string, members: readonly string[]): boolean {
  if (!members.includes(type) || !isNode(key)) return false;
  const isPrivate = key.type === "PrivateName" && isNode(key["id"]);
  return (isPrivate ? `#${(key["id"] as Node)["name"]}` : key["name"] ?? key["value"]) === name;
}

const TOKENS = /"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|[\w$#]+|[^\s\w$#]/g;

/**
 * A pattern that finds source text however it is broken into lines.
 *
 * @param text The text.
 * @returns A pattern for the whole of it, with any white space between two tokens, and with or without a comma before a closing bracket.
 */
export function patternOf(text: string): RegExp {
  const tokens = (text.match(TOKENS) ?? []).map((token) => {
    const literal = token.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    return /^[)\]}]$/.test(token) ? `,?\\s*${literal}` : literal;
  });
  return new RegExp(tokens.join("\\s*"), "g");
}
