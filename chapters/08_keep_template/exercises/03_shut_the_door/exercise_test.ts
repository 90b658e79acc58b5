import { assert, assertEquals } from "@std/assert";
import { audit, boot, explain, type Run, type Strategy } from "@pagetable-init/textbook";
import type { Kernel } from "@pagetable-init/textbook/kernel";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { shut } from "./exercise.ts";

const booted = new Map<string, Run>();

/** A boot, once for all tests that ask for it. */
function bootOnce(platform: string, strategy: Strategy): Run {
  const id = `${platform} ${strategy.id}`;
  const run = booted.get(id) ?? boot({ platform, strategy, memory: "16M" });
  booted.set(id, run);
  return run;
}

const on = (platform: string) => bootOnce(platform, shut);
const kept = (platform: string) => bootOnce(platform, findStrategy("keep-template"));

Deno.test("the kernel of a 486 is closed to user mode", () => {
  const { userAccessible } = audit(on("native-486").machine).permissionErrors;
  assert(
    userAccessible.pages === 0,
    `${userAccessible.pages} pages are still open: head.S mapped more than the ` +
      "kernel's image",
  );
});

Deno.test("how much head.S mapped depends on the kernel", () => {
  const kernelEnd = 0x900000;
  const run = boot({ platform: "native-486", strategy: shut, memory: "32M", kernelEnd });
  const { pages } = audit(run.machine).permissionErrors.userAccessible;
  assert(
    pages === 0,
    `${pages} pages are still open in a kernel that ends at 0x900000: head.S maps more ` +
      "for a larger kernel, so ask every entry",
  );
});

Deno.test("the kernel can still use its memory", () => {
  const { coverage, permissionErrors } = audit(on("native-486").machine);
  assertEquals(
    coverage.mapped,
    coverage.lowmemPages,
    "Pages are gone, or lead to other frames: write the page's own pfn, and keep P",
  );
  assert(
    permissionErrors.notWritable.pages === 0,
    "RW is gone from pages that the kernel writes to: take US away and nothing else",
  );
});

Deno.test("flags that nobody asked about stay", () => {
  const flagsOf = ({ machine }: ReturnType<typeof on>) =>
    (explain(machine, 0xc0001000).steps.at(-1)?.lo ?? 0) & 0xfff;
  const [before, after] = [flagsOf(kept("native-486")), flagsOf(on("native-486"))];
  assertEquals(
    `0x${after.toString(16)}`,
    `0x${(before & ~0x004).toString(16)}`,
    `The leaf of page 0x1 had the flags 0x${before.toString(16)}; only US, 0x4, may go`,
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
    "On xen-pae no page is open, so no entry needs repair and none is to be written",
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
    "Pages are still open on native-p6: the first 12 MiB are small pages there too",
  );
});

Deno.test("a page that user mode may only read is closed as well", () => {
  const prepare = (kernel: Kernel) => {
    const entry = kernel.lookupAddress(kernel.va(0x700)) ?? 0;
    kernel.bus.storeEntry(entry, 0, 0x700025); // P US A
  };
  const { machine } = boot({
    platform: "native-486",
    strategy: { ...shut, prepare },
    memory: "32M",
  });
  const lo = (explain(machine, 0xc0700000).steps.at(-1)?.lo ?? 0) & 0xfff;
  assertEquals(
    `0x${lo.toString(16)}`,
    "0x21",
    "The leaf of page 0x700 had the flags 0x25, US without RW: user mode can read it, " +
      "and only US may go",
  );
});
