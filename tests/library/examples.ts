/**
 * The examples of doc comments, joined into one program: a test a block. One module is checked and started in the time that
 * `deno test --doc` needs for a few of its blocks, each of which is a module of its own there.
 *
 * @module
 */

/** A `ts` block of a doc comment. */
export interface Example {
  /** Where it begins, as `core/boot.ts:96`. */
  readonly place: string;
  /** Its lines, imports and all. */
  readonly lines: readonly string[];
}

const FENCE = /^\s*\* ?```(.*)$/;
const COMMENT_LINE = /^\s*\* ?/;
const IMPORT = /^import (type )?\{([^}]*)\} from "([^"]+)";$/;

/**
 * The `ts` blocks of a file's doc comments.
 *
 * @param path Its path, for the places.
 * @param source Its text.
 * @returns The blocks, in order.
 * @throws {RangeError} If a block has no end.
 */
export function examplesOf(path: string, source: string): Example[] {
  const found: Example[] = [];
  const lines = source.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const fence = FENCE.exec(lines[at] ?? "")?.[1];
    if (fence === undefined) continue;
    const end = lines.findIndex((line, i) => i > at && FENCE.test(line));
    if (end < 0) throw new RangeError(`Expected an end of the block at ${path}:${at + 1} but found none`);
    if (fence === "ts") {
      const inner = lines.slice(at + 1, end).map((line) => line.replace(COMMENT_LINE, ""));
      found.push({ place: `${path}:${at + 1}`, lines: inner });
    }
    at = end;
  }
  return found;
}

/** Names that a program imports, by module; the value says whether a name is wanted as a type only. */
type Imports = Map<string, Map<string, boolean>>;

/** The blocks of one program, and the module of each name that they import. */
interface Program {
  readonly sources: Map<string, string>;
  readonly examples: Example[];
}

/**
 * Distributes blocks over as few programs as possible: in one program a name comes from one module.
 *
 * @param examples The blocks.
 * @returns The blocks of each program.
 */
export function inPrograms(examples: readonly Example[]): Example[][] {
  const programs: Program[] = [];
  for (const example of examples) {
    const imports: Imports = new Map();
    for (const line of splitImports(example.lines).head) addImport(imports, line, example.place);
    const wanted = [...imports].flatMap(([module, names]) => [...names.keys()].map((name) => [name, module] as const));
    const fits = programs.find(({ sources }) => wanted.every(([name, from]) => (sources.get(name) ?? from) === from));
    const program: Program = fits ?? { sources: new Map(), examples: [] };
    if (fits === undefined) programs.push(program);
    for (const [name, module] of wanted) program.sources.set(name, module);
    program.examples.push(example);
  }
  return programs.map(({ examples }) => examples);
}

/**
 * One program of all blocks.
 *
 * @param examples The blocks.
 * @returns Its text: imports, then a `Deno.test` a block.
 */
export function programOf(examples: readonly Example[]): string {
  const imports: Imports = new Map();
  const tests = examples.map(({ place, lines }) => {
    const { head, body } = splitImports(lines);
    for (const line of head) addImport(imports, line, place);
    const waits = body.some((line) => /\bawait\b/.test(line)) ? "async " : "";
    return `Deno.test(${JSON.stringify(place)}, ${waits}() => {\n${body.join("\n")}\n});\n`;
  });
  const heads = [...imports].map(([module, names]) => {
    const list = [...names].map(([name, typeOnly]) => typeOnly ? `type ${name}` : name);
    return `import { ${list.sort().join(", ")} } from ${JSON.stringify(module)};\n`;
  });
  return heads.join("") + tests.join("");
}

/** Import statements, each on one line, and the rest. */
function splitImports(lines: readonly string[]): { head: string[]; body: string[] } {
  const head: string[] = [];
  const body: string[] = [];
  let open = "";
  for (const line of lines) {
    if (open === "" && !/^import\b/.test(line)) body.push(line);
    else {
      open = `${open} ${line.trim()}`.trim();
      if (!open.endsWith(";")) continue;
      head.push(open);
      open = "";
    }
  }
  return { head, body };
}

function addImport(imports: Imports, line: string, place: string): void {
  const [, allTypes, list, module] = IMPORT.exec(line) ?? [];
  if (list === undefined || module === undefined) {
    throw new RangeError(`Expected an import of names at ${place} but found ${line}`);
  }
  const names = imports.get(module) ?? new Map<string, boolean>();
  imports.set(module, names);
  for (const item of list.split(",").map((text) => text.trim()).filter((text) => text !== "")) {
    const name = item.replace(/^type /, "");
    names.set(name, (names.get(name) ?? true) && (allTypes !== undefined || item !== name));
  }
}
