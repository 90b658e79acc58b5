import { runDeno } from "../../../tools/command/process.ts";
import { assertEquals } from "@std/assert";

/** Runs the checking program, which may start what tests may not. */
async function check(name: string): Promise<{ code: number; said: string }> {
  const { code, out, err } = await runDeno(["run", "-A", "tools/reference/xen/check.ts", name]);
  return { code, said: (out + err).trim() };
}

const presence = await check("bits");
const absent = presence.code === 3;

const CHECKS: readonly (readonly [name: string, claim: string])[] = [
  ["random", "the live Xen answers 3,000 random operations as it did when they were recorded"],
  ["claims", "the live Xen shows every claim about 64-bit guests"],
  ["bits", "the live Xen adds and refuses the same bits at every level"],
  ["machine", "another machine's page tables can be rebuilt on the live Xen, which judges its kernel's writes"],
];

for (const [name, claim] of CHECKS) {
  Deno.test({
    name: claim + (absent ? ` (skipped: ${presence.said}, or unpack the last with check.ts bits --fetch)` : ""),
    ignore: absent,
    async fn() {
      const { code, said } = name === "bits" ? presence : await check(name);
      assertEquals(code, 0, said);
    },
  });
}
