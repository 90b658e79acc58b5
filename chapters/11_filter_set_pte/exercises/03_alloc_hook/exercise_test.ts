import { assert, assertEquals } from "@std/assert";
import { audit, boot, explain, type Run } from "@pagetable-init/textbook";
import { P, RW } from "@pagetable-init/textbook/mmu";
import { withHook } from "./exercise.ts";

function bootOn(platform: string, memory = "64M"): Run {
  return boot({ platform, strategy: withHook, memory });
}

function stopOf({ outcome }: Run): string {
  return outcome.ok ? "" : outcome.stop.message;
}

Deno.test("the first new table can be linked", () => {
  const message = stopOf(bootOn("xen-pae"));
  assert(
    !message.includes("mmu_update"),
    "Xen refused the link: the page is still mapped writable when it is to become " +
      "a table",
  );
  assert(
    !message.includes("not present"),
    "The kernel cannot read its own table: a page table is read-only, not absent",
  );
  assertEquals(message, "");
});

Deno.test("only RW changes", () => {
  const { machine } = bootOn("xen-pae-nx-2008");
  const leaf = explain(machine, 0xc0002000).steps.at(-1);
  assertEquals(
    (leaf?.lo ?? 0) & (P | RW),
    P,
    "Page 2 is a table in the end: present and read-only",
  );
  assertEquals(
    audit(machine).coverage.wrongFrame,
    0,
    "A leaf leads to another frame than before",
  );
  assertEquals(
    (leaf?.lo ?? 0) & 0x060,
    0x060,
    "A and D were set in the leaf, and are gone: only RW was to change",
  );
});

Deno.test("no page table is writable in the end", () => {
  for (const platform of ["xen-pae", "xen-2level"]) {
    const run = bootOn(platform, "32M");
    assertEquals(stopOf(run), "", `${platform}: the boot stopped`);
    assertEquals(audit(run.machine).permissionErrors.writablePageTable.pages, 0);
  }
});

Deno.test("a page that is not mapped is left alone", () => {
  const { kernel } = boot({
    platform: "xen-pae",
    strategy: "filter-set-pte",
    memory: "32M",
  });
  withHook.prepare?.(kernel);
  kernel.ops.allocPt(0x2000 + 5); // beyond the end of memory: nothing maps it
});
