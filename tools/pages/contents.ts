/**
 * The chapters of the book, in the order in which the debate unfolds.
 *
 * @module
 */

/** A chapter, written or planned. */
export interface Planned {
  /** Its folder in `chapters/`, which begins with its number. */
  readonly slug: string;
  /** Its title, the first heading of its README. */
  readonly title: string;
}

/** All chapters. The number of a chapter is the one that its folder begins with, and appears nowhere else. */
export const CONTENTS: readonly Planned[] = Object.freeze([
  { slug: "01_one_page_table", title: "One page table" },
  { slug: "02_permissions", title: "Permissions, large pages, NX" },
  { slug: "03_tlb", title: "The TLB" },
  { slug: "04_booting_natively", title: "Booting natively" },
  { slug: "05_paravirt_operations", title: "Paravirt operations" },
  { slug: "06_xen_contract", title: "Xen's contract" },
  { slug: "07_write_always", title: "Write always" },
  { slug: "08_keep_template", title: "Keep the template" },
  { slug: "09_ask_callback", title: "Ask a callback" },
  { slug: "10_query_special", title: "Query for special pages" },
  { slug: "11_filter_set_pte", title: "Filter set_pte" },
  { slug: "12_verdict", title: "The verdict" },
  { slug: "13_what_came_after", title: "What came after" },
  { slug: "14_real_machines", title: "Against real machines" },
]);

/**
 * The number of a chapter.
 *
 * @param slug Name of its folder.
 * @returns 1 or more.
 * @throws {RangeError} If the name does not begin with two digits and an underscore.
 */
export function numberOf(slug: string): number {
  const [, digits] = /^(\d\d)_[a-z0-9_]+$/.exec(slug) ?? [];
  if (digits === undefined) throw new RangeError(`Expected a folder such as 01_one_page_table but found ${slug}`);
  return Number(digits);
}
