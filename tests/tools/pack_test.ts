import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { packedPage } from "../../tools/pack/links.ts";
import { METADATA } from "../../tools/pack/metadata.ts";
import { packageJson } from "../../tools/pack/pack.ts";

const root = new URL("../../", import.meta.url);
const REPOSITORY = "https://example.org/somebody/textbook";
const files: ReadonlySet<string> = new Set(config.publish.include);
const pages = [...files].filter((file) => file.endsWith(".md"));

/** Targets of all links and images of a page. */
function targetsOf(page: string): string[] {
  return [...page.matchAll(/\]\(([^)\s]+)\)|\ssrc(?:set)?="([^"]+)"/g)].map(([, link, image]) => link ?? image ?? "");
}

Deno.test("without a repository every relative link of a packed page leads to a packed file", async () => {
  for (const path of pages) {
    const page = packedPage(await Deno.readTextFile(new URL(path, root)), path, { files, repository: "" });
    const lost = targetsOf(page).filter((target) =>
      !/^(https?:|#)/.test(target) && !files.has(target.split("#")[0] ?? "")
    );
    assertEquals(lost, [], path);
  }
});

Deno.test("with a repository every link of a packed page is absolute or leads to a packed file, and what it names is there", async () => {
  const page = packedPage(await Deno.readTextFile(new URL("README.md", root)), "README.md", {
    files,
    repository: REPOSITORY,
  });
  const inside = targetsOf(page).filter((target) => target.startsWith(REPOSITORY));
  assert(inside.length >= 5);
  for (const target of inside) {
    const [, form = "", path = ""] = /^\/(blob|raw)\/HEAD\/([^#]*)/.exec(target.slice(REPOSITORY.length)) ?? [];
    assertEquals(form, path.endsWith(".svg") ? "raw" : "blob");
    assert(await Deno.stat(new URL(path, root)), target);
  }
  assertEquals(targetsOf(page).filter((target) => !/^https?:/.test(target) && !files.has(target)), []);
});

Deno.test("a link keeps its words, and is relative to its page", () => {
  const packed = { files: new Set(["docs/traps.md", "README.md"]), repository: REPOSITORY };
  const page = "[a](../README.md#top) [b](../core/boot.ts#L1) [c](#here) [d](https://deno.com) ![e](x.svg)";
  assertEquals(
    packedPage(page, "docs/traps.md", packed),
    `[a](../README.md#top) [b](${REPOSITORY}/blob/HEAD/core/boot.ts#L1) [c](#here) [d](https://deno.com) ![e](${REPOSITORY}/raw/HEAD/docs/x.svg)`,
  );
  assertEquals(
    packedPage(page, "docs/traps.md", { ...packed, repository: "" }),
    "[a](../README.md#top) b [c](#here) [d](https://deno.com) ",
  );
});

Deno.test("package.json says what registries show; the repository only if the owner has set it", () => {
  const made = JSON.stringify({ name: "a", version: "1.0.0", type: "module" });
  const { repository: _, ...shown } = METADATA;
  const known = { name: "a", version: "1.0.0", ...shown, sideEffects: false, type: "module" };
  assertEquals(JSON.parse(packageJson(made, { ...METADATA, repository: "" })), known);
  assertEquals(JSON.parse(packageJson(made, { ...METADATA, repository: REPOSITORY })), {
    ...known,
    repository: { type: "git", url: `git+${REPOSITORY}.git` },
  });
});

Deno.test("the description is one sentence, the keywords are single words", () => {
  assert(METADATA.description.length > 50 && METADATA.description.length < 250);
  for (const word of METADATA.keywords) assert(/^[a-z0-9-]+$/.test(word), word);
});
