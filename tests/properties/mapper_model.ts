/**
 * A map of pages kept beside the tables that a mapper builds: what is mapped, what an attempt must answer, and which accesses must succeed.
 * It knows nothing of entries: sizes and shifts stand here once more, as numbers.
 *
 * @module
 */

/** A page as the model has it. */
export interface ModelPage {
  readonly frame: number;
  readonly flags: number;
  readonly bytes: number;
}

/** Table shifts of each mode: bytes that one table of a level covers, lowest level first, without the root. */
const TABLE_SHIFTS: Readonly<Record<string, readonly number[]>> = {
  "two-level": [22],
  "pae": [21, 30],
  "4-level": [21, 30, 39],
  "5-level": [21, 30, 39, 48],
};

/** The pages mapped, by first address. */
export class MapModel {
  readonly pages: Map<bigint, ModelPage> = new Map();
  readonly #shifts: readonly number[];

  constructor(mode: string) {
    this.#shifts = TABLE_SHIFTS[mode] ?? [];
  }

  /** The page that covers an address, with its first address. */
  at(address: bigint): { readonly first: bigint; readonly page: ModelPage } | undefined {
    for (const bytes of [2 ** 12, 2 ** 21, 2 ** 22, 2 ** 30]) {
      const first = address - address % BigInt(bytes);
      const page = this.pages.get(first);
      if (page?.bytes === bytes) return { first, page };
    }
    return undefined;
  }

  /** What is in the way of a page, before frames are counted. */
  obstacle(address: bigint, bytes: number): string | undefined {
    const found = this.at(address);
    if (found !== undefined && found.page.bytes > bytes) return "parent-is-large";
    if (found !== undefined && found.page.bytes === bytes) return "already-mapped";
    const end = address + BigInt(bytes);
    return [...this.pages.keys()].some((first) => first >= address && first < end) ? "table-present" : undefined;
  }

  /** Tables below the root that the pages need. */
  tables(pages: Iterable<readonly [bigint, ModelPage]> = this.pages): Set<string> {
    const tables = new Set<string>();
    for (const [first, { bytes }] of pages) {
      for (const shift of this.#shifts) {
        if (2 ** shift > bytes) tables.add(`${shift}:${first >> BigInt(shift)}`);
      }
    }
    return tables;
  }

  /** Tables that are still missing for one more page. */
  missing(address: bigint, page: ModelPage): number {
    const present = this.tables();
    return [...this.tables([[address, page]])].filter((table) => !present.has(table)).length;
  }
}
