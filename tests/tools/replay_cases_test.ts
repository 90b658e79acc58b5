import { assert, assertEquals, assertThrows } from "@std/assert";
import { readBounded } from "../../chapters/recorded/files/read_bounded.ts";
import { CaseFile } from "../../chapters/recorded/accesses/cases.ts";

const recorded = await readBounded("tests/fixtures/mmu/named47.cases.gz");

/** The recorded file with one 32-bit word changed. */
function changed(offset: number, word: number): Uint8Array {
  const bytes = recorded.slice();
  new DataView(bytes.buffer).setUint32(offset, word, true);
  return bytes;
}

/** Offset of a field in the first case of the file. */
const inCase = (offset: number) => 64 + offset;

function assertRefused(bytes: Uint8Array, message: string): void {
  assertThrows(() => new CaseFile(bytes), RangeError, message);
}

Deno.test("a recorded case is read field by field", () => {
  const cases = new CaseFile(recorded);
  assertEquals(cases.count, 47);
  assertEquals(cases.at(1), { // 2L RO page, sup write, WP=1
    number: 1,
    mode: "two-level",
    root: 0x200000,
    cr0: 0x10000,
    cr4: 0,
    efer: 0,
    access: "write",
    user: false,
    ac: false,
    linear: { hi: 0, lo: 0x40000018 },
    entries: [
      { address: 0x200400, lo: 0x212007, hi: 0 },
      { address: 0x212000, lo: 0x301001, hi: 0 },
    ],
  });
});

Deno.test("an address of 64 bits, an entry of 64 bits and a user access are read whole", () => {
  const cases = new CaseFile(recorded);
  assertEquals(cases.at(22).user, true); // PAE NX user fetch NXE=1
  assertEquals(cases.at(22).access, "fetch");
  assertEquals(cases.at(22).entries[2], { address: 0x212000, lo: 0x301007, hi: 0x80000000 });
  assertEquals(cases.at(45).linear, { hi: 0xffff8000, lo: 0x11 }); // 4L high half
  assertEquals(cases.at(45).entries.length, 4);
});

Deno.test("each kind of access begins at its own place in the slot", () => {
  const cases = new CaseFile(recorded);
  const begins = new Map<string, number>();
  for (let i = 0; i < cases.count; i++) begins.set(cases.at(i).access, cases.at(i).linear.lo & 15);
  assertEquals(Object.fromEntries(begins), { read: 1, write: 8, fetch: 0, exchange: 1 });
});

Deno.test("the 20,000 random cases are read", async () => {
  const cases = new CaseFile(await readBounded("tests/fixtures/mmu/random20k.cases.gz"));
  assertEquals(cases.count, 20_000);
  assertEquals(cases.at(19_999).number, 19_999);
});

Deno.test("a case file that starts in the middle of a buffer is read like any other", () => {
  const shifted = new Uint8Array(recorded.length + 1);
  shifted.set(recorded, 1);
  assertEquals(new CaseFile(shifted.subarray(1)).at(1), new CaseFile(recorded).at(1));
});

Deno.test("a case cannot be changed by who reads it", () => {
  const read = new CaseFile(recorded).at(0);
  assert(Object.isFrozen(read) && Object.isFrozen(read.entries) && Object.isFrozen(read.linear));
});

Deno.test("a case file cut short anywhere is refused", () => {
  for (let length = 0; length < recorded.length; length += 13) {
    assertRefused(recorded.subarray(0, length), "Expected");
  }
  assertRefused(recorded.subarray(0, 63), "Expected a header of 64 bytes but found 63 bytes");
  assertRefused(recorded.subarray(0, -1), "Expected 6080 bytes for 47 cases but found 6079");
});

Deno.test("bytes after the last case are refused", () => {
  assertRefused(new Uint8Array([...recorded, 0]), "Expected 6080 bytes for 47 cases but found 6081");
});

Deno.test("a count that the file does not hold is refused before anything is reserved for it", () => {
  assertRefused(changed(4, 0xffff_ffff), "Expected 549755813824 bytes for 4294967295 cases but found 6080");
  assertRefused(changed(4, 0), "Expected at least 1 case but found 0");
});

Deno.test("another magic is refused", () => {
  assertRefused(changed(0, 0x46464952), 'Expected the magic "MMUC" (0x43554d4d) but found 0x46464952');
});

const fields = [
  ["an unknown mode", 0, 3, "Expected mode 0, 1 or 2 in case 0 but found 3"],
  ["a CR0 bit that the format does not have", 4, 0x8000_0000, "Expected CR0 bits within 0x10000 in case 0 but found"],
  [
    "a CR4 bit that the format does not have",
    8,
    0x1000,
    "Expected CR4 bits within 0x700090 in case 0 but found 0x1000",
  ],
  ["an EFER bit that the format does not have", 12, 1, "Expected EFER bits within 0x800 in case 0 but found 0x1"],
  ["an unknown kind of access", 16, 4, "Expected access kind 0, 1, 2 or 3 in case 0 but found 4"],
  ["an unknown flag of the access", 16, 0x401, "Expected access flags within 0x300 in case 0 but found 0x401"],
  ["a seventh entry", 20, 7, "Expected at most 6 entries in case 0 but found 7"],
  ["billions of entries", 20, 0xffff_ffff, "Expected at most 6 entries in case 0 but found 4294967295"],
  ["a slot that is not aligned", 24, 0x40000018, "Expected a linear address on a 16-byte boundary in case 0"],
  ["a wide address in a 32-bit mode", 28, 1, "Expected a linear address of 32 bits in case 0 but found 0x1"],
  ["an entry that is not aligned", 32, 0x200401, "Expected an entry on a 4-byte boundary in case 0 but found 0x200401"],
  ["an entry of another size than the mode's", 36, 8, "Expected entries of 4 bytes in case 0 but found 8"],
  ["a 4-byte entry with a high word", 44, 1, "Expected an entry of 32 bits in case 0 but found 0x1 above them"],
] as const;

for (const [what, offset, word, message] of fields) {
  Deno.test(`a case with ${what} is refused`, () => assertRefused(changed(inCase(offset), word), message));
}

Deno.test("a field out of range is found in the last case as well", () => {
  assertRefused(changed(64 + 46 * 128, 9), "Expected mode 0, 1 or 2 in case 46 but found 9");
});

Deno.test("asking for a case that does not exist is a RangeError", () => {
  const cases = new CaseFile(recorded);
  for (const number of [-1, 47, 0.5, NaN]) {
    assertThrows(() => cases.at(number), RangeError, `Expected a case from 0 to 46 but found ${number}`);
  }
});
