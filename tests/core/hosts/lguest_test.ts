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
});
