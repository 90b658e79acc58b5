/**
 * The regions of a 64-bit Linux kernel, wherever KASLR has moved them.
 *
 * CPU entry area, ESPFIX, and the 2 GiB of kernel image, modules and fixmap never move, so they are known by their addresses. The direct
 * map, vmalloc and vmemmap move by multiples of 1 GiB and keep their order. The direct map has one distance between pages and frames;
 * vmemmap begins at a multiple of 1 GiB and has 2M pages.
 *
 * Source: Linux's Documentation/x86/x86_64/mm.rst and arch/x86/mm/kaslr.c.
 *
 * @module
 */

import { RIGHT_NX, RIGHT_RW, RIGHT_US } from "../mmu/mod.ts";
import type { Area, Span } from "./regions.ts";

/** The areas of a system, and the evidence for it. */
export interface Layout {
  /** Its areas; of two that overlap the first one counts. */
  readonly areas: readonly Area[];
  /** What speaks for it, a phrase each. */
  readonly evidence: readonly string[];
}

const [GIB, TIB] = [2 ** 18, 2 ** 28];
/** Pages that the kernel's image may have unmapped in its midst: init memory that was given back. */
const IMAGE_GAP = 2 ** 14;
/** A page with more copies is one of ESPFIX: no other mapping has so many. */
const ESPFIX_TIMES = 1000;

/** First pages of the direct map, from the upper half on, in kernels without CPU entry area and ESPFIX: up to 2.6.26, up to 3.15. */
const OLD_DIRECT_MAPS: readonly number[] = [TIB, 8 * TIB];

type Fixed = "entryArea" | "espfix" | "efi" | "image" | "fixmap" | "vsyscall";

/** Areas that never move, in pages below the end of the address space. */
const BELOW_TOP: Readonly<Record<Fixed, readonly [first: number, end: number]>> = Object.freeze({
  entryArea: [2 * TIB, 1.5 * TIB],
  espfix: [TIB, 0.5 * TIB],
  efi: [68 * GIB, 4 * GIB],
  image: [2 * GIB, GIB],
  fixmap: [0x1000, 0xa00],
  vsyscall: [0xa00, 0x9ff],
});

/**
 * Finds the regions of Linux.
 *
 * @param spans The map.
 * @param linearBits Width of linear addresses: 48 or 57.
 * @param ring3 Whether it is a guest of Xen: its kernel's pages are open to user mode, and its direct map has no order of frames.
 * @returns The areas and what speaks for them; undefined if too little does.
 */
export function linuxLongLayout(spans: readonly Span[], linearBits: number, ring3: boolean): Layout | undefined {
  const top = 2 ** (linearBits - 12);
  const inside = (name: Fixed, { page }: Span) => page >= top - BELOW_TOP[name][0] && page < top - BELOW_TOP[name][1];
  const entryArea = spans.some((span) => inside("entryArea", span));
  const espfix = spans.some((span) => inside("espfix", span) && span.row.times > ESPFIX_TIMES);
  const image = imageIn(spans.filter((span) => inside("image", span)), ring3 ? RIGHT_NX : RIGHT_NX | RIGHT_US);
  const direct = ring3 ? undefined : directMapIn(spans, top);
  const evidence = [
    entryArea ? "a CPU entry area" : [],
    espfix ? "ESPFIX stacks" : [],
    image === undefined ? [] : "a kernel image in the last 2 GiB",
    direct === undefined ? [] : "a direct map",
  ].flat();
  const old = direct !== undefined && OLD_DIRECT_MAPS.includes(direct.first - top / 2);
  if (!(entryArea || espfix || old) || image === undefined) return undefined;
  const areas = [
    ...image.areas,
    ...fixedAreas(top, image.end),
    ...(direct === undefined ? usualAreas(top, linearBits) : movedAreas(spans, direct, top)),
    {
      name: "LDT",
      first: top / 2 + (linearBits === 48 ? 8 * TIB : 4096 * TIB),
      end: top / 2 + (linearBits === 48 ? 8.5 * TIB : 4352 * TIB),
      guess: false,
    },
  ];
  return { areas, evidence };
}

