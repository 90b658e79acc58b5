import { assert } from "@std/assert";
import { SNAPSHOTS, snapshotText, snapshotUrl } from "./snapshots.ts";

const UPDATE = "deno run --allow-read --allow-write tests/figures/snapshots.ts";

function firstDifference(kept: string, drawn: string): string {
  const [was, is] = [kept.split("\n"), drawn.split("\n")];
  const at = is.findIndex((line, index) => line !== was[index]);
  const line = at < 0 ? is.length : at;
  return `line ${line + 1} was\n  ${was[line]}\nand is\n  ${is[line]}`;
}

for (const [name, figure] of Object.entries(SNAPSHOTS)) {
  Deno.test(`${name} is drawn as it is kept, byte for byte`, async () => {
    const kept = await Deno.readTextFile(snapshotUrl(name));
    const drawn = snapshotText(figure());
    assert(kept === drawn, `${name}: ${firstDifference(kept, drawn)}\nIf the new drawing is right: ${UPDATE}`);
  });
}
