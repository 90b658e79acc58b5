/**
 * A guest that asks Xen for anything: random hypercalls and stores on a few pages and on its live tables.
 *
 * @module
 */
import { MMUEXT } from "../../core/xen/mod.ts";
import type { SampleDomain } from "./sample_domain.ts";
import type { Random } from "./random.ts";

/** Pages that the guest plays with: some of the template's, and the template's tables. */
export const FIRST_PAGE = 0x300;
const PAGES = 10;
const FLAGS: readonly number[] = [0x067, 0x067, 0x065, 0x063, 0x061, 0x001, 0x000, 0x060, 0x023, 0x163, 0x0e3, 0xe63];

/** One request. Returns what came of it: 0 if it was granted. */
type Request = (domain: SampleDomain, random: Random) => number;

const REQUESTS: readonly (readonly [weight: number, request: Request])[] = [
  [20, (domain, random) => domain.map(page(random), frame(domain, random), random.pick(FLAGS))],
  [15, ownReadOnly],
  [
    22,
    (domain, random) => domain.update(table(domain, random), index(random), frame(domain, random), random.pick(FLAGS)),
  ],
  [6, selfMap],
  [3, chain],
  [12, (domain, random) => domain.xen.mmuextOp(random.below(4), domain.mfn(frame(domain, random))).rc],
  [8, (domain, random) => domain.xen.mmuextOp(MMUEXT.UNPIN_TABLE, domain.mfn(frame(domain, random))).rc],
  [20, store],
  [4, copiedRoot],
  [2, (domain, random) => domain.xen.setGdt(random.chance(0.3) ? [] : [domain.mfn(page(random))]).rc],
  [2, (domain, random) => domain.xen.mmuextOp(MMUEXT.NEW_BASEPTR, domain.mfn(frame(domain, random))).rc],
  [3, clear],
  [2, (domain) => domain.xen.mmuextOp(MMUEXT.TLB_FLUSH_LOCAL).rc],
];
const WEIGHTS = REQUESTS.reduce((sum, [weight]) => sum + weight, 0);

/** Makes one random request. */
export function randomRequest(domain: SampleDomain, random: Random): number {
  let left = random.below(WEIGHTS);
  const [, request] = REQUESTS.find(([weight]) => (left -= weight) < 0) ?? [0, () => 0];
  return request(domain, random);
}

function page(random: Random): number {
  return FIRST_PAGE + random.below(PAGES);
}

function frame(domain: SampleDomain, random: Random): number {
  return random.chance(0.8) ? page(random) : random.pick(domain.start.pageTables);
}

function table(domain: SampleDomain, random: Random): number {
  return random.chance(0.7) ? page(random) : random.pick(domain.start.pageTables);
}

function index(random: Random): number {
  return random.pick([0, 1, 2, 3, 100, 101, 300, 427, 428, 511]);
}

/** The way to a table: the page's own mapping becomes read-only. */
function ownReadOnly(domain: SampleDomain, random: Random): number {
  const pfn = page(random);
  return domain.map(pfn, pfn, random.chance(0.8) ? 0x061 : 0x063);
}

/** A linear map: an entry of a table that names a table, itself more often than not. An entry of a PAE root may have P alone. */
function selfMap(domain: SampleDomain, random: Random): number {
  const { m2p, rootMfn } = domain.xen.domain;
  const pfn = random.chance(0.3) ? m2p[rootMfn] ?? 0 : table(domain, random);
  return domain.update(
    pfn,
    index(random),
    random.chance(0.7) ? pfn : frame(domain, random),
    random.pick([0x065, 0x001]),
  );
}

/** Two to five pages become L2 tables, each with an entry that maps the one before; sometimes the first maps the last. Granted if any step of it is. */
function chain(domain: SampleDomain, random: Random): number {
  const pages = Array.from({ length: random.between(2, 5) }, () => page(random));
  const link = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? -1 : domain.update(from, index(random), to, 0x061);
  const results = pages.flatMap((pfn, i) => [
    domain.map(pfn, pfn, 0x061),
    domain.xen.mmuextOp(MMUEXT.PIN_L2_TABLE, domain.mfn(pfn)).rc,
    link(pfn, pages[i - 1]),
  ]);
  if (random.chance(0.3)) results.push(link(pages[0], pages[pages.length - 1]));
  return results.includes(0) ? 0 : -1;
}

/** A store through a page's address, wherever that leads, of an entry's low or high word. */
function store(domain: SampleDomain, random: Random): number {
  const { lo } = domain.entry(frame(domain, random), random.pick(FLAGS));
  const value = random.chance(0.8) ? lo : random.pick([0, 1, 0x8000_0000 | 0]);
  const at = index(random) * domain.xen.domain.words * 4 +
    (domain.xen.domain.words === 2 && random.chance(0.2) ? 4 : 0);
  return domain.store(random.chance(0.6) ? page(random) : random.pick(domain.start.pageTables), at, value) ? -1 : 0;
}

/** The live root, and in PAE its last L2, copied to pages that nobody uses: a root that can be loaded. */
function copiedRoot(domain: SampleDomain, random: Random): number {
  const { xen } = domain;
  const [to, l2] = [page(random), page(random)];
  const unused = [to, l2].every((pfn) => xen.frames.at(domain.mfn(pfn)).typeCount === 0);
  if (to === l2 || !unused) return ownReadOnly(domain, random);
  xen.machine.memory.copyFrame(domain.mfn(to), xen.domain.rootMfn);
  const slot = xen.domain.contract.paeXenSlot;
  if (slot >= 0) {
    xen.machine.memory.copyFrame(domain.mfn(l2), xen.domain.entryLo(xen.domain.rootMfn, slot) >>> 12);
    xen.machine.memory.write(domain.mfn(to), slot * 2, (domain.mfn(l2) << 12) | 1);
    if (random.chance(0.6)) fillTail(domain, random, to);
  }
  return xen.mmuextOp(MMUEXT.NEW_BASEPTR, domain.mfn(to)).rc;
}

/** Words beyond the four entries of a PAE root: pages, tables and large pages, as the guest likes. */
function fillTail(domain: SampleDomain, random: Random, pfn: number): void {
  const { memory } = domain.xen.machine;
  for (let i = 0; i < 8; i++) {
    const { lo } = domain.entry(frame(domain, random), random.pick(FLAGS));
    const large = (random.below(memory.frames) & ~0x1ff) << 12 | 0xe7;
    memory.write(domain.mfn(pfn), random.between(4, 511) * 2, random.chance(0.5) ? lo : large);
  }
}

/** A page that is no table is filled with zeroes, as the guest would do it. */
function clear(domain: SampleDomain, random: Random): number {
  const pfn = page(random);
  if (xenHolds(domain, pfn)) return -1;
  domain.xen.machine.memory.clearFrame(domain.mfn(pfn));
  return 0;
}

function xenHolds(domain: SampleDomain, pfn: number): boolean {
  const { typeCount, tableLevel } = domain.xen.frames.at(domain.mfn(pfn));
  return typeCount > 0 && tableLevel > 0;
}
