import { assertEquals, assertThrows } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { NAMES } from "../../tools/offline/names.ts";
import { importMap, importMapUrl, jsrSpecifiers, standIns } from "../../tools/offline/import_map.ts";

const root = new URL("file:///book/");
const names = {
  name: "@scope/book",
  exports: { ".": "./mod.ts", "./core": "./core/mod.ts" },
  imports: {
    "@std/assert": "jsr:@std/assert@^1",
    "@std/testing": "jsr:@std/testing@^1.2",
    "plot": "npm:plot@0.6.17",
    "words/": "./core/words/",
  },
};

Deno.test("without JSR, a name that tests import leads to its stand-in", () => {
  const map = importMap(names, root);
  for (const [name, file] of Object.entries(standIns)) {
    assertEquals(map[name], file);
  }
});

Deno.test("without JSR, no name leads to JSR", () => {
  const targets = Object.values(importMap(names, root));
  assertEquals(targets.filter((target) => target.startsWith("jsr:")), []);
});

Deno.test("an npm import keeps its version, and its sub-paths too", () => {
  const map = importMap(names, root);
  assertEquals(map["plot"], "npm:plot@0.6.17");
  assertEquals(map["plot/"], "npm:/plot@0.6.17/");
});

Deno.test("a relative import is resolved against the folder of deno.json", () => {
  assertEquals(importMap(names, root)["words/"], "file:///book/core/words/");
});

Deno.test("the package can be imported by its own name, every export", () => {
  const map = importMap(names, root);
  assertEquals(map["@scope/book"], "file:///book/mod.ts");
  assertEquals(map["@scope/book/core"], "file:///book/core/mod.ts");
});

Deno.test("a single export given as a string is the package's own name", () => {
  const map = importMap({ ...names, exports: "./mod.ts" }, root);
  assertEquals(map["@scope/book"], "file:///book/mod.ts");
});

Deno.test("the import map travels as a data URL that decodes to itself", () => {
  const url = new URL(importMapUrl(names, root));
  const [, text = ""] = url.href.split("data:application/json,");
  assertEquals(JSON.parse(decodeURIComponent(text)), {
    imports: importMap(names, root),
  });
});

Deno.test("JSR is asked for the versions that deno.json names", () => {
  assertEquals(jsrSpecifiers(names), [
    "jsr:@std/assert@^1",
    "jsr:@std/testing@^1.2/bdd",
  ]);
});

Deno.test("a stand-in whose import is gone from deno.json is named", () => {
  assertThrows(
    () => jsrSpecifiers({ ...names, imports: {} }),
    RangeError,
    'Expected an import of "@std/assert" in deno.json but found none',
  );
});

Deno.test("every JSR import of this project has a stand-in", () => {
  const missing = Object.entries(NAMES.imports)
    .filter(([, target]) => target.startsWith("jsr:"))
    .filter(([key]) => !Object.keys(standIns).some((name) => `${name}/`.startsWith(`${key}/`)));
  assertEquals(missing, []);
});

Deno.test("deno.json itself names no package: deno task would fetch it before any task", () => {
  assertEquals(["imports" in config, "dependencies" in config, config.importMap], [
    false,
    false,
    "./tools/imports.json",
  ]);
});
