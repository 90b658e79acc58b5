import { assert, assertEquals, assertThrows } from "@std/assert";
import bench from "../../docs/bench.json" with { type: "json" };
import { GROWTH_PICTURES, growthPicture } from "../../tools/bench/growth_figure.ts";
import { PERFORMANCE_PAGE, withTables } from "../../tools/bench/performance_page.ts";

const page = await Deno.readTextFile(PERFORMANCE_PAGE);

Deno.test("the page on speed shows the record that was taken last", () => {
  assert(bench.results.length > 10 && bench.felt.length > 10 && bench.peers.length > 3);
  assertEquals(withTables(page, bench), page);
  const [line] = bench.results;
  assert(line !== undefined && withTables(page, { ...bench, results: [{ ...line, ratio: 9.87 }] }).includes("9.87"));
  assertThrows(() => withTables(page.replace("<!-- felt -->", ""), bench), RangeError, "the table felt");
});

Deno.test("the pictures of growth are those of the record", async () => {
  for (const paper of ["light", "dark"] as const) {
    assertEquals(await Deno.readTextFile(GROWTH_PICTURES[paper]), growthPicture(bench.growth, paper));
  }
});
