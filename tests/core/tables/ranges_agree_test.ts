import { assert, assertEquals } from "@std/assert";
import { CPUS, explain, type Linear, Machine, MODES } from "@pagetable-init/textbook";
import { NX, RIGHT_NX, RIGHT_RW, RIGHT_US } from "@pagetable-init/textbook/mmu";
import { type PageRange, pageRanges } from "@pagetable-init/textbook/tables";
import { Random } from "../../../chapters/guests/random.ts";
import { TableBuilder } from "../audit/table_builder.ts";

const MAPPINGS = 120;
const PROBES = 400;
const RIGHTS = RIGHT_RW | RIGHT_US | RIGHT_NX;

/** Random mappings, close together so that some follow each other, over a few places of the address space. */
function randomTables(random: Random, mode: typeof MODES[keyof typeof MODES]): TableBuilder {
  const efer = 0x800 | (mode.linearBits > 32 ? 0x100 : 0);
  const cr4 = 0x10 | (mode.entryWords === 2 ? 0x20 : 0) | (mode.linearBits === 57 ? 0x1000 : 0);
  const builder = new TableBuilder(mode, { efer, cr4 });
  for (let i = 0; i < MAPPINGS; i++) {
    const frame = 0x4000 + random.below(8);
    const flags = 1 | (random.word() & 0x17e);
    const above = mode.entryWords === 2 && mode.rootInRegisters ? {} : { above: 0x21 | (random.word() & 6) };
    const high = mode.entryWords === 2 && random.chance(0.3) ? NX : 0;
    builder.map(randomPage(random, mode.linearBits), frame, random.between(1, 6), { flags, high, ...above });
  }
  return builder;
}

function randomPage(random: Random, linearBits: number): Linear {
  const lo = ([0, 0xc000_0000, 0xffe0_0000][random.below(3)] ?? 0) + random.below(64) * 4096;
  if (linearBits === 32) return { hi: 0, lo };
  return { hi: random.chance(0.5) ? 0 : 0xffff_ff00, lo };
}

function machineOf({ tables }: TableBuilder): Machine {
  const machine = new Machine(CPUS.today, tables.memory);
  const fault = machine.writeCr4(tables.cr4) ?? machine.writeEfer(tables.efer) ?? machine.writeCr3(tables.root) ??
    machine.writeCr0(0x8001_0011);
  assertEquals(fault, undefined);
  return machine;
}

/** The range that an address belongs to, and how many 4K pages into it. */
function find(ranges: readonly PageRange[], { hi, lo }: Linear): { range: PageRange; page: number } | undefined {
  for (const range of ranges) {
    const page = (hi - range.linear.hi) * 2 ** 20 + (lo >>> 12) - (range.linear.lo >>> 12);
    if (page >= 0 && page < range.pages) return { range, page };
  }
  return undefined;
}

for (const mode of Object.values(MODES)) {
  for (const seed of [20070428, 1, 2, 3]) {
    Deno.test(`the ranges of random ${mode.id} tables say what the explaining walker says (seed ${seed})`, () => {
      const random = new Random(seed);
      const builder = randomTables(random, mode);
      const machine = machineOf(builder);
      const ranges = pageRanges(builder.tables);
      let found = 0;
      for (let i = 0; i < PROBES; i++) {
        const linear = randomPage(random, mode.linearBits);
        const { outcome } = explain(machine, linear);
        const expected = find(ranges, linear);
        const say = `seed ${seed}, address ${linear.hi.toString(16)}:${linear.lo.toString(16)}`;
        assertEquals(outcome.ok, expected !== undefined, say);
        if (!outcome.ok || expected === undefined) continue;
        found++;
        const { range, page } = expected;
        assertEquals(outcome.frame, range.frame + page, say);
        assertEquals(outcome.rights & RIGHTS, range.rights & RIGHTS, say);
        assertEquals([outcome.pageBytes, outcome.global], [2 ** range.pageShift, range.global], say);
      }
      assert(found > PROBES / 10, `seed ${seed}: only ${found} addresses were mapped`);
    });
  }
}
