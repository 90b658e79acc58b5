/**
 * A known deviation of the live Xen: a table that it loses.
 *
 * If an L4 is pinned or loaded, and its validation fails in entry i, in entry 0 of the L3 there, in entry j of the L2 there (i and j not 0), Xen 4.17 refuses
 * and leaves the L2 as it was in the middle of its validation: an L2 with one use that nobody holds. No later hypercall can write it, until
 * somebody uses it as an L2 again. Xen's contract, that what is refused changes nothing, does not hold for that frame; the model keeps to it.
 *
 * Seen on the live Xen, and not seen with i or j 0, or with another entry of the L3. Our reading of arch/x86/mm.c of 4.17, where the clean-up of a table that
 * failed is put off and handed from table to table: `promote_l3_table` does not take over from the L2 if it fails in its first entry, and
 * `promote_l4_table` then finds a table that is not its own and, as its comment says, rather leaks a type reference.
 *
 * @module
 */

const FAILURE = /^Failure -\d+ in promote_l([234])_table: slot (\S+)$/;

/** Whether the messages of one operation, as a debug build of Xen 4.17 prints them, tell of a failure of that shape. */
export function losesTable(log: readonly string[]): boolean {
  const slots = log.flatMap((line) => {
    const [, level, slot] = FAILURE.exec(line) ?? [];
    return level === undefined ? [] : [{ level: Number(level), slot: Number(slot) }];
  });
  const [l2, l3, l4] = slots;
  return slots.length === 3 && l2?.level === 2 && l3?.level === 3 && l4?.level === 4 &&
    l2.slot !== 0 && l3.slot === 0 && l4.slot !== 0;
}
