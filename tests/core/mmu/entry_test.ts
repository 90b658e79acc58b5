import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  CPUS,
  flagsOf,
  formatFlags,
  frameOf,
  leafFrame,
  type Level,
  makeEntry,
  makeLeaf,
  MODES,
  NX,
  P,
  PAT,
  PAT_LARGE,
  patIndex,
  protectionKey,
  PS,
  RW,
} from "../../../core/mmu/mod.ts";

/** The level with this shift. */
function levelOf(id: keyof typeof MODES, shift: number): Level {
  const level = MODES[id].levels.find((level) => level.shift === shift);
  if (!level) throw new Error(`Expected a level of shift ${shift} in ${id}`);
  return level;
}

Deno.test("a frame and a flag set go into two words and come out again; no flag touches the frame", () => {
  const flagSets = Array.from({ length: 32 }, (_, bit) => 1 << bit).filter((flag) => (flag & 0x000f_f000) === 0);
  for (const pfn of [0, 1, 7, 0xf_ffff, 0x10_0000, 0x1234_5678_9a, 2 ** 40 - 1]) {
    for (const flags of [0, 0xfff, NX, P | RW | NX, 0xfff0_0fff | 0, ...flagSets]) {
      for (const form of [flags, flags >>> 0]) {
        const { lo, hi } = makeEntry(pfn, form);
        assertEquals([frameOf(hi, lo), flagsOf(hi, lo)], [pfn, flags]);
        assertEquals(lo >= 0 && hi >= 0, true, "words are unsigned");
      }
    }
  }
  assertEquals(makeEntry(7, P | RW | NX), { lo: 0x7003, hi: 0x8000_0000 });
});

Deno.test("a leaf of each size and mode says its frame and flags, PSE-36 and the PAT bit included", () => {
  const modes = Object.values(MODES);
  for (const mode of modes) {
    for (const level of mode.levels.filter(({ leaf }) => leaf !== "never")) {
      const frames = 2 ** (level.shift - 12);
      const widest = mode.entryWords === 2 ? 2 ** 40 : level.shift > 12 ? 2 ** 28 : 2 ** 20;
      for (const frame of [0, frames, widest / 2, widest - frames]) {
        for (const flags of [P, P | RW | 0x40, level.shift > 12 ? P | PAT_LARGE : P | PAT]) {
          const { lo, hi } = makeLeaf(mode, level, frame, flags);
          assertEquals(leafFrame(mode, level, hi, lo, CPUS.today), frame, `${mode.id} ${level.entry}`);
          assertEquals(flagsOf(hi, lo, level), level.shift > 12 ? flags | PS : flags);
          assertEquals(patIndex(level, lo, CPUS.today), (flags & (PAT | PAT_LARGE)) === 0 ? 0 : 4);
        }
      }
    }
  }
});

Deno.test("a flag that has no place, and a frame that begins no large page, are a misuse", () => {
  for (const flags of [0x1000, 0x2000, 0x8_0000]) {
    assertThrows(() => makeEntry(7, flags), RangeError, "Expected flags in bits 11..0 and 31..20 but found 0x");
  }
  for (const flags of [NaN, 0.5, 2 ** 32, -(2 ** 31) - 1]) {
    assertThrows(() => makeEntry(7, flags), RangeError, "Expected flags to be an integer");
  }
  assertThrows(() => makeLeaf(MODES.pae, levelOf("pae", 21), 0x2000, 0x4000), RangeError, "Expected flags");
  const said = "Expected a frame that is a multiple of 512 but found 1";
  assertThrows(() => makeLeaf(MODES.pae, levelOf("pae", 21), 1, P), RangeError, said);
});

Deno.test("bits 52 to 63 are no part of the frame", () => {
  assertEquals(frameOf(0xfff0_0000, 0x5067), 5);
  assertEquals(frameOf(-1, -1), 2 ** 40 - 1);
});

