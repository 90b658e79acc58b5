import { assert, assertStringIncludes } from "@std/assert";
import bench from "../../docs/bench.json" with { type: "json" };
import { ratioTable } from "../../tools/bench/report.ts";

Deno.test("the page on speed shows the record that was taken last", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/performance.md", import.meta.url));
  assert(bench.results.length > 10);
  assertStringIncludes(page, ratioTable(bench.results));
});
