/**
 * The treatment of plain stores and of addresses by Xen 4.17.
 *
 * @module
 */
import { link, map, type Observation, unlink } from "./observation.ts";
import type { XenOp } from "../../../chapters/recorded/settle/op.ts";

const PAGES = 0xffff_c000_4000_0000n;

/** A byte of a page of the random guest. */
function at(page: number, offset: number): string {
  return "0x" + (PAGES + BigInt(page * 4096 + offset)).toString(16);
}

function store(page: number, offset: number, frame = "none", flags = "0x0"): XenOp {
  return { op: "store64", va: at(page, offset), frame, flags };
}

function mapAt(va: string): XenOp {
  return { op: "update_va_mapping", va, frame: "page8", flags: "0x67" };
}

/** Claims about stores, loads and linear addresses. */
export const OBSERVED_STORES: readonly Observation[] = Object.freeze<Observation[]>([
  {
    claim: "a valid store to an L1 is emulated, and adjusted like any other update",
    op: store(1, 8, "page8", "0x67"),
    answer: { fault: null, entry: "page8|0x167" },
  },
  {
    claim: "so is a 4-byte store to the upper half",
    op: { op: "store32", va: at(1, 12), frame: "none", flags: "0x80000000" },
    answer: { fault: null, entry: "page8|0x8000000000000167" },
  },
  {
    claim: "a 4-byte store is judged with the other half as it is",
    op: { op: "store32", va: at(1, 12), frame: "none", flags: "0xfffff" },
    answer: { fault: "0x3", entry: "page8|0x8000000000000167" },
  },
  {
    claim: "a store of an entry that maps a table writable is page fault 3",
    op: store(1, 8, "L1", "0x67"),
    answer: { fault: "0x3", entry: "page8|0x8000000000000167" },
  },
  {
    claim: "a store that is not aligned is page fault 3",
    op: store(1, 20),
    answer: { fault: "0x3" },
  },
  {
    claim: "an entry that is not present may be stored, whatever it names",
    op: store(1, 8, "L1", "0x66"),
    answer: { fault: null, entry: "L1|0x66" },
    after: [unlink("page1", 1)],
  },
  { claim: "a store to an L2 is page fault 3, even of zero", op: store(2, 0), answer: { fault: "0x3" } },
  { claim: "a store to an L3 is page fault 3", op: store(3, 0), answer: { fault: "0x3" } },
  {
    claim: "a store to a read-only page that is no table is page fault 3",
    before: [map("page9", "0x65")],
    op: store(9, 0),
    answer: { fault: "0x3" },
  },
  {
    claim: "a store to a page that is not mapped is page fault 2",
    before: [map("page9", "0x66")],
    op: store(9, 0),
    answer: { fault: "0x2" },
  },
  { claim: "a load from it is page fault 0", op: { op: "load64", va: at(9, 0) }, answer: { fault: "0x0" } },
  {
    claim: "the guest's kernel runs in user mode: it may store to a page mapped without USER, which then has it",
    before: [map("page9", "0x3")],
    op: store(9, 0),
    answer: { fault: null },
  },
  {
    claim: "a store marks the entry that it went through accessed and dirty",
    op: unlink("page9", 0),
    answer: { rc: 0, pte_flags: "0x10000000000067" },
    after: [map("page9", "0x67")],
  },
  {
    claim: "the guest may read the m2p at 0xffff800000000000",
    op: { op: "load64", va: "0xffff800000000000" },
    answer: { fault: null },
  },
  {
    claim: "and not write it: page fault 3",
    op: { op: "store64", va: "0xffff800000000000", frame: "none", flags: "0x0" },
    answer: { fault: "0x3" },
  },
  {
    claim: "Xen's own memory is page fault 1 to a load",
    op: { op: "load64", va: "0xffff830000000000" },
    answer: { fault: "0x1" },
  },
  {
    claim: "a non-canonical address is a general protection fault",
    op: { op: "load64", va: "0x800000000000" },
    answer: { fault: "#13 0x0" },
  },
  {
    claim: "update_va_mapping needs the L1: without an L2 entry it is -EINVAL",
    op: mapAt("0xffffc00040200000"),
    answer: { rc: -22, pte_flags: null },
  },
  {
    claim: "without an L4 entry likewise",
    op: mapAt("0xffff880000000000"),
    answer: { rc: -22, pte_flags: null },
  },
  { claim: "in Xen's range likewise", op: mapAt("0xffff800000000000"), answer: { rc: -22 } },
  { claim: "at a non-canonical address likewise", op: mapAt("0x800000000000"), answer: { rc: -22 } },
  {
    claim: "an L1 that nothing links and nothing pins is a table no more: mmu_update is a store again",
    before: [unlink("L2", 0)],
    op: link("L1", 20, "page8", "0x67"),
    answer: { rc: 0, entry: "page8|0x67" },
    after: [unlink("L1", 20), link("L2", 0, "L1", "0x67")],
  },
]);
