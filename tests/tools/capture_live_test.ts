import { runDeno } from "../../tools/command/process.ts";
import { assertEquals } from "@std/assert";

/** The live guests need more than tests are given themselves. */
async function captureGuests(...flags: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, out, err } = await runDeno(["run", "--no-lock", ...flags, "tests/tools/live/capture_guests.ts"]);
  return { code, out, err: err.trim() };
}

const { code, out, err } = await captureGuests("-A");

Deno.test({
  name: `a captured guest has QEMU's leaves, line by line, in all four paging modes${
    code === 3 ? ` (skipped: ${err})` : ""
  }`,
  ignore: code === 3,
  fn() {
    const lines = ["two-level", "pae", "4-level", "5-level"].map((mode) => `${mode}: every leaf is QEMU's\n`);
    assertEquals({ code, out, err }, { code: 0, out: lines.join(""), err: "" });
  },
});
