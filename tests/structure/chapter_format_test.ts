import { assertEquals } from "@std/assert";
import { runDeno } from "../../tools/command/process.ts";

Deno.test("chapters and exercises are formatted to the width of a page", async () => {
  const { code, err } = await runDeno(["fmt", "--check", "--config=chapters/fmt.json"]);
  assertEquals(code, 0, err);
});
