import { assertEquals } from "@std/assert";
import { access, boot, CPUS, Machine, MODES, PhysicalMemory } from "@pagetable-init/textbook";
import { buildBootTables } from "../../../core/kernel/head.ts";
import { ADDRESS_SPACES, layoutOf } from "../../../core/kernel/layout.ts";
import { KERNEL_RELEASES } from "../../../core/kernel/releases.ts";

function built(version: keyof typeof KERNEL_RELEASES, words: 1 | 2) {
  const mode = words === 1 ? MODES["two-level"] : MODES.pae;
  const machine = new Machine(CPUS.p6, new PhysicalMemory(64 << 20));
  const layout = layoutOf(ADDRESS_SPACES.native, mode, 64 << 20, 0x50_0000);
  return { machine, layout, tables: buildBootTables(machine, layout, KERNEL_RELEASES[version], words) };
}

Deno.test("head.S maps 8, 12 and 16 MB for a kernel that ends at 5 MB, by release and mode", () => {
  const cases = [["2.6.21", 1, 2, 8], ["2.6.21", 2, 2, 8], ["2.6.22", 1, 3, 12], ["2.6.22", 2, 4, 16]] as const;
  for (const [version, words, tables, megabytes] of cases) {
    const { tables: found } = built(version, words);
    assertEquals([found.tables, found.mappedPages], [tables, megabytes * 256], `${version}, ${words} words an entry`);
  }
});

Deno.test("head.S builds two-level tables even for a PAE kernel, user-accessible, twice (traps T3, T17)", () => {
  const { machine, layout } = built("2.6.22", 2);
  assertEquals(machine.mode?.id, "two-level");
  const root = layout.image.swapperPgDir;
  assertEquals(machine.memory.read(root, 768), machine.memory.read(root, 0));
  assertEquals(machine.memory.read(root, 768) & 0xfff, 0x007);
  assertEquals(machine.memory.read(0x500, 5), 0x5007);
});

Deno.test("a PAE kernel overwrites pdes 0 to 7 of the tables that it runs on, and survives because PAGE_OFFSET is pde 768 (trap T3)", () => {
  const { machine } = boot({ platform: "native-p6-pae", strategy: "write-always", until: 4 });
  assertEquals(machine.mode?.id, "two-level");
  const root = machine.cr3 / 4096;
  const zeroPage = root + 1;
  assertEquals(machine.memory.read(root, 0), (zeroPage << 12) | 1);
  assertEquals([1, 3, 5, 7].map((word) => machine.memory.read(root, word)), [0, 0, 0, 0]);
  assertEquals(access(machine, 0x40_0000, "read").ok, false, "the identity map of the second 4 MB is gone");
  assertEquals(access(machine, 0xc040_0000, "read").ok, true);
});
