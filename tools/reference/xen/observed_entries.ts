/**
 * The treatment of the bits of an entry by Xen 4.17: those that it changes, and those that it refuses.
 *
 * @module
 */
import { link, map, type Observation, unlink } from "./observation.ts";

const OWN = map("page5", "0x67");
const UNLINKED = [unlink("page2", 7), unlink("page3", 7), unlink("L4", 7)];

/** PAT, PCD and PWT in the entry of a frame beyond RAM, and what they become. */
const BEYOND_RAM: readonly (readonly [asked: number, becomes: number, claim: string])[] = [
  [0x00, 0x18, "write-back becomes uncached: PCD and PWT"],
  [0x08, 0x18, "write-through (PWT) becomes uncached"],
  [0x88, 0x18, "write-protect (PAT and PWT) becomes uncached, PAT cleared"],
  [0x10, 0x10, "PCD stays"],
  [0x18, 0x18, "PCD and PWT stay"],
  [0x80, 0x80, "PAT stays"],
  [0x90, 0x90, "PAT and PCD stay"],
  [0x98, 0x98, "PAT, PCD and PWT stay"],
];

function beyondRam([asked, becomes, claim]: (typeof BEYOND_RAM)[number]): Observation {
  return {
    claim: `dom0 may map a frame beyond RAM: ${claim}`,
    op: map("page5", `0x${(0x67 | asked).toString(16)}`, "beyond-ram"),
    answer: { rc: 0, entry: `beyond-ram|0x${(0x167 | becomes).toString(16)}` },
    after: [OWN],
  };
}

/** Claims about single entries. */
export const OBSERVED_ENTRIES: readonly Observation[] = Object.freeze<Observation[]>([
  {
    claim: "a present L1 entry with USER gets GLOBAL",
    op: map("page5", "0x67"),
    answer: { rc: 0, entry: "page5|0x167" },
  },
  {
    claim: "a present L1 entry without USER gets USER and bit 52, and no GLOBAL",
    op: map("page5", "0x63"),
    answer: { rc: 0, entry: "page5|0x10000000000067" },
  },
  {
    claim: "GLOBAL without USER stays, beside USER and bit 52",
    op: map("page5", "0x163"),
    answer: { rc: 0, entry: "page5|0x10000000000167" },
  },
  {
    claim: "an L1 entry with bit 52 gets no GLOBAL",
    op: map("page5", "0x10000000000067"),
    answer: { rc: 0, entry: "page5|0x10000000000067" },
    after: [OWN],
  },
  {
    claim: "an L1 entry that is not present is written as it is",
    op: map("page5", "0x80100000000000f2"),
    answer: { rc: 0, entry: "page5|0x80100000000000f2" },
    after: [OWN],
  },
  {
    claim: "an L1 entry may have any flag: PWT, PCD, PAT, AVL, NX, bits 52 to 62",
    op: map("page5", "0xfff0000000000eff"),
    answer: { rc: 0, entry: "page5|0xfff0000000000eff" },
    after: [OWN],
  },
  {
    claim: "a present L2 entry gets USER",
    op: link("page2", 7, "page1", "0x3"),
    answer: { rc: 0, entry: "page1|0x7" },
    after: UNLINKED,
  },
  {
    claim: "a present L3 entry gets USER",
    op: link("page3", 7, "page2", "0x3"),
    answer: { rc: 0, entry: "page2|0x7" },
    after: UNLINKED,
  },
  {
    claim: "a present L4 entry gets USER and ACCESSED",
    op: link("L4", 7, "page3", "0x3"),
    answer: { rc: 0, entry: "page3|0x27" },
    after: UNLINKED,
  },
  {
    claim: "GLOBAL in an L2 entry is -EINVAL",
    op: link("page2", 7, "page1", "0x167"),
    answer: { rc: -22, entry: "none|0x0" },
  },
  {
    claim: "a large page in an L2 is -EINVAL",
    op: link("page2", 7, "page0", "0xe7"),
    answer: { rc: -22, entry: "none|0x0" },
  },
  {
    claim: "PWT in an L3 entry is -EINVAL",
    op: link("page3", 7, "page2", "0x6f"),
    answer: { rc: -22, entry: "none|0x0" },
  },
  {
    claim: "PCD in an L4 entry is -EINVAL",
    op: link("L4", 7, "page3", "0x77"),
    answer: { rc: -22, entry: "none|0x0" },
  },
  ...BEYOND_RAM.map(beyondRam),
  {
    claim: "frame 0 belongs to no domain: dom0 maps it like a frame beyond RAM",
    op: map("page5", "0x65", "none"),
    answer: { rc: 0, entry: "none|0x17d" },
    after: [OWN],
  },
  {
    claim: "a frame beyond the processor's physical addresses is -EPERM",
    op: map("page5", "0x10000000067", "none"),
    answer: { rc: -1, entry: "page5|0x167" },
  },
  {
    claim: "a frame of Xen's is -EBUSY, even read-only",
    op: map("page5", "0x65", "foreign"),
    answer: { rc: -16, entry: "page5|0x167" },
  },
  {
    claim: "the shared-info frame is Xen's, and may be mapped writable",
    op: map("page5", "0x67", "shared-info"),
    answer: { rc: 0, entry: "shared-info|0x167" },
  },
  {
    claim: "but only write-back: another cache type is -EACCES",
    op: map("page5", "0x77", "shared-info"),
    answer: { rc: -13, entry: "shared-info|0x167" },
    after: [OWN],
  },
  {
    claim: "command 2 keeps ACCESSED and DIRTY, even when the frame changes",
    before: [link("page1", 6, "page7", "0x67")],
    op: { ...link("page1", 6, "page8", "0x5"), command: 2 },
    answer: { rc: 0, entry: "page8|0x165" },
  },
  {
    claim: "command 3 does what command 0 does",
    op: { ...link("page1", 6, "page8", "0x7"), command: 3 },
    answer: { rc: 0, entry: "page8|0x107" },
  },
  {
    claim: "command 4 is -ENOSYS",
    op: { ...link("page1", 6, "page8", "0x67"), command: 4 },
    answer: { rc: -38, entry: "page8|0x107" },
    after: [unlink("page1", 6)],
  },
]);
