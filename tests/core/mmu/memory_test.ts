import { assert, assertEquals, assertThrows } from "@std/assert";
import { PhysicalMemory } from "../../../core/mmu/mod.ts";

const FRAME = 4096;

Deno.test("memory that was never written reads zero and costs nothing, whatever its size", () => {
  const memory = new PhysicalMemory(2 ** 52);
  assertEquals(memory.frames, 2 ** 40);
  assertEquals([memory.read(0, 0), memory.read(2 ** 40 - 1, 1023)], [0, 0]);
  assertEquals(memory.committedBytes, 0);
  memory.write(2 ** 40 - 1, 1023, 7);
  assertEquals(memory.read(2 ** 40 - 1, 1023), 7);
  assertEquals(memory.committedBytes, FRAME);
});

Deno.test("the cost is that of the frames written, wherever they are", () => {
  const memory = new PhysicalMemory(2 ** 52);
  for (const pfn of [0, 1, 2 ** 24 - 1, 2 ** 24, 2 ** 38, 1, 2 ** 38]) memory.write(pfn, 7, pfn % 97);
  assertEquals(memory.committedBytes, 5 * FRAME);
  for (const pfn of [0, 1, 2 ** 24 - 1, 2 ** 24, 2 ** 38]) assertEquals(memory.read(pfn, 7), pfn % 97);
});

Deno.test("what was written survives as memory grows, frame by frame, in any order", () => {
  const memory = new PhysicalMemory(2 ** 30);
  const frames = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 2 ** 18);
  for (const pfn of frames) memory.write(pfn, pfn % 1024, pfn + 1);
  for (const pfn of frames) assertEquals(memory.read(pfn, pfn % 1024), pfn + 1);
  assertEquals(memory.committedBytes, 1000 * FRAME);
});

Deno.test("a frame has a place in the words from its first write on; the place of zeros is nobody's", () => {
  const memory = new PhysicalMemory(2 ** 52);
  assertEquals([memory.placeOf(5), memory.placeOf(2 ** 39)], [0, 0]);
  memory.write(5, 3, 0x163);
  memory.write(2 ** 39, 3, 0x164);
  assertEquals([5, 2 ** 39].map((pfn) => memory.words[memory.placeOf(pfn) + 3]), [0x163, 0x164]);
  assertEquals(memory.places[5], memory.placeOf(5));
  assert(memory.words.subarray(0, 1024).every((word) => word === 0));
});

Deno.test("words are signed 32-bit numbers; of a larger value the low 32 bits count", () => {
  const memory = new PhysicalMemory(4096);
  memory.write(0, 0, 0xffff_ffff);
  memory.write(0, 1, 0x1_0000_0005);
  assertEquals([memory.read(0, 0), memory.read(0, 1)], [-1, 5]);
});

Deno.test("a pair of words lands where two writes put them, and beyond the end nowhere", () => {
  const [pairs, singles] = [new PhysicalMemory(2 * FRAME), new PhysicalMemory(2 * FRAME)];
  for (const [pfn, word] of [[1, 0], [1, 1022], [0, 6], [2, 0], [2 ** 39, 4]] as const) {
    pairs.writePair(pfn, word, 0x8000_0000 | 0, 0x163);
    singles.write(pfn, word, 0x163);
    singles.write(pfn, word + 1, 0x8000_0000 | 0);
  }
  for (const pfn of [0, 1]) {
    for (let word = 0; word < 1024; word++) assertEquals(pairs.read(pfn, word), singles.read(pfn, word));
  }
  assertEquals(pairs.committedBytes, 2 * FRAME);
});

Deno.test("beyond the end memory reads all ones and swallows writes, also beside a frame that exists", () => {
  const memory = new PhysicalMemory(300 * 4096);
  memory.write(299, 1023, 5);
  for (const pfn of [300, 301, 511, 512, 2 ** 40]) {
    memory.write(pfn, 0, 5);
    assertEquals(memory.read(pfn, 0), -1, String(pfn));
  }
  assertEquals(memory.read(299, 1023), 5);
  assertEquals(memory.committedBytes, FRAME);
});

