// What a kernel asks for before it is there: it stops, and the stop says what is missing.
import { assertEquals, assertThrows } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import { Kernel, testWpBit } from "@pagetable-init/textbook/kernel";
import { Stopped } from "@pagetable-init/textbook/paravirt";

const at0 = (platform: string) => boot({ platform, strategy: "write-always", until: 0 }).kernel;

Deno.test("a page that is taken before setup_memory stops the kernel", () => {
  const { bus, mode, bootMode, layout, release, features, policy, ops } = at0("native-p6");
  const shared = { bus, mode, bootMode, layout, release, features, policy, ops: () => ops };
  const kernel = new Kernel({ ...shared, peek: () => 0, until: Infinity, trace: undefined, earlyIoremap: false });
  assertThrows(() => kernel.bootmemPage(), Stopped, "bootmem is used before setup_memory");
});

Deno.test("without a page table for the fixmap neither the WP test nor Xen's shared page has a slot", () => {
  assertThrows(() => testWpBit(at0("native-p6")), Stopped, "the fixmap has no page table");
  const kernel = at0("xen-pae");
  const { swapperPgDir } = kernel.image;
  assertThrows(() => kernel.ops.pagetableSetupDone(kernel.va(swapperPgDir)), Stopped, "the fixmap has no page table");
});

Deno.test("a bit of CR4 that the CPU has not ends a native kernel: nobody handles the fault", () => {
  const { ops } = at0("native-486");
  const stopped = assertThrows(() => ops.setInCr4(0x20), Stopped);
  assertEquals(stopped.reason.kind, "triple-fault");
});
