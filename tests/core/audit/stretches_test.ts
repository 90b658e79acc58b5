import { assertEquals } from "@std/assert";
import { firstEndingAfter, stretchesOf } from "../../../core/audit/stretches.ts";

Deno.test("frames in a row are one stretch, and a gap of one frame parts two", () => {
  const of = (...frames: number[]) => stretchesOf(Int32Array.from(frames)).map(({ first, end }) => [first, end]);
  assertEquals(of(1, 2, 3, 5, 9, 10), [[1, 4], [5, 6], [9, 11]]);
  assertEquals([of(), of(7)], [[], [[7, 8]]]);
});

Deno.test("a frame is looked for by halves: the first stretch that ends above it, whether it is in one or between two", () => {
  const stretches = stretchesOf(Int32Array.from([1, 2, 3, 5, 9, 10]));
  const found = Array.from({ length: 12 }, (_, frame) => firstEndingAfter(stretches, frame));
  assertEquals(found, [0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 3]);
  assertEquals(firstEndingAfter([], 0), 0);
});
