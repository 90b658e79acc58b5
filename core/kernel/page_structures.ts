/**
 * The page structures: `mem_map`, an array of one `struct page` for each page of memory.
 *
 * @module
 */

import { checkArguments, flag, integer } from "../check.ts";
import { busShape } from "../paravirt/shapes.ts";
import type { Bus, PageStructures } from "../paravirt/ops.ts";
import { aKernel, type Kernel } from "./kernel.ts";

/** Bytes of a `struct page` on i386 in the configuration of this kernel. */
const STRUCT_PAGE = 32;
/** `PG_pinned` in `page->flags`, the first word of a structure. */
const PG_PINNED = 1 << 8;

/**
 * `mem_map` in the kernel's own memory. Only `PG_pinned` is modelled, the flag that says that a page is a page table of a pinned root.
 *
 * Source: Linux 2.6.23 include/linux/mm_types.h and page-flags.h.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 *
 * const { kernel } = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "64M" });
 * assertEquals(kernel.memMap?.isPinned(kernel.image.swapperPgDir), true); // marked when the structures were there
 * assertEquals(kernel.memMap?.isPinned(0x2000), false);
 * ```
 */
export class MemMap implements PageStructures {
  /** Linear address of the first structure. */
  readonly address: number;
  /** Number of structures: pages of memory, high memory included. */
  readonly pages: number;
  readonly #bus: Bus;

  /**
   * Makes the array in pages that the caller has taken. It clears them, so they must be mapped.
   *
   * @param bus The kernel's memory.
   * @param address Linear address of the first page of the array, low word.
   * @param pages Number of structures.
   * @throws {Stopped} If the pages are not mapped.
   */
  constructor(bus: Bus, address: number, pages: number) {
    checkArguments({ bus: busShape, address: integer(0, 2 ** 32 - 4096, 4096), pages: PAGES }, [bus, address, pages]);
    this.address = address;
    this.pages = pages;
    this.#bus = bus;
    for (let page = 0; page < memMapPages(pages); page++) bus.clearPage(address + page * 4096);
  }

  /** `PagePinned(pfn_to_page(pfn))`. */
  isPinned(pfn: number): boolean {
    return (this.#bus.load(this.#flags(pfn)) & PG_PINNED) !== 0;
  }

  /** `SetPagePinned` or `ClearPagePinned`. */
  setPinned(pfn: number, pinned: boolean): void {
    flag(pinned, "pinned");
    const address = this.#flags(pfn);
    const flags = this.#bus.load(address);
    this.#bus.store(address, pinned ? flags | PG_PINNED : flags & ~PG_PINNED);
  }

  /** `pfn_to_page`: linear address of the flags of a structure. */
  #flags(pfn: number): number {
    integer(0, this.pages - 1)(pfn, "pfn");
    return this.address + pfn * STRUCT_PAGE;
  }
}

/**
 * Pages that `mem_map` fills.
 *
 * @param pages Number of structures.
 * @returns 4K pages, rounded up.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { memMapPages } from "@pagetable-init/textbook/kernel";
 *
 * assertEquals(memMapPages(0x4000) * 4096, 2 ** 19); // half a mebibyte for 64M
 * ```
 */
export function memMapPages(pages: number): number {
  PAGES(pages, "pages");
  return Math.ceil(pages * STRUCT_PAGE / 4096);
}

/**
 * `zone_sizes_init`: allocates `mem_map`. Bootmem clears pages through their lowmem addresses. All lowmem has such addresses only after
 * `paging_init`, so this runs later (trap T31).
 *
 * Where the map leaves these pages read-only, as that of `filter-literal` does under Xen, a kernel ends here with a fault. The boot of this book
 * ends with the page tables, so it goes on without page structures.
 *
 * @param kernel The kernel, on its own tables.
 * @throws {Stopped} If bootmem has no run of pages that is long enough.
 *
 * Source: Linux 2.6.22 arch/i386/kernel/setup.c (`setup_arch`) and mm/page_alloc.c (`alloc_node_mem_map`).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { zoneSizesInit } from "@pagetable-init/textbook/kernel";
 *
 * const { kernel } = boot({ platform: "native-486", strategy: "write-always", memory: "64M" });
 * assertEquals(kernel.memMap?.address, 0xc1000000); // bootmem begins at 16M, above the memory for DMA
 * zoneSizesInit(kernel); // a second array behind it
 * assertEquals(kernel.memMap?.address, 0xc1080000);
 * ```
 */
export function zoneSizesInit(kernel: Kernel): void {
  aKernel(kernel, "kernel");
  const pages = kernel.layout.usable.reduce((most, { end }) => Math.max(most, end), 0);
  const length = memMapPages(pages);
  const first = kernel.bootmem.takeRun(length);
  for (let pfn = first; pfn < first + length; pfn++) if (!kernel.bus.probe(kernel.va(pfn), true)) return;
  kernel.memMap = new MemMap(kernel.bus, kernel.va(first), pages);
}

const PAGES = integer(1, 2 ** 28);
