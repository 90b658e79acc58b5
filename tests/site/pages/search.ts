import { assert, assertEquals } from "@std/assert";
import MiniSearch from "minisearch";
import { searchIndex } from "../../../tools/site/search_index.ts";
import { INDEX_OPTIONS, type Section } from "../../../tools/site/client/search.ts";
import { packIndex, unpackIndex } from "../../../tools/site/client/search_pack.ts";
import { pages } from "./built.ts";

const text = searchIndex(pages);
const search = MiniSearch.loadJSON<Section>(unpackIndex(text), INDEX_OPTIONS);

Deno.test("an index that is packed and unpacked finds the same", () => {
  const index = new MiniSearch<Section>(INDEX_OPTIONS);
  index.addAll([
    { id: "a", title: "One page", page: "p", text: "a page, a page and a table" },
    { id: "b#two", title: "Two", page: "p", text: "table" },
    { id: "b#two-1", title: "Two", page: "q", text: "one more" },
  ]);
  const again = MiniSearch.loadJSON<Section>(unpackIndex(packIndex(JSON.stringify(index))), INDEX_OPTIONS);
  for (const words of ["page", "tabl", "one", "nothing"]) {
    assertEquals(
      again.search(words).map(({ id, title, page, score }) => [id, title, page, score]),
      index.search(words).map(({ id, title, page, score }) => [id, title, page, score]),
    );
  }
});

Deno.test("chapters, glossary, claims, exercises and the reference are found, each in its section", () => {
  const first = (words: string) => search.search(words).map(({ id }) => String(id));
  assert(first("global bit flush").some((id) => id.startsWith("03_tlb.html#")));
  assert(first("machine frame number").some((id) => id.startsWith("glossary.html#")));
  assert(first("mapPage").includes("api_mapper.html#mapPage"));
  assert(first("cut linear address").some((id) => id.startsWith("exercises_01_one_page_table.html#")));
  assert(search.search("claims").some(({ id }) => String(id).startsWith("claims.html")));
});

Deno.test("what learners ask in words of their own is found in the glossary first", () => {
  const asked = {
    "recursive mapping": "recursive-mapping",
    "self map": "recursive-mapping",
    "triple fault": "triple-fault",
    "higher half": "higher-half",
    "identity mapping": "identity-map",
    "copy on write": "copy-on-write",
    "huge page": "large-page",
    "virtual address": "virtual-address",
  };
  for (const [words, entry] of Object.entries(asked)) {
    assertEquals(search.search(words)[0]?.id, `glossary.html#${entry}`, words);
  }
});

Deno.test("the search weighs 60 kB or less, compressed", async () => {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  const { byteLength } = await new Response(packed).arrayBuffer();
  assert(byteLength <= 52_000, `${byteLength} bytes`); // its program takes 7.3 kB
});

Deno.test("everything that is found is there", () => {
  const ids = new Set(
    pages.flatMap(({ file, body }) => [file, ...[...body.matchAll(/ id="([^"]*)"/g)].map(([, id]) => `${file}#${id}`)]),
  );
  const lost = search.search(MiniSearch.wildcard).map(({ id }) => String(id)).filter((id) => !ids.has(id));
  assertEquals(lost, []);
});
