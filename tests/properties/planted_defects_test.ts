/** Defects planted in the page tables of recorded machines, one at a time, in places drawn by chance: each is found at its address, and nothing else. */
import { assert, assertEquals } from "@std/assert";
import { audit, type Machine } from "@pagetable-init/textbook";
import type { FindingId } from "@pagetable-init/textbook/audit";
import { frameOf, type Mode, NX, P, PS, RW, US } from "@pagetable-init/textbook/mmu";
import { Random } from "../../chapters/guests/random.ts";
import { type ReadState, readState } from "../../chapters/recorded/files/state.ts";
import { pageOf } from "../../core/tables/range_list.ts";

const SEED = 20_070_428;
const STATES = [
  "kernels/linux61-686-2level",
  "kernels/linux61-686-pae",
  "kernels/linux61-amd64-4level",
  "states/kaslr5",
  "states/linux61-amd64-pti",
];

interface Entry {
  readonly frame: number;
  readonly word: number;
  readonly hi: number;
  readonly lo: number;
  /** A PDPTE of PAE has no rights. */
  readonly rights: boolean;
}

/** A leaf, and the entries on the way to it, the root's first. */
interface Leaf {
  /** Linear page number. */
  readonly page: number;
  readonly kernel: boolean;
  readonly large: boolean;
  readonly way: readonly Entry[];
  readonly w: boolean;
  readonly u: boolean;
  readonly x: boolean;
}

/** A kind of defect: the leaf that can have it, and the entries after it was planted. */
interface Defect {
  readonly name: string;
  readonly id: FindingId;
  readonly fits: (leaf: Leaf, mode: Mode) => boolean;
  readonly plant: (leaf: Leaf, others: readonly Leaf[], tables: readonly number[]) => readonly Entry[];
}

const last = ({ way }: Leaf) => way.at(-1) as Entry;
const above = ({ way }: Leaf) => way.slice(0, -1).filter(({ rights }) => rights);
const isNx = ({ hi }: Entry) => (hi & NX) !== 0;
const withBits = (entry: Entry, lo: number, hi = 0): Entry => ({ ...entry, hi: entry.hi | hi, lo: entry.lo | lo });
const withFrame = (entry: Entry, frame: number): Entry => ({
  ...entry,
  hi: (entry.hi & NX) | Math.floor(frame / 2 ** 20),
  lo: (entry.lo & 0xfff) | ((frame % 2 ** 20) << 12),
});
const executable = (entry: Entry): Entry => ({ ...entry, hi: entry.hi & ~NX });
const isText = ({ kernel, w, u, x }: Leaf) => kernel && x && !w && !u;
const isData = ({ kernel, w, u, x }: Leaf) => kernel && w && !u && !x;

const DEFECTS: readonly Defect[] = [
  {
    name: "kernel text is writable",
    id: "kernel-write-exec",
    fits: (leaf, { entryWords }) => entryWords === 2 && isText(leaf) && above(leaf).every(({ lo }) => (lo & RW) !== 0),
    plant: (leaf) => [withBits(last(leaf), RW)],
  },
  {
    name: "kernel data is executable",
    id: "kernel-write-exec",
    fits: (leaf) => isData(leaf) && isNx(last(leaf)) && !above(leaf).some(isNx),
    plant: (leaf) => [executable(last(leaf))],
  },
  {
    name: "kernel data is an alias of kernel text",
    id: "alias-write-exec",
    fits: (leaf) => isData(leaf) && !leaf.large,
    plant: (leaf, others) =>
      others.filter(isText).slice(0, 1).map((text) => withFrame(last(leaf), frameOf(0, last(text).lo))),
  },
  {
    name: "a kernel page is open to user mode",
    id: "kernel-user-accessible",
    fits: ({ kernel, u }, { entryWords }) => kernel && !u && entryWords === 2,
    plant: ({ way }) => way.map((entry) => entry.rights ? withBits(entry, US) : entry),
  },
  {
    name: "user data is executable",
    id: "user-write-exec",
    fits: (leaf) => leaf.u && leaf.w && !leaf.x && !above(leaf).some(isNx),
    plant: (leaf) => [executable(last(leaf))],
  },
  {
    name: "user mode writes a page table",
    id: "page-table-writable",
    fits: ({ kernel, u, w, large }) => !kernel && u && w && !large,
    plant: (leaf, _, tables) => [withFrame(last(leaf), tables.at(-1) ?? 0)],
  },
  {
    name: "a large page has a reserved bit",
    id: "reserved-bits",
    fits: ({ kernel, large }) => kernel && large,
    plant: (leaf) => [withBits(last(leaf), leaf.way.length === 1 ? 1 << 21 : 1 << 13)],
  },
  {
    name: "a page lies far beyond memory",
    id: "beyond-memory",
    fits: (leaf) => isData(leaf) && !leaf.large,
    plant: (leaf) => [withFrame(last(leaf), 2 ** 26)],
  },
];

