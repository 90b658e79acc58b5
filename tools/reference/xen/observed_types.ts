/**
 * The answers of Xen 4.17 about frames that are, or would be, two things at once.
 *
 * @module
 */
import { link, map, type Observation, pin, unlink } from "./observation.ts";

const OWN = map("page5", "0x67");

function readOnly(level: string): Observation {
  return {
    claim: `a live ${level} may be mapped read-only`,
    op: map("page5", "0x65", level),
    answer: { rc: 0, entry: `${level}|0x165` },
    after: [OWN],
  };
}

function writable(level: string): Observation {
  return {
    claim: `a live ${level} mapped writable is -EBUSY`,
    op: map("page5", "0x67", level),
    answer: { rc: -16, entry: "page5|0x167" },
  };
}

function selfMap(table: string, flags: "0x65" | "0x67"): Observation {
  const [claim, rc] = flags === "0x65"
    ? ["may name itself, read-only", 0]
    : ["that names itself writable is -EINVAL", -22];
  return { claim: `${table} ${claim}`, op: link(table, 7, table, flags), answer: { rc }, after: [unlink(table, 7)] };
}

function privateSlot(index: number, rc: number): Observation {
  return {
    claim: `L4 slot ${index} is ${rc === 0 ? "the guest's" : "Xen's own: -EINVAL"}`,
    op: link("L4", index, "page3", "0x67"),
    answer: { rc },
    after: rc === 0 ? [unlink("L4", index)] : [],
  };
}

/** Claims about tables, types and pins. */
export const OBSERVED_TYPES: readonly Observation[] = Object.freeze<Observation[]>([
  ...["L1", "L2", "L3", "L4"].flatMap((level) => [readOnly(level), writable(level)]),
  ...["page2", "page3", "L4"].flatMap((table) => [selfMap(table, "0x65"), selfMap(table, "0x67")]),
  ...[255, 272, 511].map((index) => privateSlot(index, 0)),
  ...Array.from({ length: 16 }, (_, i) => privateSlot(256 + i, -22)),
  {
    claim: "an L2 may name another L2 read-only: a linear map",
    op: link("page2", 7, "L2", "0x65"),
    answer: { rc: 0 },
  },
  {
    claim: "an L2 that another one names so may name no other: -EINVAL",
    op: link("L2", 7, "page2", "0x65"),
    answer: { rc: -22 },
  },
  {
    claim: "but itself it may",
    op: link("L2", 7, "L2", "0x65"),
    answer: { rc: 0 },
    after: [unlink("L2", 7), unlink("page2", 7)],
  },
  {
    claim: "a page that is mapped writable is no L1: -EINVAL",
    op: link("page2", 7, "page5", "0x67"),
    answer: { rc: -22 },
  },
  { claim: "an L3 in the place of an L1 is -EINVAL", op: link("page2", 7, "page3", "0x65"), answer: { rc: -22 } },
  {
    claim: "mmu_update on a page that is no table is a store, of any bits",
    op: link("page6", 7, "L1", "0x1e7"),
    answer: { rc: 0, entry: "L1|0x1e7" },
    after: [unlink("page6", 7)],
  },
  { claim: "mmu_update on a frame of Xen's is -EINVAL", op: link("foreign", 7, "page7", "0x67"), answer: { rc: -22 } },
  { claim: "a page mapped writable cannot be pinned: -EINVAL", op: pin("page6", 1), answer: { rc: -22 } },
  {
    claim: "a page of zeroes pins as any level, if it is mapped read-only",
    before: [map("page6", "0x65")],
    op: pin("page6", 4),
    answer: { rc: 0 },
  },
  { claim: "a pinned page cannot be pinned again: -EINVAL", op: pin("page6", 4), answer: { rc: -22 } },
  { claim: "a pinned page mapped writable is -EBUSY", op: map("page6", "0x67"), answer: { rc: -16 } },
  { claim: "a table cannot be cleared: -EINVAL", op: { op: "clear_page", page: "page6" }, answer: { rc: -22 } },
  { claim: "a pinned page can be unpinned", op: { op: "unpin", page: "page6" }, answer: { rc: 0 } },
  { claim: "and only once: -EINVAL", op: { op: "unpin", page: "page6" }, answer: { rc: -22 } },
  {
    claim: "a former L4 keeps Xen's entries, among them one that maps itself writable: as an L1 it is -EBUSY",
    op: pin("page6", 1),
    answer: { rc: -16 },
  },
  {
    claim: "cleared, it pins as an L1",
    before: [{ op: "clear_page", page: "page6" }],
    op: pin("page6", 1),
    answer: { rc: 0 },
    after: [{ op: "unpin", page: "page6" }],
  },
  { claim: "after that it may be mapped writable again", op: map("page6", "0x67"), answer: { rc: 0 } },
  {
    claim: "pinning an L1 that maps a table writable is -EBUSY",
    before: [map("page6", "0x65"), link("page6", 0, "L1", "0x67")],
    op: pin("page6", 1),
    answer: { rc: -16 },
  },
  {
    claim: "pinning an L1 that maps itself writable is -EBUSY",
    before: [link("page6", 0, "page6", "0x67")],
    op: pin("page6", 1),
    answer: { rc: -16 },
  },
  {
    claim: "pinning an L2 that links a page mapped writable is -EINVAL",
    before: [link("page6", 0, "page5", "0x67")],
    op: pin("page6", 2),
    answer: { rc: -22 },
    after: [unlink("page6", 0)],
  },
  {
    claim: "pinning an L2 makes L1 tables of the pages that it links",
    before: [link("page6", 0, "page7", "0x67"), map("page7", "0x65"), pin("page6", 2)],
    op: map("page7", "0x67"),
    answer: { rc: -16 },
  },
  {
    claim: "and unpinning it frees them",
    before: [{ op: "unpin", page: "page6" }],
    op: map("page7", "0x67"),
    answer: { rc: 0 },
    after: [unlink("page6", 0), map("page6", "0x67")],
  },
  { claim: "the loaded L4 can be unpinned", op: { op: "unpin", page: "L4" }, answer: { rc: 0 }, after: [pin("L4", 4)] },
  { claim: "the loaded L4 can be loaded again", op: { op: "new_baseptr", page: "L4" }, answer: { rc: 0 } },
  {
    claim: "a page of zeroes but for the guest's own slot can be loaded, pinned or not",
    before: [map("page8", "0x65"), link("page8", 384, "L3", "0x67")],
    op: { op: "new_baseptr", page: "page8" },
    answer: { rc: 0 },
  },
  { claim: "while it is loaded it cannot be mapped writable: -EBUSY", op: map("page8", "0x67"), answer: { rc: -16 } },
  {
    claim: "and when another is loaded it can",
    before: [{ op: "new_baseptr", page: "L4" }],
    op: map("page8", "0x67"),
    answer: { rc: 0 },
    after: [{ op: "clear_page", page: "page8" }],
  },
  {
    claim: "a page mapped writable holds no descriptors: set_gdt is -EINVAL",
    op: { op: "set_gdt", page: "page10" },
    answer: { rc: -22 },
  },
  {
    claim: "mapped read-only, it does",
    before: [map("page10", "0x65")],
    op: { op: "set_gdt", page: "page10" },
    answer: { rc: 0 },
  },
  { claim: "and cannot be mapped writable: -EBUSY", op: map("page10", "0x67"), answer: { rc: -16 } },
]);
