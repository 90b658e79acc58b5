import { assert } from "@std/assert";
import { matrix, type Row } from "../../core/matrix.ts";
import { PICTURES, verdictPicture } from "../../tools/report/picture.ts";

let computed: Row[] | undefined;

function rows(): Row[] {
  computed ??= [...matrix()].map(({ row }) => row);
  return computed;
}

for (const paper of ["light", "dark"] as const) {
  Deno.test(`the README's picture on ${paper} paper is what the program draws today`, async () => {
    const kept = await Deno.readTextFile(PICTURES[paper]);
    const update = "deno run --allow-read --allow-write tools/report/picture.ts";
    assert(kept === verdictPicture(rows(), paper), `docs/verdict_${paper}.svg is out of date: ${update}`);
  });
}
