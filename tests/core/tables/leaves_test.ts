import { assertEquals } from "@std/assert";
import { CPUS, MODES } from "@pagetable-init/textbook";
import { NX } from "@pagetable-init/textbook/mmu";
import { countLeaves, printLeafText, printLeaves, type Tables } from "@pagetable-init/textbook/tables";
import { TableBuilder } from "../audit/table_builder.ts";

const LOWMEM = { hi: 0, lo: 0xc000_0000 };

function lines(tables: Tables): string[] {
  const printed: string[] = [];
  printLeaves(tables, (line) => printed.push(line));
  return printed;
}

Deno.test("every flag of a leaf has its letter and its place", () => {
  const flags = [0x001, 0x003, 0x005, 0x009, 0x011, 0x021, 0x041, 0x101, 0x17f];
  const builder = new TableBuilder(MODES.pae);
  flags.forEach((flag, i) => builder.map({ hi: 0, lo: LOWMEM.lo + i * 4096 }, 0x77, 1, { flags: flag }));
  builder.map({ hi: 0, lo: LOWMEM.lo + 0x9000 }, 0x77, 1, { flags: 1, high: NX });
  assertEquals(lines(builder.tables).map((line) => line.split(" ")[2]), [
    "---------",
    "--------W",
    "-------U-",
    "------T--",
    "-----C---",
    "----A----",
    "---D-----",
    "-G-------",
    "-G-DACTUW",
    "X--------",
  ]);
});

Deno.test("the flags are the leaf's own, whatever the levels above take away", () => {
  const { tables } = new TableBuilder(MODES["4-level"]).map(LOWMEM, 5, 1, { flags: 0x67, above: 0x21 });
  assertEquals(lines(tables), ["00000000c0000000: 0000000000005000 ---DA--UW"]);
});

Deno.test("P stands for a large page; the PAT bit of a 4K page, in the same place, is not shown", () => {
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 0x200, 1, { shift: 21 });
  builder.map({ hi: 0, lo: 0xc020_0000 }, 7, 1, { flags: 0xe3 });
  assertEquals(lines(builder.tables), [
    "00000000c0000000: 0000000000200000 --PDA---W",
    "00000000c0200000: 0000000000007000 ---DA---W",
  ]);
});

Deno.test("linear addresses of the upper half are sign-extended, physical ones have 52 bits", () => {
  const builder = new TableBuilder(MODES["5-level"]).map({ hi: 0xff00_0000, lo: 0 }, 0xff_ffff_ffff, 1, { high: NX });
  assertEquals(lines(builder.tables), ["ff00000000000000: 000ffffffffff000 X--DA---W"]);
});

Deno.test("leaves of a pmd come between those of the tables that it points to", () => {
  const builder = new TableBuilder(MODES.pae).map({ hi: 0, lo: 0xc040_0000 }, 2).map(LOWMEM, 1);
  builder.map({ hi: 0, lo: 0xc020_0000 }, 0x400, 1, { shift: 21 });
  assertEquals(lines(builder.tables).map((line) => line.slice(8, 16)), ["c0000000", "c0200000", "c0400000"]);
});

Deno.test("as many lines come as leaves are counted, reserved ones left out of both", () => {
  const builder = new TableBuilder(MODES.pae, { cpu: CPUS.p6, efer: 0 }).map(LOWMEM, 0, 600);
  builder.tables.memory.write(0x102, 2 * 30 + 1, 0x10); // physical bit 36 of a CPU with 36
  builder.map({ hi: 0, lo: 0xc080_0000 }, 0x800, 1, { shift: 21, flags: 0x20e3 }); // bit 13 of a page of 2M
  assertEquals(countLeaves(builder.tables), 599);
  assertEquals(lines(builder.tables).length, 599);
});

Deno.test("the first ten digits of both addresses are those of each page, wherever the one before it was", () => {
  const builder = new TableBuilder(MODES["4-level"]);
  builder.map({ hi: 0xffff_8880, lo: 0x00ff_f000 }, 0xfff, 2, { flags: 1 });
  builder.map({ hi: 0xffff_ffff, lo: 0x8100_0000 }, 0x12_3456, 1, { flags: 1 });
  assertEquals(lines(builder.tables).map((line) => line.slice(0, 34)), [
    "ffff888000fff000: 0000000000fff000",
    "ffff888001000000: 0000000001000000",
    "ffffffff81000000: 0000000123456000",
  ]);
});

Deno.test("the text of leaves is their lines, each with a line feed, however many; without a leaf nothing is printed", () => {
  for (const leaves of [0, 1, 1023, 1024, 1025, 2049]) {
    const { tables } = new TableBuilder(MODES.pae).map(LOWMEM, 0, leaves);
    const pieces: string[] = [];
    printLeafText(tables, (text) => pieces.push(text));
    assertEquals(pieces.every((piece) => piece.endsWith("W\n")), true);
    const printed = lines(tables);
    assertEquals(printed.length, leaves);
    assertEquals(pieces.join(""), printed.map((line) => `${line}\n`).join(""));
    const last = (leaves - 1) * 4096;
    const hex = (address: number) => address.toString(16).padStart(16, "0");
    if (leaves > 0) assertEquals(printed.at(-1), `${hex(LOWMEM.lo + last)}: ${hex(last)} ---DA---W`);
  }
});
