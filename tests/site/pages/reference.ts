import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseHTML } from "linkedom";
import config from "../../../deno.json" with { type: "json" };
import { readReference } from "../../../tools/site/api_reference.ts";
import { pages } from "./built.ts";

const ROOT = new URL("../../../", import.meta.url);

function documentOf(part: string): Document {
  const file = part === "." ? "api.html" : `api_${part.slice(2)}.html`;
  return parseHTML(`<html><body>${pages.find((page) => page.file === file)?.body ?? ""}</body></html>`).document;
}

Deno.test("the reference has a page for each part, and on it every value that the part exports", async () => {
  for (const [part, path] of Object.entries(config.exports)) {
    const names = [...documentOf(part).querySelectorAll("h3[id]")].map(({ id }) => id);
    const module = await import(new URL(path, ROOT).href);
    assertEquals(Object.keys(module).filter((name) => !names.includes(name)), [], part);
  }
});

Deno.test("the front page of the reference has the 45 names of the root", () => {
  assertEquals(documentOf(".").querySelectorAll("h3[id]").length, 45);
});

Deno.test("a function is told with signature, parameters, results, errors and example; an interface with its fields", async () => {
  const parts = await readReference();
  const symbols = parts.get(new URL("core/mapper/mod.ts", ROOT).href)?.symbols ?? [];
  const mapPage = symbols.find(({ name }) => name === "mapPage");
  assert(mapPage !== undefined);
  assertStringIncludes(mapPage.signature, "function mapPage(machine: Machine, address: Address");
  const kinds = new Set(mapPage.tags.map(({ kind }) => kind));
  for (const kind of ["param", "return", "throws", "example"]) assert(kinds.has(kind), kind);
  const page = symbols.find(({ name }) => name === "Page");
  assertStringIncludes(page?.members ?? "", "readonly frame: number\n  First frame.");
  const kind = symbols.find(({ name }) => name === "MapErrorKind");
  assertEquals([kind?.kind, kind?.members], ["type", ""]);
});

Deno.test("every symbol of the reference says what it is", async () => {
  const parts = await readReference();
  const mute = [...parts.values()].flatMap(({ symbols }) =>
    symbols.filter(({ doc, signature }) => doc.trim() === "" || signature === "").map(({ name }) => name)
  );
  assertEquals(mute, []);
});
