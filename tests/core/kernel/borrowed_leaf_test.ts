// A page that no entry maps is reached through a leaf of the boot map, which is given back.
import { assertEquals, assertThrows } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import { Stopped } from "@pagetable-init/textbook/paravirt";
import { BorrowedLeaves } from "../../../core/kernel/borrowed_leaf.ts";

const TABLE = 0x3000;
const PAGE = 0x3001;

for (const platform of ["native-486", "native-p6-pae", "xen-pae"]) {
  const lent = () => {
    const { kernel, machine } = boot({ platform, strategy: "filter-set-pte", memory: "64M", until: 1 });
    const last = kernel.maxPfnMapped - 1;
    const frame = (pfn: number) => kernel.ops.toMachine(pfn);
    machine.memory.write(frame(TABLE), 5, 0x1234);
    machine.memory.write(frame(last), 0, 0xaaaa);
    machine.memory.write(frame(last - 1), 0, 0xbbbb);
    const read = (pfn: number, word: number) => machine.memory.read(frame(pfn), word);
    return {
      bus: kernel.bus,
      va: (pfn: number) => kernel.va(pfn),
      last,
      leaves: new BorrowedLeaves(kernel, last),
      read,
    };
  };

  Deno.test(`${platform}: a table stays in sight while another page is written, each through a leaf of its own`, () => {
    const { bus, va, leaves, read } = lent();
    const at = leaves.reach(TABLE);
    assertEquals([bus.load(at + 20), leaves.shownAt(at), leaves.shownAt(at + 4096)], [0x1234, TABLE, undefined]);
    leaves.withWritable(PAGE, (address) => {
      bus.store(address + 8, 0x77);
      assertEquals([address === at, bus.load(at + 20)], [false, 0x1234]);
    });
    assertEquals(read(PAGE, 2), 0x77);
    assertEquals(leaves.reach(0x300), va(0x300), "a page that is mapped is reached at its own address");
  });

  Deno.test(`${platform}: a leaf that was borrowed shows its own page again afterwards`, () => {
    const { bus, va, last, leaves } = lent();
    leaves.withWritable(PAGE, () => {});
    assertEquals(bus.load(va(last)), 0xaaaa);
    leaves.reach(TABLE);
    assertEquals(bus.load(va(last - 1) + 20), 0x1234);
    leaves.releaseOf(0, last - 1, 0); // not its page
    assertEquals(bus.load(va(last - 1) + 20), 0x1234);
    leaves.releaseOf(last - 1, last, va(last - 1)); // its page, but it shows the table that is meant
    assertEquals(bus.load(va(last - 1) + 20), 0x1234);
    leaves.releaseOf(last - 1, last, va(0x300));
    assertEquals(bus.load(va(last - 1)), 0xbbbb);
    leaves.reach(TABLE);
    leaves.release();
    assertEquals(bus.load(va(last - 1)), 0xbbbb);
  });
}

Deno.test("a table is shown writable only where the back-end allows that, and no leaf is lent where the boot map has none", () => {
  for (const [platform, writable] of [["native-486", true], ["xen-pae", false]] as const) {
    const { kernel } = boot({ platform, strategy: "filter-set-pte", memory: "64M", until: 1 });
    const at = new BorrowedLeaves(kernel, kernel.maxPfnMapped - 1).reach(TABLE);
    assertEquals(kernel.bus.probe(at, true), writable, platform);
  }
  const { kernel } = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "64M", until: 1 });
  assertThrows(() => new BorrowedLeaves(kernel, 0x3800).reach(TABLE), Stopped, "no leaf of the boot map");
});

Deno.test("a page whose frame lies above 4G is written there, and not where the low word of its address says", () => {
  const { kernel, machine } = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "4G", until: 1 });
  let pfn = kernel.maxPfnMapped;
  while (pfn < 0x10_0000 && kernel.ops.toMachine(pfn) < 0x10_0000) pfn++;
  const frame = kernel.ops.toMachine(pfn);
  new BorrowedLeaves(kernel, kernel.maxPfnMapped - 1).withWritable(
    pfn,
    (address) => kernel.bus.store(address, 0x77),
  );
  assertEquals(machine.memory.read(frame, 0), 0x77);
});
