import { assertEquals } from "@std/assert";
import { boot, matrix } from "@pagetable-init/textbook";

Deno.test("a cell names the rule of Xen's that refused, with the step and the message of the boot; no other stop has a rule", () => {
  const strategies = ["write-always", "panic-on-remap", "filter-set-pte"];
  const rows = [...matrix({ strategies, platforms: ["xen-pae"], memory: "16M" })].map(({ row }) => row);
  const [refused, panicked, booted] = strategies.map((strategy) =>
    boot({ platform: "xen-pae", strategy, memory: "16M" }).outcome
  );
  const stopOf = (outcome: typeof refused) => outcome?.ok === false ? outcome.stop : undefined;
  const refusal = stopOf(refused);
  assertEquals(refusal?.kind === "refused-by-xen" && refusal.refusal.rule, rows[0]?.stop?.rule);
  assertEquals(rows[0]?.stop, {
    kind: "refused-by-xen",
    message: refusal?.message ?? "",
    step: refusal?.step ?? -1,
    rule: "type-conflict",
  });
  assertEquals([rows[1]?.stop?.kind, rows[1]?.stop?.rule], [stopOf(panicked)?.kind, undefined]);
  assertEquals([booted?.ok, rows[2]?.booted, rows[2]?.stop], [true, true, undefined]);
});