function fixedAreas(top: number, imageEnd: number): Area[] {
  const area = (name: string, [first, end]: readonly [number, number]): Area => ({
    name,
    first: top - first,
    end: top - end,
    guess: false,
  });
  return [
    area("cpu entry area", BELOW_TOP.entryArea),
    area("ESPFIX", BELOW_TOP.espfix),
    area("EFI runtime", BELOW_TOP.efi),
    area("vsyscall", BELOW_TOP.vsyscall),
    area("fixmap", BELOW_TOP.fixmap),
    { name: "modules", first: Math.max(imageEnd, top - 1.5 * GIB), end: top - 0x1000, guess: false },
  ];
}

/** The image: what is mapped from the first executable page on without a wide gap. Text is its executable beginning. */
function imageIn(
  spans: readonly Span[],
  without: number,
): { readonly areas: readonly Area[]; readonly end: number } | undefined {
  const at = spans.findIndex(({ page, row }) => page % 512 === 0 && (row.range.rights & without) === 0);
  const start = spans[at];
  if (start === undefined) return undefined;
  let [textEnd, end] = [start.page, start.page];
  for (const { page, end: next, row } of spans.slice(at)) {
    if (page - end > IMAGE_GAP) break;
    if (textEnd === end && page === end && (row.range.rights & RIGHT_NX) === 0) textEnd = next;
    end = next;
  }
  const areas = [{ name: "kernel text", first: start.page, end: textEnd, guess: false }];
  return { areas: textEnd < end ? [...areas, { name: "kernel data", first: textEnd, end, guess: false }] : areas, end };
}

/** The direct map: supervisor pages at one distance from their frames, a multiple of 1 GiB, that most pages share. */
function directMapIn(
  spans: readonly Span[],
  top: number,
): { readonly first: number; readonly end: number } | undefined {
  const found = new Map<number, { pages: number; end: number }>();
  for (const { page, end, row: { range, times } } of spans) {
    const distance = page - range.frame;
    if (page < top / 2 || page >= top - 2 * TIB || times > 1 || range.frame < 0) continue;
    if (distance % GIB !== 0 || distance < top / 2 || (range.rights & RIGHT_US) !== 0) continue;
    const { pages = 0, end: last = 0 } = found.get(distance) ?? {};
    found.set(distance, { pages: pages + range.pages, end: Math.max(last, end) });
  }
  const [best] = [...found].sort(([, a], [, b]) => b.pages - a.pages);
  return best === undefined ? undefined : { first: best[0], end: best[1].end };
}

function movedAreas(spans: readonly Span[], direct: { first: number; end: number }, top: number): Area[] {
  const limit = top - 2 * TIB;
  const vmemmap = vmemmapIn(spans, direct, limit);
  const moved = direct.first % (TIB / 2) !== 0;
  return [
    { name: "direct map", ...direct, guess: false },
    { name: "vmemmap", first: vmemmap, end: limit, guess: moved },
    { name: "vmalloc", first: direct.end, end: vmemmap, guess: moved },
  ];
}

/** The places of the three without KASLR: a guess, for maps whose frames do not show a direct map. */
function usualAreas(top: number, linearBits: number): Area[] {
  const [half, unit] = [top / 2, linearBits === 48 ? TIB : 512 * TIB];
  const [direct, vmalloc, vmemmap, end] = linearBits === 48 ? [8.5, 73, 106, 107] : [8.5, 80, 106, 107];
  const area = (name: string, first = 0, last = 0): Area => ({
    name,
    first: half + first * unit,
    end: half + last * unit,
    guess: true,
  });
  return [area("direct map", direct, vmalloc), area("vmalloc", vmalloc, vmemmap), area("vmemmap", vmemmap, end)];
}

/** The last multiple of 1 GiB at which a 2M page of data is mapped, or enough small pages for all page structures. */
function vmemmapIn(spans: readonly Span[], direct: { first: number; end: number }, limit: number): number {
  const enough = (direct.end - direct.first) / 64 / 4;
  const found = spans.findLast(({ page, end, row: { range } }) =>
    page >= direct.end && page < limit && page % GIB === 0 && (range.rights & (RIGHT_US | RIGHT_NX | RIGHT_RW)) !== 0 &&
    (range.rights & RIGHT_US) === 0 && (range.pageShift === 21 || end - page >= Math.max(enough, 16))
  );
  return found?.page ?? limit;
}
