// The regions of Linux, from rows of a map that say little.
import { assertEquals } from "@std/assert";
import { linux32Layout } from "../../../core/audit/linux_32.ts";
import { linuxLongLayout } from "../../../core/audit/linux_long.ts";
import type { Span } from "../../../core/audit/regions.ts";
import { RIGHT_NX, RIGHT_RW } from "../../../core/mmu/mod.ts";

/** A row of a map: pages from a linear page number on, and their frames. */
function span(page: number, frame: number, pages = 1, rights: number = RIGHT_RW, times = 1): Span {
  const range = { linear: { hi: 0, lo: 0 }, pages, pageShift: 12, rights, global: false, patIndex: 0, frame };
  return { page, end: page + pages, row: { range, times, stride: 0 } };
}

const SPLIT = 0xc_0000;
const FIXMAP = 0xf_fc00;
const names = (layout: ReturnType<typeof linux32Layout>) => layout?.areas.map(({ name }) => name);

Deno.test("a kernel whose devices are at their own addresses is not taken for Linux of 32 bits", () => {
  const lowmem = span(SPLIT, 0, 0x1000);
  assertEquals(names(linux32Layout([lowmem, span(FIXMAP + 1, 0xfee00)], SPLIT, 1024, [])), [
    "lowmem",
    "fixmap",
    "vmalloc",
  ]);
  assertEquals(linux32Layout([lowmem, span(0xf_ee00, 0), span(FIXMAP + 1, FIXMAP + 1)], SPLIT, 1024, []), undefined);
});

Deno.test("pkmap is the empty table near the top, or nowhere; lowmem without a row of its own is empty", () => {
  assertEquals(names(linux32Layout([span(SPLIT, 0, 0x1000)], SPLIT, 1024, [0xf_f000])), [
    "lowmem",
    "pkmap",
    "fixmap",
    "vmalloc",
  ]);
  const [lowmem] = linux32Layout([span(SPLIT, 0, 16, RIGHT_RW, 3)], SPLIT, 1024, [])?.areas ?? [];
  assertEquals([lowmem?.first, lowmem?.end], [SPLIT, SPLIT]);
});

Deno.test("where no direct map shows, the areas of 64-bit Linux are guessed where they are without KASLR", () => {
  const unit = { 48: 2 ** 28, 57: 512 * 2 ** 28 };
  for (const bits of [48, 57] as const) {
    const top = 2 ** (bits - 12);
    const spans = [span(top - 2 * 2 ** 28, 7, 1, 0), span(top - 2 * 2 ** 18, 0x1000, 512, 0)];
    const areas = linuxLongLayout(spans, bits, false)?.areas ?? [];
    const first = (name: string) => ((areas.find((it) => it.name === name)?.first ?? NaN) - top / 2) / unit[bits];
    const found = [first("direct map"), first("vmalloc"), first("vmemmap")];
    assertEquals(found, bits === 48 ? [8.5, 73, 106] : [8.5, 80, 106]);
  }
});

Deno.test("page structures in small pages are found where enough of them follow each other", () => {
  const top = 2 ** 36;
  const direct = top / 2 + 2 ** 28; // the direct map of kernels up to 2.6.26
  const image = span(top - 2 * 2 ** 18, 0x1000, 512, 0);
  const structures = top / 2 + 64 * 2 ** 28;
  const vmemmap = (pages: number) =>
    linuxLongLayout([span(direct, 0, 0x1000, RIGHT_RW | RIGHT_NX), span(structures, 0x500, pages), image], 48, false)
      ?.areas.find(({ name }) => name === "vmemmap")?.first;
  assertEquals([vmemmap(64), vmemmap(2)], [structures, top - 2 * 2 ** 28]);
});
