import { assert, assertEquals } from "@std/assert";
import { NX } from "@pagetable-init/textbook/mmu";
import { makePte, ptePfn } from "./exercise.ts";

const hex = (value: number) => `0x${(value >>> 0).toString(16)}`;

/** A machine with 8 GiB, of which the guest has the upper part, in reverse order. */
const frames = {
  p2m: (pfn: number) => 0x1f_ffff - pfn,
  m2p: (mfn: number) => 0x1f_ffff - mfn,
};
const low = { p2m: (pfn: number) => 0x5000 - pfn, m2p: (mfn: number) => 0x5000 - mfn };

Deno.test("the entry holds the machine's frame", () => {
  const { lo } = makePte(low, 0x100, 0x063, false);
  assert(
    lo >>> 12 !== 0x100,
    "The entry holds the pfn: the CPU knows nothing of pfns, it would use machine " +
      "frame 0x100",
  );
  assertEquals(hex(lo >>> 12), "0x4f00", "The entry holds another frame than p2m gives");
});

Deno.test("the flags are those that were asked for", () => {
  assertEquals(
    hex(makePte(low, 0x100, 0x061, false).lo & 0xfff),
    "0x61",
    "The flags are not those that were asked for",
  );
});

Deno.test("a frame above 4 GiB keeps its upper bits", () => {
  const { lo, hi } = makePte(frames, 0x100, 0x063, false);
  assert(
    hi !== 0,
    "The upper bits of the frame are lost: 32 bits hold 12 of flags and 20 of " +
      "frame, and no more",
  );
  assertEquals([hex(lo), hi], ["0xffeff063", 1], "The frame is not put together right");
});

Deno.test("NX is bit 63 and leaves the frame alone", () => {
  const { lo, hi } = makePte(frames, 0x100, 0x063, true);
  assert((hi & NX) !== 0, "NX is lost: it is bit 63, so bit 31 of the upper word");
  assertEquals(
    [hex(lo), hi & ~NX],
    ["0xffeff063", 1],
    "NX has taken the place of frame bits",
  );
});

Deno.test("an entry that is not present is not translated", () => {
  const { lo, hi } = makePte(low, 0, 0, false);
  assertEquals(
    [lo, hi],
    [0, 0],
    "An entry without P was translated: clearing an entry must give zero",
  );
});

Deno.test("an absent entry keeps its pfn and its flags", () => {
  const { lo, hi } = makePte(low, 0x100, 0xe62, false);
  assertEquals(
    [hex(lo), hi],
    ["0x100e62", 0],
    "Without P nothing is translated and nothing is dropped: page 0x100, flags 0xe62",
  );
  assertEquals(
    hex(makePte(low, 0x100, 0xe62, true).hi >>> 0),
    "0x80000000",
    "Without P nothing is dropped, NX no more than the flags: page 0x100 with NX",
  );
});

Deno.test("what goes in comes out", () => {
  for (const machine of [low, frames]) {
    for (const pfn of [0, 1, 0x480, 0x3fff]) {
      const { lo, hi } = makePte(machine, pfn, 0x063, true);
      assertEquals(
        ptePfn(machine, hi, lo),
        pfn,
        `The entry made of page ${hex(pfn)}, taken apart again, leads to another page`,
      );
    }
  }
});

Deno.test("lo is one word", () => {
  const { lo } = makePte(frames, 0x100, 0x063, false);
  assert(
    lo >= -(2 ** 31) && lo < 2 ** 32,
    `lo is 0x${lo.toString(16)}, more than 32 bits: what is above goes to hi alone`,
  );
});

Deno.test("all upper bits of the frame are kept", () => {
  const far = { p2m: () => 0xab_cdef, m2p: () => 0 };
  const { lo, hi } = makePte(far, 0x100, 0x063, false);
  assertEquals(
    [hex(hi), hex(lo)],
    ["0xa", "0xbcdef063"],
    "Frame 0xabcdef: a machine may have more than 8 GiB, and hi more than one bit of it",
  );
  const absent = makePte(far, 0x12_3456, 0xe62, false);
  assertEquals(
    [hex(absent.hi), hex(absent.lo)],
    ["0x1", "0x23456e62"],
    "Page 0x123456 without P: its upper bits are kept in hi, as those of a frame are",
  );
});
