import { assertEquals, assertThrows } from "@std/assert";
import { boot, CPUS, explain, Machine, PhysicalMemory } from "@pagetable-init/textbook";
import { describeFault, NativeBus, Stopped } from "@pagetable-init/textbook/paravirt";

Deno.test("on bare hardware what the page forbids or does not map is a triple fault, with the access that made it", () => {
  const machine = new Machine(CPUS.i486, new PhysicalMemory(2 ** 24));
  const { memory } = machine;
  memory.write(1, 0, 0x2067);
  memory.write(2, 3, 0x3065); // read-only
  memory.write(2, 4, 0x4067);
  machine.writeCr3(0x1000);
  machine.writeCr0(0x8001_0011);
  const bus = new NativeBus(machine, 1);
  const codeOf = (act: () => unknown) => {
    const { reason } = assertThrows(act, Stopped);
    return reason.kind === "triple-fault" && reason.fault.vector === 14 ? reason.fault.errorCode : -1;
  };
  const codes = [
    codeOf(() => bus.store(0x3000, 0)),
    codeOf(() => bus.storeEntry(0x3000, 0, 0)),
    codeOf(() => bus.clearPage(0x3000)),
    codeOf(() => bus.load(0x5000)),
    codeOf(() => bus.store(0x5000, 0)),
    codeOf(() => bus.fetch(0x5000)),
  ];
  assertEquals(codes, [3, 3, 3, 0, 2, 0]);
  assertEquals([bus.probe(0x3000), bus.probe(0x3000, true), bus.probe(0x4000, true), bus.probe(0x5000)], [
    true,
    false,
    true,
    false,
  ]);
});

/** A memory that tells in which order the words of an entry were stored. */
class Ordered extends PhysicalMemory {
  readonly orders: string[] = [];
  override writePair(...[frame, word, hi, lo, order]: Parameters<PhysicalMemory["writePair"]>): void {
    this.orders.push(order ?? "");
    super.writePair(frame, word, hi, lo, order);
  }
}

Deno.test("in PAE a page is mapped high word first and cleared low word first, so that no half of an entry is present", () => {
  const made: Ordered[] = [];
  const physicalMemory = (bytes: number) => made[made.push(new Ordered(bytes)) - 1] as Ordered;
  const { kernel } = boot({ platform: "native-p6-pae", strategy: "write-always", memory: "16M", physicalMemory });
  const { ops, va } = { ops: kernel.ops, va: kernel.va(0x300) };
  const orderOf = (act: () => void) => {
    made[0]?.orders.splice(0);
    act();
    return made[0]?.orders;
  };
  assertEquals(orderOf(() => ops.setPte?.(va, 1, 0x1063)), ["hi,lo"]);
  assertEquals([kernel.bus.load(va), kernel.bus.load(va + 4)], [0x1063, 1]);
  assertEquals(orderOf(() => ops.pteClear(va, 0, 0)), ["lo,hi"]);
  assertEquals([kernel.bus.load(va), kernel.bus.load(va + 4)], [0, 0]);
});

Deno.test("a flush of everything reaches global translations, and CR4 keeps its bits", () => {
  const { kernel, machine } = boot({ platform: "native-p6", strategy: "write-always", memory: "16M" });
  const { cr4 } = machine;
  assertEquals((cr4 & 0x90) === 0x90, true, "PSE and PGE");
  kernel.bus.load(kernel.va(0x300));
  assertEquals(machine.tlb.entries().some(({ global }) => global), true);
  kernel.ops.flushTlbAll();
  assertEquals([machine.tlb.entries().length, machine.cr4], [0, cr4]);
  kernel.ops.setInCr4(0x200);
  assertEquals(machine.cr4, cr4 | 0x200);
});

Deno.test("write-combining is entry 4 of the PAT where the CPU has one, and uncached where it has none", () => {
  const of = (platform: string) => boot({ platform, strategy: "query-special", memory: "16M" });
  const [with_, without] = [of("native-p6"), of("native-486")];
  for (const { kernel } of [with_, without]) kernel.ops.programPat();
  assertEquals([with_.machine.pat[4], with_.kernel.ops.specialPages.pat], [1, true]);
  assertEquals(without.kernel.ops.specialPages.pat, false);
  assertEquals(without.kernel.ops.specialPages.apply(["write-combining"], 0x063), 0x07b);
});

Deno.test("in PAE the boot clears all four slots of the root: three get the zero page, the last is the kernel's, which the first becomes too", () => {
  const run = boot({ platform: "native-p6-pae", strategy: "write-always", memory: "16M" });
  const puds = [...run.trace].filter(({ op, pfn }) => op === "set_pud" && pfn === run.kernel.image.swapperPgDir);
  assertEquals(
    puds.slice(0, 3).map(({ index, asked }) => [index, asked.lo]),
    [0, 1, 2].map((slot) => [
      slot,
      run.kernel.image.emptyZeroPage * 4096 + 1,
    ]),
  );
  const own = run.kernel.bus.load(run.kernel.va(run.kernel.image.swapperPgDir) + 24);
  assertEquals(puds.filter(({ asked }) => asked.lo === own).map(({ index }) => index), [3, 0]);
  assertEquals(explain(run, 0xc010_0000).outcome.ok, true);
});

Deno.test("2.6.21 copies the kernel's slot of PAE into the first itself, and into no other", () => {
  const { trace, kernel } = boot({ platform: "native-p6-pae", strategy: "linux-2.6.21", memory: "16M" });
  const own = kernel.bus.load(kernel.va(kernel.image.swapperPgDir) + 24);
  const slots = [...trace].filter(({ op, asked, pfn }) =>
    op === "set_pud" && asked.lo === own && pfn === kernel.image.swapperPgDir
  );
  assertEquals(slots.map(({ index }) => index), [3, 0]);
});

Deno.test("a general protection fault is told by its reason, a page fault by its access", () => {
  assertEquals(describeFault({ vector: 13, errorCode: 0, reason: "PG without PE" }), "#GP(0): PG without PE");
});
