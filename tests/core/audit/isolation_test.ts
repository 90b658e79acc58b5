/** Page-table isolation: both roots of a process are recognised, and what follows is no alarm. */
import { assertEquals } from "@std/assert";
import { audit, CPUS, MODES, PhysicalMemory } from "@pagetable-init/textbook";
import { G, NX, RIGHT_US } from "@pagetable-init/textbook/mmu";
import { globalsUnderIsolation, isolationOf } from "../../../core/audit/isolation.ts";
import type { MapRow } from "../../../core/audit/map_rows.ts";
import type { Region } from "../../../core/audit/regions.ts";

const [USER, KERNEL] = [0x67, 0x63];

/** A process of an isolated 4-level Linux: roots in frames 0x10 and 0x11, or only the first. */
function isolated({ nx = NX, direct = KERNEL, lone = false } = {}): PhysicalMemory {
  const memory = new PhysicalMemory(2 ** 28);
  const entry = (frame: number, index: number, hi: number, lo: number) =>
    lone && frame === 0x11 ? undefined : memory.writePair(frame, 2 * index, hi, lo);
  const chain = (
    root: number,
    slot: number,
    first: number,
    indexes: readonly number[],
    leaf: number,
    rootBits: number,
    hi = 0,
    leafHi = 0,
  ) => {
    entry(root, slot, hi, (first << 12) | rootBits);
    indexes.forEach((index, i) =>
      entry(first + i, index, i === 2 ? leafHi : 0, i === 2 ? leaf : ((first + i + 1) << 12) | 0x67)
    );
  };
  chain(0x10, 0, 0x20, [0, 0, 1], 0x9_0067, USER, nx);
  entry(0x11, 0, 0, (0x20 << 12) | USER);
  chain(0x10, 273, 0x30, [0, 0, 0], direct, KERNEL, 0, NX); // the direct map, at 0xffff888000000000
  chain(0x10, 508, 0x40, [0, 0, 0], 0x9_1161, KERNEL, 0, NX); // the CPU entry area
  entry(0x11, 508, 0, (0x40 << 12) | KERNEL);
  chain(0x10, 511, 0x50, [510, 8, 0], 0x9_2061, KERNEL); // text, at 0xffffffff81000000
  chain(0x11, 511, 0x60, [510, 8, 0], 0x9_2061, KERNEL);
  return memory;
}

const at = (memory: PhysicalMemory, root: number) => ({
  memory,
  cpu: CPUS.today,
  mode: MODES["4-level"],
  root,
  cr4: 0x30_0020,
  efer: 0xd00,
});

Deno.test("both roots of an isolated process are recognised, each names the other", () => {
  const memory = isolated();
  assertEquals(isolationOf(at(memory, 0x1_0000)), { root: "kernel", other: 0x1_1000 });
  assertEquals(isolationOf(at(memory, 0x1_1000)), { root: "user", other: 0x1_0000 });
  assertEquals(audit(at(memory, 0x1_0000)).isolation?.root, "kernel");
});

Deno.test("a lone root of the kernel is recognised by its user half without execution; without NX there it is none", () => {
  const lone = (nx: number) => isolationOf({ ...at(isolated({ nx, lone: true }), 0x1_0000), sparse: true });
  assertEquals([lone(NX), lone(0)], [{ root: "kernel", other: undefined }, undefined]);
});

Deno.test("kernel pages of the direct map that are global are a finding under isolation; the CPU entry area may be", () => {
  const ids = (direct: number) => audit(at(isolated({ direct }), 0x1_0000)).findings.map(({ id }) => id);
  assertEquals(ids(KERNEL), []);
  assertEquals(ids(KERNEL | G), ["global-isolated"]);
  const { findings } = audit(at(isolated({ direct: KERNEL | G }), 0x1_0000));
  assertEquals([findings[0]?.pages, findings[0]?.address], [1, { hi: 0xffff_8880, lo: 0 }]);
});

Deno.test("global pages that one row of the map folds are counted each", () => {
  const memory = isolated({ direct: KERNEL | G });
  for (const index of [2, 4]) memory.writePair(0x32, 2 * index, NX, KERNEL | G);
  const { map, findings } = audit(at(memory, 0x1_0000));
  assertEquals(map.filter(({ range }) => range.global).map(({ times }) => times), [3, 1]);
  assertEquals(findings[0]?.pages, 3);
  assertEquals(findings[0]?.ranges.map(({ linear }) => linear.lo), [0, 0x2000, 0x4000]);
});

Deno.test("the roots of an isolated PAE process share all but their last PDPTE", () => {
  const memory = new PhysicalMemory(2 ** 28);
  for (const [root, last] of [[0x10, 0x2_3001], [0x11, 0x2_4001]] as const) {
    [0x2_0001, 0x2_1001, 0x2_2001, last].forEach((entry, i) =>
      memory.write(root, 2 * i, entry | (root === 0x10 ? 0x20 : 0))
    );
  }
  const tables = { ...at(memory, 0x1_0000), mode: MODES.pae };
  assertEquals(isolationOf(tables), { root: "kernel", other: 0x1_1000 });
  memory.write(0x11, 0, 0x7_0001);
  assertEquals(isolationOf(tables), undefined);
});

Deno.test("a global page of an isolated region is a finding, one that user mode sees too, as the trampoline is, is none", () => {
  const linear = { hi: 0xffff_8880, lo: 0 };
  const row = (rights: number, global = true) =>
    ({
      range: { linear, pages: 4, frame: 8, rights, global },
      times: 1,
      stride: 0,
    }) as unknown as MapRow;
  const regions = [{ name: "direct map", first: linear, last: { ...linear, lo: 0xffff } }] as unknown as Region[];
  const found = (rows: MapRow[]) => globalsUnderIsolation(rows, regions, { root: "kernel", other: 0x1_1000 }, 48);
  assertEquals(found([row(0)]).map(({ pages }) => pages), [4]);
  assertEquals([found([row(RIGHT_US)]), found([row(0, false)])], [[], []]);
});

Deno.test("a root beyond the end of memory is none of a pair", () => {
  assertEquals(isolationOf(at(isolated(), 2 ** 30)), undefined);
});
