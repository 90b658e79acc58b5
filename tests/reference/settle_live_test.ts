import { runDeno } from "../../tools/command/process.ts";
import { assertEquals } from "@std/assert";

/** Runs the task as a user would; it needs all that a live machine needs, which tests are not given themselves. */
async function settle(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, out, err } = await runDeno(["run", ...args]);
  return { code, out, err: err.trim() };
}

/** The merged rule, where Xen allows all of it and where it refuses it. `deno task settle` asks about every row. */
const SAMPLE = ["filter-set-pte", "filter-set-pte-highest-first"];

const presence = await settle("-A", "tools/reference.ts", "xen", "--ops", "0");
const absent = presence.code === 3;
Deno.test({
  name: "the live Xen says of two rows of the debate what it said when it was recorded" +
    (absent ? ` (skipped: ${presence.err})` : ""),
  ignore: absent,
  async fn() {
    const [live, onRecord] = [
      await settle("-A", "tools/settle.ts", ...SAMPLE),
      await settle("-A", "tools/settle.ts", "--recorded", ...SAMPLE),
    ];
    assertEquals(live, onRecord);
    assertEquals([live.code, live.err], [0, ""], live.out);
  },
});