Deno.test("a frame that does not fit an entry is a misuse", () => {
  for (const pfn of [-1, 0.5, NaN, 2 ** 40]) {
    assertThrows(
      () => makeEntry(pfn, 0),
      RangeError,
      `Expected frame to be an integer from 0 to 2^40 - 1 but found ${pfn}`,
    );
  }
});

Deno.test("a large leaf names the first frame of its page: the bits below do not count", () => {
  const { today } = CPUS;
  const long = MODES["4-level"];
  assertEquals(leafFrame(long, levelOf("4-level", 12), 1, 0x012f_f067, today), 0x10_12ff);
  assertEquals(leafFrame(long, levelOf("4-level", 21), 1, 0x123f_ffe7, today), 0x10_0000 + 0x1_2200);
  assertEquals(leafFrame(long, levelOf("4-level", 30), 2, 0x7fff_ffe7, today), 0x24_0000);
  assertEquals(leafFrame(MODES.pae, levelOf("pae", 21), 0xf, 0xffff_f0e7 | 0, today), 0xff_fe00);
});

Deno.test("PSE-36 puts bits 20..13 of a 4M entry above bit 31; a CPU without it drops them", () => {
  const mode = MODES["two-level"];
  const level = levelOf("two-level", 22);
  assertEquals(leafFrame(mode, level, 0, 0x00c0_0083 | 0x1f_e000, CPUS.p6), 0xff0_0c00);
  assertEquals(leafFrame(mode, level, 0, 0x00c0_2083, CPUS.p6), 0x10_0c00);
  assertEquals(leafFrame(mode, level, 0, 0x00c0_2083, CPUS.pentium), 0xc00);
});

Deno.test("the PAT bit is bit 7 of a 4K leaf and bit 12 of a larger one", () => {
  const [small, large] = [levelOf("4-level", 12), levelOf("4-level", 21)];
  assertEquals([patIndex(small, 0x80, CPUS.p6), patIndex(small, 0x1000, CPUS.p6)], [4, 0]);
  assertEquals([patIndex(large, 0x80, CPUS.p6), patIndex(large, 0x1000, CPUS.p6)], [0, 4]);
  assertEquals(patIndex(large, 0x1018, CPUS.p6), 7);
  assertEquals(patIndex(small, 0x98, CPUS.i486), 3);
});

Deno.test("the protection key is bits 62 to 59", () => {
  for (let key = 0; key < 16; key++) assertEquals(protectionKey((key << 27) | 0x87ff_ffff), key);
});

Deno.test("flags are named in the order of their bits, bit 7 by its level", () => {
  const [small, large] = [levelOf("4-level", 12), levelOf("4-level", 21)];
  assertEquals(formatFlags(0, 0), "-");
  assertEquals(formatFlags(0x8000_0000, 0x1ff), "P RW US PWT PCD A D PS G NX");
  assertEquals(formatFlags(0, 0x81, small), "P PAT");
  assertEquals(formatFlags(0, 0x81, large), "P PS");
  assertEquals(formatFlags(0x7fff_ffff, 0xe00), "-");
});

Deno.test("the records of modes and CPUs cannot be changed", () => {
  assert(Object.isFrozen(MODES) && Object.isFrozen(CPUS));
  for (const mode of Object.values(MODES)) {
    assert(Object.isFrozen(mode) && Object.isFrozen(mode.levels) && mode.levels.every(Object.isFrozen), mode.id);
  }
  for (const cpu of Object.values(CPUS)) assert(Object.isFrozen(cpu), cpu.id);
});

Deno.test("the levels of a mode cover its linear address without a gap", () => {
  for (const { id, levels, linearBits } of Object.values(MODES)) {
    let top = linearBits;
    for (const { shift, bits } of levels) {
      assertEquals(shift + bits, top, id);
      top = shift;
    }
    assertEquals(top, 12, id);
  }
});
