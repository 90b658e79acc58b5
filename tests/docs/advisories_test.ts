import { assert, assertEquals } from "@std/assert";

const page = await Deno.readTextFile(new URL("../../docs/advisories.md", import.meta.url));
const [modelled = "", outside = ""] = page.split("## Outside the model");

/** Rows of the first table: number of the advisory, cells of the two releases, test file. */
const rows = [...modelled.matchAll(/^\| XSA-(\d+) +\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\| `(\w+\.ts)` +\|$/gm)].map((
  cells,
) => cells.slice(1).map((cell) => cell.trim()));

Deno.test("every advisory that the model can try names a test file whose tests name the advisory", async () => {
  assert(rows.length >= 12);
  for (const [number, , , , , file] of rows) {
    const text = await Deno.readTextFile(new URL(`../core/xen/${file}`, import.meta.url));
    // XSA-408 mends the flush that XSA-401 is about, and XSA-279 the flush of a refused update: the same tests hold them.
    const named = { "408": "XSA-401", "279": "is refused flushes all the same in 3.1; 4.17 skips that" }[number ?? ""];
    assert(text.includes(named ?? `XSA-${number}`), `${file} has no test of XSA-${number}`);
  }
});

Deno.test("every advisory that the tests name is a row, and none is both inside and outside", async () => {
  const files = ["attacks_test.ts", "advisories_test.ts"];
  const texts = await Promise.all(
    files.map((file) => Deno.readTextFile(new URL(`../core/xen/${file}`, import.meta.url))),
  );
  const named = new Set(texts.flatMap((text) => [...text.matchAll(/XSA-(\d+)/g)].map(([, number]) => number)));
  const inside = new Set(rows.map(([number]) => number));
  assertEquals([...named].filter((number) => !inside.has(number)), []);
  const others = [...outside.matchAll(/^\| XSA-([^|]*)\|/gm)].flatMap(([, cell]) => cell?.match(/\d+/g) ?? []);
  assert(others.length >= 15);
  assertEquals(others.filter((number) => inside.has(number)), []);
});
