import { assert, assertEquals, assertMatch } from "@std/assert";
import { auditCommand } from "../../tools/audit.ts";
import { blameCommand } from "../../tools/blame.ts";
import { explainCommand } from "../../tools/explain.ts";
import { runHere } from "./run_here.ts";

const BOOT = "tests/fixtures/boots/2.6.20-pentium3-64M.jsonl.gz";

Deno.test("a moment of a recording can be given wherever a state can: by number, end, function and address", async () => {
  const pages = async (moment: string) => {
    const { code, out, err } = await runHere(auditCommand, `${BOOT}${moment}`, "--json");
    assertEquals([code, err], [0, ""]);
    return JSON.parse(out).leaves;
  };
  assertEquals(await pages("@end"), 16);
  assertEquals(await pages(""), 16); // a recording without a moment is its end
  assertEquals(await pages("@2051"), await pages("@write-to 0xc0100000"));
  assertEquals(await pages("@kernel_physical_mapping_init"), await pages("@2051"));
  assertEquals(await pages("@kernel_physical_mapping_init+3"), await pages("@2051") + 3); // three large pages more
});

Deno.test("explain walks the tables of a moment", async () => {
  const before = await runHere(explainCommand, `${BOOT}@2050`, "0xc0100000");
  const after = await runHere(explainCommand, `${BOOT}@2051`, "0xc0100000");
  assertMatch(before.out, /user read +allowed/);
  assertMatch(after.out, /user read +#PF/);
});

Deno.test("a moment that is none is one line that says which there are, exit 2", async () => {
  for (
    const [moment, said] of [["@0", "it is on from @"], ["@99999", "a step of 0 to"], [
      "@kernel_physical_maping_init",
      "did you mean kernel_physical_mapping_init?",
    ]] as const
  ) {
    const { code, out, err } = await runHere(auditCommand, `${BOOT}${moment}`);
    assertEquals([code, out, err.split("\n").length], [2, "", 2]);
    assert(err.includes(said), err);
  }
});

Deno.test("blame says who took user mode's right away, as text and as JSON, up to a step", async () => {
  const text = await runHere(blameCommand, BOOT, "0xc0100000");
  assertMatch(text.out, /2051 +kernel_physical_mapping_init.*lost user/);
  const { rows } = JSON.parse((await runHere(blameCommand, BOOT, "0xc0100000", "--json")).out);
  assertEquals([rows.at(-1).who, rows.at(-1).lost], ["kernel_physical_mapping_init", ["user"]]);
  const earlier = await runHere(blameCommand, BOOT, "0xc0100000", "--until", "2050");
  assert(!earlier.out.includes("kernel_physical_mapping_init"));
});