Deno.test("a frame is cleared whole, and nothing beside it", () => {
  const memory = new PhysicalMemory(16 * FRAME);
  for (const [pfn, word] of [[4, 1023], [5, 0], [5, 1023], [6, 0]] as const) memory.write(pfn, word, 9);
  memory.clearFrame(5);
  assertEquals([memory.read(4, 1023), memory.read(5, 0), memory.read(5, 1023), memory.read(6, 0)], [9, 0, 0, 9]);
  memory.clearFrame(2 ** 30);
  memory.clearFrame(7); // never written: still costs nothing more
  assertEquals(memory.committedBytes, 3 * FRAME);
});

Deno.test("a frame is stored whole; beyond the end of memory nothing is; too few words are a misuse", () => {
  const memory = new PhysicalMemory(16 * FRAME);
  const words = Int32Array.from({ length: 1024 }, (_, word) => word * 5);
  memory.write(2, 0, 7);
  memory.writeFrame(1, words);
  memory.writeFrame(16, words);
  words.fill(0);
  assertEquals([memory.read(1, 0), memory.read(1, 1023), memory.read(2, 0)], [0, 5115, 7]);
  assertEquals([memory.read(16, 3), memory.committedBytes], [-1, 2 * FRAME]);
  assertThrows(() => memory.writeFrame(1, new Int32Array(1023)), RangeError, "Expected 1024 words but found 1023");
});

Deno.test("a frame is copied word by word, from beyond the end as all ones", () => {
  const memory = new PhysicalMemory(16 * 4096);
  for (let word = 0; word < 1024; word++) memory.write(1, word, word * 3);
  memory.copyFrame(2, 1);
  assert(Array.from({ length: 1024 }, (_, word) => memory.read(2, word)).every((value, word) => value === word * 3));
  memory.copyFrame(3, 16);
  assertEquals([memory.read(3, 0), memory.read(3, 1023)], [-1, -1]);
  memory.copyFrame(16, 1);
});

Deno.test("a size that is no multiple of a frame, not positive or beyond 2^52 is a misuse", () => {
  for (const bytes of [0, -4096, 4095, 4096.5, NaN, Infinity, 2 ** 53]) {
    assertThrows(
      () => new PhysicalMemory(bytes),
      RangeError,
      `Expected the memory size in bytes to be a multiple of 4096 from 4096 to 2^52 but found ${bytes}`,
    );
  }
});

Deno.test("a place that is none is a misuse: nothing is read or written beside it", () => {
  const memory = new PhysicalMemory(16 * FRAME);
  memory.write(2, 0, 7);
  const wrongPlaces = [[1, 1024], [1, -1], [1, 0.5], [1, NaN], [-1, 0], [1.5, 0], [NaN, 0], [Infinity, 0], [
    2 ** 53,
    0,
  ]];
  for (const [pfn = 0, word = 0] of wrongPlaces) {
    assertThrows(() => memory.read(pfn, word), RangeError, "but found");
    assertThrows(() => memory.write(pfn, word, 1), RangeError, "but found");
    assertThrows(() => memory.writePair(pfn, word, 1, 1), RangeError, "but found");
    if (word === 0) assertThrows(() => memory.clearFrame(pfn), RangeError, "but found");
    if (word === 0) assertThrows(() => memory.copyFrame(1, pfn), RangeError, "but found");
  }
  assertThrows(
    () => memory.writePair(1, 1023, 1, 1),
    RangeError,
    "word to be an integer from 0 to 1022 but found 1023",
  );
  assertThrows(() => memory.write(1, 0, NaN), RangeError, "value");
  assertThrows(() => memory.read(-1, 0), RangeError, "frame to be an integer from 0 to 2^53 - 1 but found -1");
  assertThrows(() => memory.write(1, 0, 0.5), RangeError, "value");
  assertThrows(() => memory.write(1, "0" as never, 1), TypeError, 'but found "0"');
  assertThrows(() => memory.write(1, 0, 1n as never), TypeError);
  assertThrows(() => new PhysicalMemory("16M" as never), TypeError, 'but found "16M"');
  assertEquals([memory.read(2, 0), memory.committedBytes], [7, FRAME]);
});

Deno.test("a snapshot holds frames of the far end of memory too", () => {
  const memory = new PhysicalMemory(2 ** 46);
  const far = memory.frames - 1;
  memory.write(far, 5, 0x77);
  const snapshot = memory.snapshot();
  memory.write(far, 5, 0x88);
  memory.write(far - 1, 5, 0x99);
  memory.restore(snapshot);
  assertEquals([memory.read(far, 5), memory.read(far - 1, 5)], [0x77, 0]);
});
