import { assertEquals, assertThrows } from "@std/assert";
import { LguestHost, SHADOW_FRAMES } from "../../../core/hosts/lguest.ts";
import { CPUS, Machine, PhysicalMemory, USER, WRITE } from "../../../core/mmu/mod.ts";

const PAGE_OFFSET = 0xc000_0000;
const LARGEST = 0x4_0000; // 1G: what fits above PAGE_OFFSET

const hostOf = (pages: number, spare = SHADOW_FRAMES) =>
  new LguestHost(new Machine(CPUS.p6, new PhysicalMemory((pages + spare) * 4096)), pages, PAGE_OFFSET);

Deno.test("a guest of 1G fits above PAGE_OFFSET, to its last page, and nothing is mapped below", () => {
  const host = hostOf(LARGEST);
  assertEquals(host.translate(PAGE_OFFSET + (LARGEST - 1) * 4096, WRITE), LARGEST - 1);
  assertEquals(host.translate(0x1000, WRITE + USER), -1 - 6);
});

Deno.test("a guest of one page more is refused: its root entries would be another frame's", () => {
  assertThrows(() => hostOf(LARGEST + 1), RangeError, "Expected at most 262144 guest pages");
});

Deno.test("memory without room for the shadow is refused", () => {
  assertThrows(() => hostOf(0x1000, 16), RangeError, "shadow included, but found 4112");
});

Deno.test("lguest kills for an entry that no guest may have, and hands other faults to the guest", () => {
  const host = () => {
    const machine = new Machine(CPUS.p6, new PhysicalMemory((0x1000 + SHADOW_FRAMES) * 4096));
    const made = new LguestHost(machine, 0x1000, PAGE_OFFSET);
    return { memory: machine.memory, root: made.guestRoot, table: made.guestRoot + 1, made };
  };
  const large = host();
  large.memory.write(large.root, 0x300, 0xe7);
  large.made.translate(PAGE_OFFSET, WRITE);
  assertEquals(large.made.killed, "bad page directory entry 0xe7");
  const beyond = host();
  beyond.memory.write(beyond.table, 5, 0x100_0007);
  beyond.made.translate(PAGE_OFFSET + 0x5000, WRITE);
  assertEquals(beyond.made.killed, "bad page table entry 0x1000007");
  const own = host();
  own.memory.write(own.table, 6, 0x6003); // the supervisor's
  own.memory.write(own.table, 7, 0x7005); // read-only
  assertEquals(own.made.translate(PAGE_OFFSET + 0x6000, WRITE), 6);
  assertEquals(own.made.translate(PAGE_OFFSET + 0x6000, WRITE + USER) < 0, true);
  assertEquals(own.made.translate(PAGE_OFFSET + 0x7000, WRITE) < 0, true);
  assertEquals([own.made.killed, own.memory.read(own.table, 6) & 0x60], [undefined, 0x60]);
  assertEquals(own.memory.read(own.table, 7) & 0x60, 0, "a write that is refused leaves no mark");
});

const PAGES = 0x1000;

/** A host, and what a test changes behind its back. */
function spied() {
  const machine = new Machine(CPUS.p6, new PhysicalMemory((PAGES + SHADOW_FRAMES) * 4096));
  const host = new LguestHost(machine, PAGES, PAGE_OFFSET);
  const { memory } = machine;
  const [root, table] = [host.guestRoot, host.guestRoot + 1];
  const frameAt = (page: number, access = WRITE) => host.translate(PAGE_OFFSET + page * 4096, access);
  /** A root of the guest's own at a pfn, whose first page table is the page behind it. */
  const ownRoot = (pfn: number, leaf: number) => {
    memory.write(pfn, 0x300, (pfn + 1) * 4096 + 7);
    memory.write(pfn + 1, 5, leaf);
  };
  return { machine, host, memory, root, table, frameAt, ownRoot };
}

Deno.test("the launcher's root is the page before its tables, which end with the guest's memory", () => {
  const { host, root, memory, machine } = spied();
  assertEquals([root, host.launcherTables], [PAGES - 4 - 1, PAGES - 4 - 1]);
  assertEquals([0, 1, 2, 3].map((i) => memory.read(root, 0x300 + i) >>> 12), [1, 2, 3, 4].map((i) => root + i));
  assertEquals((machine.cr0 & (1 << 16)) !== 0, true, "CR0.WP");
});

Deno.test("a root of the guest's own counts from its load on, also for pages that were shadowed or global before", () => {
  const { host, machine, memory, table, frameAt, ownRoot } = spied();
  machine.writeCr4(0x80); // PGE
  memory.write(table, 5, 0x5167);
  assertEquals([frameAt(5), host.ownTables, host.hypercalls], [5, false, 0]);
  ownRoot(0x200, 0x7067);
  host.newPageTable(0x200);
  assertEquals([frameAt(5), host.ownTables, host.guestRoot, host.hypercalls], [7, true, 0x200, 1]);
  ownRoot(0x210, 0);
  host.newPageTable(0x210);
  assertEquals(frameAt(5) < 0, true);
});

Deno.test("a directory entry that the guest names is read anew, and no other", () => {
  const { host, memory, root, frameAt } = spied();
  assertEquals([frameAt(5), frameAt(0x405)], [5, 0x405]);
  memory.write(0x220, 5, 0x9067);
  memory.write(root, 0x300, 0x220 * 4096 + 7);
  memory.write(root, 0x301, 0x220 * 4096 + 7);
  host.setPmd(0x300);
  assertEquals([frameAt(5), frameAt(0x405), host.hypercalls], [9, 0x405, 1]);
});

Deno.test("a page that was only read is clean: the first write sets D in the guest's entry", () => {
  const { memory, table, frameAt } = spied();
  memory.write(table, 5, 0x5007);
  assertEquals([frameAt(5, 0), memory.read(table, 5) & 0x60], [5, 0x20]);
  assertEquals([frameAt(5), memory.read(table, 5) & 0x60], [5, 0x60]);
});

Deno.test("user mode reaches a page only if both its entries say so", () => {
  const { memory, root, table, frameAt, host } = spied();
  memory.write(table, 5, 0x5007);
  assertEquals(frameAt(5, WRITE + USER), 5);
  memory.write(table, 6, 0x6003);
  assertEquals(frameAt(6, WRITE + USER) < 0, true);
  memory.write(root, 0x300, (table * 4096) | 3);
  host.flushTlb();
  assertEquals([frameAt(5, WRITE + USER) < 0, frameAt(5)], [true, 5]);
});

Deno.test("the host's pages for a shadow are used again: no number of flushes runs out of them, and each is a call", () => {
  const { host, frameAt } = spied();
  for (let i = 0; i < 2 * SHADOW_FRAMES; i++) {
    assertEquals(frameAt(5), 5);
    host.flushTlb();
  }
  assertEquals(host.hypercalls, 2 * SHADOW_FRAMES);
});
