import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { docsCommand } from "../../tools/docs.ts";
import { buildDocs } from "../../tools/docs/site.ts";

const folder = await Deno.realPath(await Deno.makeTempDir());
await Deno.writeTextFile(`${folder}/mine.txt`, "mine");
const count = await buildDocs(folder);
const files: string[] = [];
async function listFiles(below = ""): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(`${folder}/${below}`)) {
    if (isFile) files.push(below + name);
    else await listFiles(`${below}${name}/`);
  }
}
await listFiles();
const pages = new Map<string, string>();
for (const path of files.filter((name) => name.endsWith(".html"))) {
  pages.set(path, await Deno.readTextFile(`${folder}/${path}`));
}

/** Addresses in attributes, as the browser reads them. */
function addresses(html: string): string[] {
  return [...html.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, url = ""]) => url.replaceAll("&#x2F;", "/"));
}

Deno.test("the reference has a page for every verb, and leaves what else is in the folder", async () => {
  for (const verb of ["boot", "access", "explain", "audit"]) assert(pages.has(`~/${verb}.html`), verb);
  assertEquals(pages.size, count);
  assertEquals(await Deno.readTextFile(`${folder}/mine.txt`), "mine");
});

Deno.test("no page names a path of this machine, or loads anything from elsewhere", () => {
  const root = new URL("../../", import.meta.url).pathname;
  for (const [path, html] of pages) {
    const text = html.replaceAll("&#x2F;", "/");
    assert(!text.includes(root) && !text.includes("file:"), path);
    const loaded = [...text.matchAll(/<(?:script|link|img)[^>]+(?:src|href)="([^"]*)"/g)].map(([, url = ""]) => url);
    assertEquals(loaded.filter((url) => /^([a-z]+:|\/)/.test(url)), [], path);
  }
});

Deno.test("every link of a page leads to a page or a file that is there", () => {
  const there = new Set(files);
  const lost = new Set<string>();
  for (const [path, html] of pages) {
    for (const address of addresses(html)) {
      const { pathname, protocol } = new URL(address.split("#")[0] ?? "", `site:/${path}`);
      if (protocol !== "site:" || address.startsWith("#")) continue;
      if (!there.has(decodeURIComponent(pathname.slice(1)))) lost.add(`${path}: ${address}`);
    }
  }
  assertEquals([...lost].slice(0, 5), []);
});

Deno.test("every link into the glossary leads to an entry", () => {
  const ids = new Set([...pages.get("glossary.html")?.matchAll(/ id="([^"]+)"/g) ?? []].map(([, id]) => id));
  const anchors = new Set(
    [...pages.values()].flatMap(addresses).flatMap((url) => /glossary\.html#(.+)/.exec(url)?.[1] ?? []),
  );
  assert(anchors.size > 40);
  assertEquals([...anchors].filter((anchor) => !ids.has(anchor)), []);
});

Deno.test("the first page lists the parts by the names that import them", () => {
  for (const part of Object.keys(config.exports).filter((name) => name !== ".")) {
    assertStringIncludes(pages.get("index.html") ?? "", `<code>${config.name}${part.slice(1)}</code>`);
  }
});

Deno.test("the first page lists the front door by category", () => {
  const front = pages.get("index.html") ?? "";
  for (
    const [title, name] of [["Verbs", "boot"], ["Facts", "CPUS"], ["Machine", "Machine"], ["Types", "Run"]] as const
  ) {
    const list = [...front.matchAll(/<li>([^<]*): (.*?)<\/li>/gs)].find(([, heading]) => heading === title)?.[2] ?? "";
    assertStringIncludes(list, `<a href="~/${name}.html"><code>${name}</code></a>`);
  }
});

Deno.test("the glossary links what the library has of the same name", () => {
  assertMatch(pages.get("glossary.html") ?? "", /<a href="mmu\/~\/formatFlags\.html"><code>formatFlags<\/code><\/a>/);
});

Deno.test("docs says in its help what it writes", () => {
  assertStringIncludes(docsCommand.help, "usage: deno task docs [--out DIR]");
});
