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
