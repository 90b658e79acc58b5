import { assert, assertEquals } from "@std/assert";
import { boot, type Run } from "@pagetable-init/textbook";
import { P, PS } from "@pagetable-init/textbook/mmu";
import { findStrategy } from "@pagetable-init/textbook/strategies";

const on486 = (memory: string | number): Run => boot({ platform: "native-486", strategy: "map-from-mapped", memory });

const rangesOf = ({ kernel }: Run): readonly (readonly [number, number])[] =>
  [...findStrategy("map-from-mapped").mappingOrder?.(kernel) ?? []].map(({ first, end }) => [first, end]);

/** The pages that became last-level tables, in order. */
const tablesOf = ({ trace }: Run): readonly number[] =>
  [...trace].filter(({ op, asked }) => op === "set_pmd" && (asked.lo & (P | PS)) === P).map(({ asked }) =>
    asked.lo >>> 12
  );

Deno.test("memory is mapped from the top down, in steps that grow by 32 and begin at a multiple of their size", () => {
  assertEquals(rangesOf(on486("64M")), [[0, 0x100], [0x3c00, 0x4000], [0x100, 0x3c00]]);
  assertEquals(rangesOf(on486("896M")), [
    [0, 0x100],
    [0x37c00, 0x38000],
    [0x30000, 0x37c00],
    [0x100, 0x30000],
  ]);
});

Deno.test("a page above the topmost block is mapped last", () => {
  assertEquals(rangesOf(on486(0x1001 * 4096)), [[0, 0x100], [0xc00, 0x1000], [0x100, 0xc00], [0x1000, 0x1001]]);
});

Deno.test("tables come from behind the kernel, and from the top of mapped memory while the kernel's own range is mapped", () => {
  const run = on486("64M");
  const { maxPfnMapped, layout } = run.kernel;
  const middle = (0x3c00 - maxPfnMapped) / 0x400; // tables from the end of the boot map to the topmost block
  const [behind = 0, ...rest] = tablesOf(run);
  assert(behind >= layout.kernelEnd / 4096 && behind < layout.kernelEnd / 4096 + 16);
  assertEquals(rest, [...Array.from({ length: middle }, (_, i) => 0x3fff - i), behind + 1, behind + 2]);
});

Deno.test("where the CPU still runs on head.S's tables, tables come from the pages that those map", () => {
  const run = boot({ platform: "native-k8-pae-4k", strategy: "map-from-mapped", memory: "64M" });
  assertEquals(run.outcome.ok, true);
  const tables = tablesOf(run);
  assert(tables.length > 32 && tables.every((pfn) => pfn < run.kernel.maxPfnMapped));
});

Deno.test("a page that became a table is taken: bootmem gives it to nobody else", () => {
  const run = on486("64M");
  assert(tablesOf(run).every((pfn) => !run.kernel.bootmem.isFree(pfn)));
  const [next = -1] = [run.kernel.bootmem.take()];
  assertEquals(tablesOf(run).includes(next), false);
});
