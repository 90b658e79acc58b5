import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { runDeno } from "../../tools/command/process.ts";
import { type Exported, unusedExports } from "./exports.ts";
import { sourcesBelow } from "./sources.ts";
import type { PublicModule } from "./surface.ts";

const root = new URL("../../", import.meta.url);
const MAX_ROOT_NAMES = 45;

/** The tags `@category` of a symbol. */
function categoriesOf({ declarations }: PublicModule["symbols"][number]): string[] {
  const tags = declarations.flatMap(({ jsDoc }) => jsDoc?.tags ?? []);
  return tags.filter(({ kind }) => kind === "category").map(({ doc = "" }) => doc.trim());
}

async function documented(...files: string[]): Promise<Record<string, PublicModule>> {
  const { code, out, err } = await runDeno(["doc", "--json", ...files]);
  assert(code === 0, err);
  const { nodes }: { nodes: Record<string, PublicModule> } = JSON.parse(out);
  return nodes;
}

/** What each part exports. */
async function partsOf(): Promise<Map<string, Exported[]>> {
  const { ".": whole, ...others } = config.exports;
  // apart: in one run what the whole takes from a part is only a reference
  const nodes = { ...await documented(whole), ...await documented(...Object.values(others)) };
  return new Map(
    Object.entries(config.exports).map(([part, path]) => {
      const symbols = nodes[new URL(path, root).href]?.symbols ?? [];
      const exported = symbols.map(({ name, declarations }) => ({
        name,
        file: declarations[0]?.location.filename.slice(root.href.length) ?? "",
        kind: declarations[0]?.kind ?? "",
        categories: categoriesOf({ name, declarations }),
      }));
      return [part, exported];
    }),
  );
}

const parts = await partsOf();
const namesOf = (part: string): string[] => (parts.get(part) ?? []).map(({ name }) => name);
const partNames = [...parts.keys()].filter((part) => part !== ".");

Deno.test(`the root exports at most ${MAX_ROOT_NAMES} names: verbs, tables of facts, and their types`, () => {
  const names = namesOf(".");
  assert(
    names.length > 20 && names.length <= MAX_ROOT_NAMES,
    `Expected at most ${MAX_ROOT_NAMES} but found ${names.length}`,
  );
  for (const verb of ["boot", "matrix", "access", "explain", "audit"]) assert(names.includes(verb), verb);
});

Deno.test("every name of the root has a category in the reference", () => {
  const known = ["Verbs", "Facts", "Machine", "Types"];
  const without = (parts.get(".") ?? []).filter(({ categories = [] }) =>
    categories.length !== 1 || !known.includes(categories[0] ?? "")
  );
  assertEquals(without, []);
});

Deno.test("every name is exported by one part, and what the root exports has a part too", () => {
  const homes = Map.groupBy(
    partNames.flatMap((part) => namesOf(part).map((name) => ({ name, part }))),
    ({ name }) => name,
  );
  assertEquals([...homes].filter(([, { length }]) => length > 1).map(([name]) => name), []);
  assertEquals(namesOf(".").filter((name) => !homes.has(name)), []);
});

Deno.test("every export is used by something besides its own example", async () => {
  const folders = ["core", "chapters", "tools", "tests"];
  const pages = ["README.md", "docs/commands.md"];
  for await (const { name, isDirectory } of Deno.readDir(new URL("chapters", root))) {
    if (isDirectory && /^\d/.test(name)) pages.push(`chapters/${name}/README.md`);
  }
  const paths = [...(await Promise.all(folders.map(sourcesBelow))).flat(), ...pages];
  const sources = new Map(
    await Promise.all(paths.map(async (path) => [path, await Deno.readTextFile(new URL(path, root))] as const)),
  );
  assertEquals(unusedExports(partNames.flatMap((part) => parts.get(part) ?? []), sources), []);
});

Deno.test("an unused export is named: a value that only its own file uses, a type that nothing names", () => {
  const own =
    "export const a = 1;\nexport const B = a;\nexport type C = 1;\nexport type D = 2;\nexport const e: D = 2;\n";
  const exported = ["a", "B", "C", "D", "e"].map((name) => ({
    name,
    file: "core/own.ts",
    kind: /[CD]/.test(name) ? "typeAlias" : "variable",
  }));
  const sources = new Map([
    ["core/own.ts", own],
    ["core/mod.ts", 'export { a, C } from "./own.ts";'],
    ["core/other.ts", 'import { B } from "./own.ts";\n// a and C\nB + "";\n'],
    ["chapters/01_a/README.md", "```ts\ne;\n```\n"],
  ]);
  assertEquals(unusedExports(exported, sources), ["C", "a"]);
});
