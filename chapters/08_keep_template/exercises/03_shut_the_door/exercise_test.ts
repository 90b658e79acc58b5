import { assert, assertEquals } from "@std/assert";
import { audit, boot, explain } from "@pagetable-init/textbook";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { shut } from "./exercise.ts";

const on = (platform: string) => boot({ platform, strategy: shut, memory: "32M" });
const kept = (platform: string) =>
  boot({ platform, strategy: findStrategy("keep-template"), memory: "32M" });

Deno.test("the kernel of a 486 is closed to user mode", () => {
  const { userAccessible } = audit(on("native-486").machine).permissionErrors;
  assert(
    userAccessible.pages === 0,
    `${userAccessible.pages} pages are still open: head.S mapped more than the ` +
      "kernel's image",
  );
});

Deno.test("the kernel can still use its memory", () => {
  const { coverage, permissionErrors } = audit(on("native-486").machine);
  assertEquals(
    coverage.mapped,
    coverage.lowmemPages,
    "Pages are gone, or lead to other frames",
  );
  assert(
    permissionErrors.notWritable.pages === 0,
    "RW is gone from pages that the kernel writes to: take US away and nothing else",
  );
});

Deno.test("flags that nobody asked about stay", () => {
  const flagsOf = ({ machine }: ReturnType<typeof on>) =>
    (explain(machine, 0xc0300000).steps.at(-1)?.lo ?? 0) & 0xfff;
  assertEquals(
    flagsOf(on("native-486")),
    flagsOf(kept("native-486")) & ~0x004,
    "Other flags than US have changed",
  );
});

Deno.test("only what needs repair is written", () => {
  const more = on("native-486").trace.length - kept("native-486").trace.length;
  assert(
    more <= 3072,
    `${more} entries were written for 3,072 open pages: the others need no repair`,
  );
  assertEquals(
    on("xen-pae").trace.length,
    kept("xen-pae").trace.length,
    "On Xen no page is open: nothing is to be written",
  );
});

Deno.test("under Xen it does no harm", () => {
  const { outcome } = on("xen-pae");
  assert(
    outcome.ok,
    `A page table was asked for writable: ${outcome.ok ? "" : outcome.stop.message}`,
  );
});

Deno.test("where there are large pages, the small ones are closed too", () => {
  assertEquals(
    audit(on("native-p6").machine).permissionErrors.userAccessible.pages,
    0,
    "Pages are still open on a CPU with PSE",
  );
});
