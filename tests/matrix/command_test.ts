import { runDeno } from "../../tools/command/process.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

async function matrix(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, out, err } = await runDeno(["run", "--allow-read", "tools/matrix.ts", ...args]);
  return { code, out, err };
}

Deno.test("the command runs a whole matrix on workers, with progress, and tells the counts", async () => {
  const { code, out, err } = await matrix("two-level");
  assertEquals(code, 0);
  assertMatch(out, /^two-level +2,654,208 cases: {2}277,888 succeed, 2,376,320 fault; 0 differences \([\d.]+ s\)\n$/);
  assertStringIncludes(err, "two-level: 100% of 2,654,208 cases, 0 differences\n");
});

Deno.test("the command refuses a mode that does not exist, and names those that do", async () => {
  assertEquals(await matrix("3-level"), {
    code: 2,
    out: "",
    err: "matrix: expected two-level, pae, 4-level, 5-level but found 3-level; did you mean 4-level?\n",
  });
});
