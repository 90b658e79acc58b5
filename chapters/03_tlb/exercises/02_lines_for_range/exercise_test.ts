import { assertEquals } from "@std/assert";
import { audit, boot } from "@pagetable-init/textbook";
import { linesForRange } from "./exercise.ts";

const MIB = 1024 * 1024;
const LARGE = 4 * MIB;

/** Step by step, to compare with. */
function stepByStep(start: number, bytes: number, largeBytes: number): number {
  let lines = 0;
  for (let at = start; at < start + bytes; lines++) {
    at += at % largeBytes === 0 && at + largeBytes <= start + bytes ? largeBytes : 4096;
  }
  return lines;
}

Deno.test("a range of whole large pages takes one line each", () => {
  assertEquals(
    linesForRange(0xc0000000, 64 * MIB, LARGE),
    16,
    "64 MiB from a multiple of 4 MiB are 16 large pages",
  );
  assertEquals(
    linesForRange(0xc0000000, LARGE, LARGE),
    1,
    "4 MiB at a multiple of 4 MiB are one large page",
  );
});

Deno.test("a range in which no large page fits takes small ones", () => {
  const message =
    "No large page fits between two multiples of its size: 4 KiB pages only";
  assertEquals(linesForRange(0xc0001000, 4096, LARGE), 1, message);
  assertEquals(linesForRange(0xc0200000, 3 * MIB, LARGE), 768, message);
  assertEquals(linesForRange(0xc0001000, LARGE, LARGE), 1024, message);
});

Deno.test("the edges take small pages", () => {
  const message =
    "A large page begins at a multiple of its size: what lies before the first and " +
    "after the last is small";
  assertEquals(linesForRange(0xc0000000, 5 * MIB, LARGE), 1 + 256, message);
  assertEquals(linesForRange(0xc0300000, 5 * MIB, LARGE), 256 + 1, message);
  assertEquals(linesForRange(0xc0300000, 10 * MIB, LARGE), 256 + 2 + 256, message);
});

Deno.test("the page size is a parameter", () => {
  assertEquals(
    linesForRange(0xc0300000, 10 * MIB, 2 * MIB),
    256 + 4 + 256,
    "In PAE a large page has 2 MiB",
  );
});

Deno.test("any range is counted as step by step", () => {
  for (const largeBytes of [LARGE, 2 * MIB]) {
    for (let start = 0xc0000000; start < 0xc0600000; start += 0x73000) {
      for (
        const bytes of [
          0x1000,
          0x5000,
          0x1ff000,
          0x200000,
          0x3ff000,
          0x401000,
          0x900000,
          0xfff000,
        ]
      ) {
        const words = `A range of 0x${bytes.toString(16)} bytes from 0x${
          start.toString(16)
        }, large pages of 0x${largeBytes.toString(16)}: count edges and middle apart`;
        assertEquals(
          linesForRange(start, bytes, largeBytes),
          stepByStep(start, bytes, largeBytes),
          words,
        );
      }
    }
  }
});

Deno.test("a booted kernel has as many lines", () => {
  for (
    const [platform, largeBytes] of [
      ["native-pentium", LARGE],
      ["native-p6-pae", 2 * MIB],
    ] as const
  ) {
    const { machine } = boot({ platform, strategy: "write-always", memory: "64M" });
    assertEquals(
      linesForRange(0xc0000000, 64 * MIB, largeBytes),
      audit(machine).coverage.tlbEntries,
      `The kernel that booted on ${platform} needs another number of lines`,
    );
  }
});

Deno.test("a range may end where the addresses end", () => {
  const message =
    "The range ends at 2 ** 32, which is no 32-bit number: & and >>> make 0 of it";
  assertEquals(linesForRange(0xff800000, 8 * MIB, LARGE), 2, message);
  assertEquals(linesForRange(0xff700000, 9 * MIB, LARGE), 256 + 2, message);
});
