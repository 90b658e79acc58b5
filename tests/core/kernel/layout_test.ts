import { assertEquals } from "@std/assert";
import { ADDRESS_SPACES, DEFAULT_CONFIG, fixmapSlots, layoutOf } from "../../../core/kernel/mod.ts";
import { fixToVirt, pmdSize } from "../../../core/kernel/layout.ts";
import { MODES } from "../../../core/mmu/mod.ts";

for (const mode of [MODES["two-level"], MODES.pae]) {
  Deno.test(`${mode.id}: the fixmap's tables begin where its lowest slot's table does, and the window for high memory ends a page below, for every number of slots`, () => {
    const size = pmdSize(mode);
    for (let permanentFixmapSlots = 1; permanentFixmapSlots <= 1000; permanentFixmapSlots++) {
      const config = { ...DEFAULT_CONFIG, permanentFixmapSlots };
      const layout = layoutOf(ADDRESS_SPACES.native, mode, 2 ** 26, 0x50_0000, { config });
      const lowest = fixToVirt(layout, layout.fixmap.count - 1);
      const windowEnd = layout.pkmapBase + 4096 * (layout.lastPkmap + 1);
      assertEquals([layout.fixmapStart % size, layout.pkmapBase % size], [0, 0]);
      assertEquals(
        [layout.fixmapStart <= lowest, lowest < layout.fixmapStart + size],
        [true, true],
        `${permanentFixmapSlots}`,
      );
      assertEquals([windowEnd <= lowest, lowest - windowEnd < size], [true, true], `${permanentFixmapSlots}`);
    }
  });
}

Deno.test("the shared page has the last permanent slot; 16 slots of bt_ioremap follow, and then that of the WP test, the last", () => {
  const { permanentFixmapSlots } = DEFAULT_CONFIG;
  assertEquals(fixmapSlots(DEFAULT_CONFIG), {
    paravirtBootmap: permanentFixmapSlots - 1,
    wpTest: permanentFixmapSlots + 16,
    count: permanentFixmapSlots + 17,
  });
});

Deno.test("a kernel without CONFIG_HIGHMEM has no window for high memory", () => {
  const pkmapOf = (highmem: boolean) =>
    layoutOf(ADDRESS_SPACES.native, MODES.pae, 2 ** 26, 0x50_0000, { config: { ...DEFAULT_CONFIG, highmem } }).pkmap;
  assertEquals([pkmapOf(true), pkmapOf(false)], [true, false]);
});