function leavesOf(
  { cr3, memory, kernelPage, mode }: { cr3: number; memory: Machine["memory"]; kernelPage: number; mode: Mode },
): Leaf[] {
  const stride = mode.entryWords;
  const leaves: Leaf[] = [];
  const walk = (way: readonly Entry[], frame: number, first: number, page: number): void => {
    const level = mode.levels[way.length];
    if (level === undefined || frame >= memory.frames) return;
    for (let i = 0; i < 1 << level.bits; i++) {
      const word = first + i * stride;
      const lo = memory.read(frame, word);
      const hi = stride === 2 ? memory.read(frame, word + 1) : 0;
      if ((lo & P) === 0) continue;
      const next = [...way, { frame, word, hi, lo, rights: level.rights }];
      const at = page + i * 2 ** (level.shift - 12);
      if (level.leaf !== "always" && (lo & PS) === 0) {
        walk(next, frameOf(hi, lo), 0, at);
        continue;
      }
      const own = next.filter(({ rights }) => rights);
      leaves.push({
        page: at,
        kernel: at >= kernelPage,
        large: level.leaf !== "always",
        way: next,
        w: own.every(({ lo }) => (lo & RW) !== 0),
        u: own.every(({ lo }) => (lo & US) !== 0),
        x: !own.some(isNx),
      });
    }
  };
  walk([], Math.floor(cr3 / 4096), mode.rootInRegisters ? (cr3 % 4096) / 4 : 0, 0);
  return leaves;
}

function write({ memory }: Machine, { frame, word, hi, lo }: Entry, { entryWords }: Mode): void {
  memory.write(frame, word, lo);
  if (entryWords === 2) memory.write(frame, word + 1, hi);
}

/** The findings by their ids: number of pages, and whether a page is among them. */
function foundIn(
  { machine, header: { mode } }: ReadState,
  page: number,
): Map<string, { pages: number; here: boolean }> {
  return new Map(
    audit(machine).findings.map(({ id, pages, ranges }) => {
      const here = ranges.some(({ linear, pages }) => {
        const first = pageOf(linear, mode.linearBits);
        return page >= first && page < first + pages;
      });
      return [id, { pages, here }];
    }),
  );
}

for (const name of STATES) {
  Deno.test(`of each kind of defect one that is planted in ${name} is found, and nothing else; seed ${SEED}`, async () => {
    const state = await readState(`tests/fixtures/${name}.json`);
    const { machine, header: { mode, frames } } = state;
    const random = new Random(SEED);
    const before = foundIn(state, -1);
    const half = mode.linearBits > 32 ? 2 ** (mode.linearBits - 13) : 0xc_0000;
    const leaves = leavesOf({ cr3: machine.cr3, memory: machine.memory, kernelPage: half, mode });
    const places = Map.groupBy(leaves, (leaf) => last(leaf).frame * 1024 + last(leaf).word);
    const once = leaves.filter((leaf) => places.get(last(leaf).frame * 1024 + last(leaf).word)?.length === 1);
    let planted = 0;
    for (const { name, id, fits, plant } of DEFECTS) {
      const fitting = once.filter((leaf) => fits(leaf, mode));
      if (fitting.length === 0) continue;
      const leaf = fitting[random.below(fitting.length)] as Leaf;
      for (const entry of plant(leaf, once, frames)) write(machine, entry, mode);
      const after = foundIn(state, leaf.page);
      for (const entry of leaf.way) write(machine, entry, mode);
      assert(after.get(id)?.here, `${name}, page 0x${leaf.page.toString(16)}: found ${[...after.keys()].join(", ")}`);
      const more = [...after].filter(([id, { pages }]) => pages > (before.get(id)?.pages ?? -1)).map(([id]) => id);
      assertEquals(more, [id], name);
      planted++;
    }
    assert(planted >= (mode.entryWords === 2 ? 6 : 2), `planted ${planted}`);
    assertEquals(foundIn(state, -1), before);
  });
}
