import { assert, assertEquals } from "@std/assert";
import { parseHTML } from "linkedom";
import config from "../../../deno.json" with { type: "json" };
import { readChapters } from "../../../tools/book/chapters.ts";
import { blocksOf } from "../../../tools/book/parse.ts";
import { MODULE_NAMES } from "../../../tools/site/client/modules.ts";
import { onPage } from "../../../tools/site/drawings.ts";
import { MOVING } from "../../../tools/site/figures/mod.ts";
import { pageHtml } from "../../../tools/site/layout.ts";
import { pages } from "./built.ts";

const notebooks = new Set(
  [...Deno.readDirSync(new URL("../../../notebooks/", import.meta.url))].map(({ name }) => `notebooks/${name}`),
);
const documents = new Map(pages.map((page) => [page.file, parseHTML(pageHtml(page)).document]));

Deno.test("every link of the site leads to a page of it, and every anchor to a heading there", () => {
  const lost: string[] = [];
  const anchors = new Map(
    [...documents].map((
      [file, document],
    ) => [file, new Set([...document.querySelectorAll("[id]")].map(({ id }) => id))]),
  );
  for (const [file, document] of documents) {
    for (const link of document.querySelectorAll("a[href]")) {
      const href = link.getAttribute("href") ?? "";
      if (/^https?:/.test(href) || notebooks.has(href)) continue;
      const [page = "", anchor = ""] = href.split("#");
      const target = anchors.get(page === "" ? file : page);
      if (target === undefined) lost.push(`${file}: no page ${href}`);
      else if (anchor !== "" && !target.has(anchor)) lost.push(`${file}: no heading ${href}`);
    }
  }
  assertEquals(lost, []);
});

Deno.test("every page has one first heading, no script in it, no handler, and asks for nothing from elsewhere", () => {
  for (const [file, document] of documents) {
    assertEquals(document.querySelectorAll("h1").length, 1, file);
    const scripts = [...document.querySelectorAll("script")].map((it) => it.getAttribute("src"));
    assertEquals(scripts, ["assets/theme.js", "assets/page.js"], file);
    for (const element of document.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        assert(!name.startsWith("on"), `${file}: ${name}`);
        if (name === "src" || (name === "href" && element.tagName !== "A")) {
          assert(!/^(?!data:,)\w+:|^\/\//.test(value), `${file}: ${value}`);
        }
      }
    }
  }
});

Deno.test("ids are unique on each page", () => {
  for (const [file, document] of documents) {
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    assertEquals(ids.filter((id, at) => ids.indexOf(id) !== at), [], file);
  }
});

Deno.test("a page of a chapter has every block and every figure of it", async () => {
  const chapters = await readChapters();
  assertEquals(chapters.length, 14);
  for (const { slug, page } of chapters) {
    const document = documents.get(`${slug}.html`);
    assertEquals(document?.querySelectorAll(".block").length, blocksOf(page).length, slug);
    assertEquals(
      document?.querySelectorAll("figure.drawing svg").length,
      page.text.match(/\(figures\/\w+\.svg\)/g)?.length,
      slug,
    );
    assert(!document?.body.innerHTML.includes("<!-- "), `${slug} shows a comment`);
  }
});

Deno.test("every figure with controls stands once in the site, and ten chapters or more have one", () => {
  const found = pages.flatMap(({ file, body }) =>
    [...body.matchAll(/<section class="moving" data-figure="([^"]*)"/g)].map(([, id]) => ({ file, id }))
  );
  assertEquals(found.map(({ id }) => id).sort(), MOVING.map(({ id }) => id).sort());
  assert(new Set(found.map(({ file }) => file)).size > 10);
});

Deno.test("a chapter and what it needs before anything runs weigh less than 40 kB compressed", async () => {
  for (const page of pages.filter(({ file }) => file !== "book.html")) {
    const packed = new Blob([pageHtml(page)]).stream().pipeThrough(new CompressionStream("gzip"));
    const { byteLength } = await new Response(packed).arrayBuffer();
    assert(byteLength < 32_000, `${page.file}: ${byteLength} bytes`); // programs and the style sheet take 7 kB
  }
});

Deno.test("blocks may import every part of the library", () => {
  const parts = Object.keys(config.exports).map((part) => config.name + part.slice(1));
  assertEquals(
    [...MODULE_NAMES].sort(),
    [...parts, "@pagetable-init/chapters", "@pagetable-init/chapters/hunting"].sort(),
  );
});

Deno.test("a drawing on a page takes the page's colours and brings no style sheet", () => {
  const svg =
    '<svg color="#1b2430" x="1"><style>a {}</style>\n<rect fill="#ffffff" height="100%" width="100%"/>\n<g fill="#0b62a8"/></svg>\n';
  assertEquals(onPage(svg), '<svg x="1"><g fill="var(--fig-clean, #0b62a8)"/></svg>');
});

Deno.test("what the chapters share needs nothing of Node, so that it runs in a page", async () => {
  const found: string[] = [];
  const folder = new URL("../../../chapters/", import.meta.url);
  const visit = async (path: string) => {
    for await (const { name, isDirectory } of Deno.readDir(new URL(path, folder))) {
      if (isDirectory && name !== "exercises") await visit(`${path}${name}/`);
      else if (name.endsWith(".ts") && /from "node:/.test(await Deno.readTextFile(new URL(path + name, folder)))) {
        found.push(path + name);
      }
    }
  };
  await visit("");
  assertEquals(found, []);
});
