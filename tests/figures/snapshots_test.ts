import { assert, assertEquals } from "@std/assert";
import { renderSvg } from "../../chapters/figures/mod.ts";
import { SAMPLE_FIGURES } from "./sample_figures.ts";
import { snapshotText, snapshotUrl } from "./snapshots.ts";
import { countMarks, xmlError } from "./svg_text.ts";

const UPDATE = "deno run --allow-read --allow-write tests/figures/snapshots.ts";

function firstDifference(kept: string, drawn: string): string {
  const [was, is] = [kept.split("\n"), drawn.split("\n")];
  const at = is.findIndex((line, index) => line !== was[index]);
  const line = at < 0 ? is.length : at;
  return `line ${line + 1} was\n  ${was[line]}\nand is\n  ${is[line]}`;
}

for (const [name, draw] of Object.entries(SAMPLE_FIGURES)) {
  Deno.test(`${name} is drawn as it is kept, byte for byte, and the same when drawn again`, async () => {
    const kept = await Deno.readTextFile(snapshotUrl(name));
    const drawn = snapshotText(draw());
    assert(kept === drawn, `${name}: ${firstDifference(kept, drawn)}\nIf the new drawing is right: ${UPDATE}`);
    assertEquals(snapshotText(draw()), drawn);
  });

  Deno.test(`${name} is well-formed, with words and data, below 2,000 marks`, () => {
    const { caption, description, table } = draw();
    const svg = renderSvg(draw(), { id: "figure", scheme: "auto" });
    assertEquals(xmlError(svg), undefined);
    assert(countMarks(svg) < 2000, `${countMarks(svg)} marks`);
    assert(caption.endsWith("."), caption);
    assert(description.length > 20 && description.endsWith("."), description);
    assert(table.rows.length > 0 && table.header.length > 1);
    for (const row of table.rows) assertEquals(row.length, table.header.length);
    assert(!/NaN|undefined|Infinity/.test(svg + description + JSON.stringify(table)), "a number is none");
  });
}

Deno.test("every figure function has an example that is kept", async () => {
  const folder = new URL("../../chapters/figures/", import.meta.url);
  const missing: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    const isFigure = /^export function [^]*?\): Figure \{$/m.test(await Deno.readTextFile(new URL(name, folder)));
    if (isFigure && !(name.replace(/\.ts$/, "") in SAMPLE_FIGURES)) missing.push(name);
  }
  assertEquals(missing, []);
});
