import { assertEquals, assertThrows } from "@std/assert";
import { Stopped } from "@pagetable-init/textbook/paravirt";
import { boot } from "../../../mod.ts";

const A_PAGE = 0x300;
const OTHER = 0x301;
const LEAF = 0x067;

function booted() {
  const { kernel, machine } = boot({ platform: "lguest", strategy: "write-always", memory: "16M" });
  const { bus, ops } = kernel;
  bus.store(kernel.va(A_PAGE), 0xaaaa);
  bus.store(kernel.va(OTHER), 0xbbbb);
  const entry = kernel.lookupAddress(kernel.va(A_PAGE)) ?? 0;
  const leafOf = (pfn: number) => pfn * 4096 + LEAF;
  return { kernel, machine, bus, ops, entry, leafOf, seen: () => bus.load(kernel.va(A_PAGE)) };
}

Deno.test("an entry that is stored under lguest is the low word, the second of the two", () => {
  const { kernel } = boot({ platform: "lguest", strategy: "write-always", memory: "16M" });
  const page = kernel.va(A_PAGE);
  kernel.bus.storeEntry(page, 0, 0x0012_3067);
  assertEquals(kernel.bus.load(page), 0x0012_3067);
  kernel.ops.writeBootLeaf(kernel.va(OTHER), page, 0, 0x0045_6067);
  assertEquals(kernel.bus.load(page), 0x0045_6067);
});

Deno.test("a leaf that is stored is not seen until the host hears of it: by set_pte, or by a flush of one page or of all", () => {
  const set = booted();
  set.ops.setPte?.(set.entry, 0, set.leafOf(OTHER));
  assertEquals(set.seen(), 0xbbbb);
  for (const flush of ["flushTlbAll", "flushTlbSingle"] as const) {
    const { ops, bus, entry, leafOf, seen, kernel } = booted();
    bus.store(entry, leafOf(OTHER));
    assertEquals(seen(), 0xaaaa, "the shadow has the old one");
    ops[flush](kernel.va(A_PAGE));
    assertEquals(seen(), 0xbbbb);
  }
});

Deno.test("a page table that is linked by set_pmd is seen at once", () => {
  const { kernel, bus, ops, entry, leafOf, seen } = booted();
  const [own, table] = [entry & ~0xfff, kernel.va(0x302)];
  for (let at = 0; at < 4096; at += 4) bus.store((table + at) >>> 0, bus.load((own + at) >>> 0));
  bus.store((table + A_PAGE % 1024 * 4) >>> 0, leafOf(OTHER));
  assertEquals(seen(), 0xaaaa);
  const directory = kernel.va(kernel.image.swapperPgDir) + (kernel.va(A_PAGE) >>> 22) * 4;
  ops.setPmd(directory, 0, leafOf(0x302));
  assertEquals(seen(), 0xbbbb);
});

Deno.test("CR4 is the host's: a guest that sets a bit of it sets none", () => {
  const { machine, ops } = booted();
  const before = machine.cr4;
  ops.setInCr4(0x80 ^ (before & 0x80) | 0x10);
  assertEquals(machine.cr4, before);
});

Deno.test("a store to a page that the guest has read-only is its page fault; an entry that no guest may have ends it", () => {
  const { kernel, bus, ops, entry, leafOf } = booted();
  ops.setPte?.(entry, 0, leafOf(OTHER) & ~2);
  const fault = assertThrows(() => bus.store(kernel.va(A_PAGE), 0), Stopped).reason;
  assertEquals([fault.kind, fault.kind === "page-fault" && fault.fault.errorCode & 2], ["page-fault", 2]);
  assertThrows(() => bus.clearPage(kernel.va(A_PAGE)), Stopped);
  ops.setPte?.(entry, 0, leafOf(0x8000)); // the host's memory
  const killed = assertThrows(() => bus.load(kernel.va(A_PAGE)), Stopped, "lguest kills the guest").reason;
  assertEquals(killed.kind, "killed-by-host");
});
