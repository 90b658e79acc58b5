import { assert, assertEquals } from "@std/assert";
import { MODES } from "@pagetable-init/textbook";
import { indexAt } from "@pagetable-init/textbook/mmu";
import { cutAddress } from "./exercise.ts";

const hex = (value: number) => `0x${value.toString(16)}`;
const ADDRESSES = [
  0,
  0xfff,
  0x1000,
  0x003fffff,
  0x00400000,
  0x7fffffff,
  0x80000000,
  0xc0100abc,
  0xffffffff,
];

Deno.test("the offset is what a page can hold", () => {
  for (const address of ADDRESSES) {
    const { offset } = cutAddress(address);
    const words =
      `The offset is the lower twelve bits, bit 0 to bit 11, as they are: of 0x${
        address.toString(16)
      }`;
    assertEquals(hex(offset), hex(address % 4096), words);
  }
});

Deno.test("the directory index is an index", () => {
  const { directoryIndex } = cutAddress(0xc0100abc);
  assert(
    directoryIndex >= 0,
    ">> is signed: the upper half of all addresses gives negative indices, here " +
      `${directoryIndex}`,
  );
  assert(
    directoryIndex !== 768 * 4,
    "An index counts entries, not bytes: the CPU multiplies by four, you need not",
  );
  assertEquals(
    directoryIndex,
    768,
    "The directory index is the upper ten bits, bit 22 to bit 31",
  );
});

Deno.test("the table index is ten bits and no more", () => {
  const { tableIndex } = cutAddress(0xc0100abc);
  assert(
    tableIndex !== 0xc0100,
    "Shifting alone leaves the directory's bits in place: mask them off",
  );
  assert(
    tableIndex !== 256 * 4,
    "An index counts entries, not bytes: the CPU multiplies by four, you need not",
  );
  assertEquals(tableIndex, 256, "The table index is bit 12 to bit 21");
});

const inWords = (directory: number, table: number, offset: number) =>
  `entry ${directory} of the directory, entry ${table} of the table, byte ${hex(offset)}`;

Deno.test("all addresses are cut as the library cuts them", () => {
  const [pgd, pte] = MODES["two-level"].levels;
  assert(pgd !== undefined && pte !== undefined, "Two-level paging has two levels");
  for (const address of [...ADDRESSES, 0x12345678, 0x3fe00000, 0x40200fff]) {
    const { directoryIndex, tableIndex, offset } = cutAddress(address);
    const [directory, table] = [indexAt(pgd, 0, address), indexAt(pte, 0, address)];
    assertEquals(
      inWords(directoryIndex, tableIndex, offset),
      inWords(directory, table, address % 4096),
      `${hex(address)} is cut at other bits: ten, ten and twelve, from the left`,
    );
  }
});
