/**
 * The map of a recorded Linux, here, in QEMU's monitor and in volatility3. All must find the same pages.
 *
 * @module
 */

import { count } from "../../chapters/figures/count.ts";
import { fileURLToPath } from "node:url";
import { RIGHT_RW, RIGHT_US } from "../../core/mmu/mod.ts";
import {
  countLeaves,
  type PageRange,
  pageRanges,
  printLeafText,
  type Tables,
  tablesOf,
} from "../../core/tables/mod.ts";
import { scanRanges } from "../../core/tables/page_ranges.ts";
import { linearOf } from "../../core/tables/range_list.ts";
import { ROOT } from "../command/root.ts";
import { readInput } from "../inputs/read_input.ts";
import { measurePeer, order, ownSide, type Peers, PYTHONS, startPeer } from "./peer.ts";
import { Different, type Workload } from "./rounds.ts";

const STATE = "tests/fixtures/kernels/linux61-amd64-4level.json";
const IMAGE = "out/bench/linux.bin";
const BYTES = 512 * 2 ** 20;
/** The entry of the root that Linux has for its espfix area: 65,536 pages in tables of 512 entries that are alike, which volatility3 takes for garbage. */
const ESPFIX = 510;
/** Maps of our side in a round, which takes hundreds of microseconds, or milliseconds. */
const MAPS = 4;
const MIN_TIMES = { monitor: 10, python: 500 } as const;

const QEMU = "tools/bench/peers/qemu_peer.py";
const INSTALL_QEMU = "install it with: apt-get install qemu-system-x86";
const VOLATILITY = "tools/bench/peers/volatility_peer.py";
const INSTALL_VOLATILITY =
  "install it with: python3 -m venv out/bench/venv && out/bench/venv/bin/pip install volatility3==2.28.2";

/** What QEMU's monitor says to a command. */
interface Said extends Timed {
  readonly text: string;
}

/** What volatility3 maps. */
interface Mapped extends Timed {
  readonly pages: number;
  readonly sum: number;
}

interface Timed {
  readonly nanoseconds: number;
}

/** Physical memory as a sparse file: the page tables where they lie, and nothing else. */
async function writeImage({ memory }: Tables): Promise<void> {
  await Deno.mkdir(new URL("out/bench", ROOT), { recursive: true });
  using file = await Deno.open(new URL(IMAGE, ROOT), { write: true, create: true, truncate: true });
  await file.truncate(BYTES);
  for (let frame = 0; frame < BYTES / 4096; frame++) {
    const place = memory.placeOf(frame);
    if (place === 0) continue; // zeros
    await file.seek(frame * 4096, Deno.SeekMode.Start);
    file.writeSync(new Uint8Array(memory.words.slice(place, place + 1024).buffer));
  }
}

function expectSame(what: string, here: string, there: string): void {
  if (here !== there) throw new Different(`${what}: ${here.slice(0, 200)} here and ${there.slice(0, 200)} there`);
}

/** Hands out the ranges of `info mem`: neighbouring pages with the same U and W on all levels together. */
function scanRights(tables: Tables, take: (from: number, end: number, rights: number) => void): void {
  let [from, end, shown] = [0, 0, 0];
  const finish = () => {
    if (end !== from) take(from, end, shown);
  };
  scanRanges(tables, undefined, (page, pages, _shift, _frame, rights) => {
    const seen = rights & (RIGHT_US | RIGHT_RW);
    if (page !== end || seen !== shown) {
      finish();
      from = page;
      shown = seen;
    }
    end = page + pages;
  });
  finish();
}

/** The ranges as `info mem` prints them. */
function memText(tables: Tables): string {
  const digits = (page: number) => {
    const { hi, lo } = linearOf(page, tables.mode.linearBits);
    return [hi, lo].map((word) => word.toString(16).padStart(8, "0")).join("");
  };
  let text = "";
  scanRights(tables, (from, end, rights) => {
    const letters = `${(rights & RIGHT_US) !== 0 ? "u" : "-"}r${(rights & RIGHT_RW) !== 0 ? "w" : "-"}`;
    text += `${digits(from)}-${digits(end)} ${digits(end - from)} ${letters}\n`;
  });
  return text;
}

/** Their number: the ranges are found, and not kept. */
function countRights(tables: Tables): number {
  let ranges = 0;
  scanRights(tables, () => ranges++);
  return ranges;
}

/** What QEMU's monitor says, with line feeds alone. */
function linesOf({ text }: Said): string {
  return `${text.trim().replaceAll("\r", "")}\n`;
}

/** The text of all leaves. */
function leafText(tables: Tables): string {
  const pieces: string[] = [];
  printLeafText(tables, (text) => pieces.push(text));
  return pieces.join("");
}

/** Its length: the text is made, and not kept. */
function leafTextLength(tables: Tables): number {
  let length = 0;
  printLeafText(tables, (text) => length += text.length);
  return length;
}

/** A map on each side: ours some times a round, theirs once. */
function workloads(map: () => number, other: () => Promise<Timed>): [Workload, Workload] {
  const there = async () => ({ nanoseconds: (await other()).nanoseconds, checksum: 0 }); // the answers are compared as they come
  return [
    { passes: MAPS, operations: 1, side: ownSide(map) },
    { passes: 1, operations: 1, side: { measure: there } },
  ];
}

/** Beside `info tlb` and `info mem` of a QEMU whose memory and registers are the state's. */
async function monitorPeers(tables: Tables, task: unknown): Promise<Peers> {
  const started = await startPeer<{ version: string }>(PYTHONS, [QEMU], task);
  if (started === undefined) return `QEMU is not there, or could not be asked; ${INSTALL_QEMU}`;
  const { asked, answer: { version } } = started;
  const [leaves, ranges] = [leafText(tables), memText(tables)];
  const tlb = async () => {
    const said = await order<Said>(asked, "info tlb");
    expectSame("info tlb", leaves, linesOf(said).replaceAll(": 8", ": 0")); // QEMU 7.2 leaves bit 63 of an entry in the physical address
    return said;
  };
  const mem = async () => {
    const said = await order<Said>(asked, "info mem");
    expectSame("info mem", ranges, linesOf(said));
    return said;
  };
  const line = { peer: `QEMU ${version}, monitor`, aim: MIN_TIMES.monitor };
  const of = `${count(countLeaves(tables))} leaves`;
  try {
    return [
      await measurePeer({ ...line, name: `text of ${of}` }, ...workloads(() => leafTextLength(tables), tlb)),
      await measurePeer(
        { ...line, name: `ranges with rights of ${of}` },
        ...workloads(() => countRights(tables), mem),
      ),
    ];
  } finally {
    await asked.close();
  }
}

/** Linear pages and their frames, as far as the file reaches: volatility3 has none behind its end. */
function pagesInFile(ranges: readonly PageRange[]): (readonly [page: number, frame: number])[] {
  const all = ranges.flatMap(({ linear, frame, pages }) => {
    const first = (linear.hi & 0xffff) * 2 ** 20 + (linear.lo >>> 12);
    return Array.from({ length: pages }, (_, i) => [first + i, frame + i] as const);
  });
  return all.filter(([, frame]) => frame < BYTES / 4096);
}

/** Beside the layer of volatility3 that translates addresses of such a guest. */
async function layerPeers(tables: Tables, task: unknown): Promise<Peers> {
  const started = await startPeer<{ version: string }>(PYTHONS, [VOLATILITY], task);
  if (started === undefined) return `volatility3 is not there; ${INSTALL_VOLATILITY}`;
  const { asked, answer: { version } } = started;
  const seen = pagesInFile(pageRanges(tables));
  const sum = seen.reduce((all, [page, frame]) => (all * 31 + page + frame * 7) % 2 ** 40, 0);
  const map = async () => {
    const found = await order<Mapped>(asked, "map");
    expectSame("volatility3, pages and their sum", `${seen.length}, ${sum}`, `${found.pages}, ${found.sum}`);
    return found;
  };
  const name = `ranges of ${count(countLeaves(tables))} leaves`;
  const line = { name, peer: `volatility3 ${version}, layer`, aim: MIN_TIMES.python };
  try {
    return [await measurePeer(line, ...workloads(() => pageRanges(tables).length, map))];
  } finally {
    await asked.close();
  }
}

/**
 * Measures maps beside QEMU's monitor and volatility3.
 *
 * @returns The lines of each, or why there are none.
 * @throws {Different} If one finds other pages.
 */
export async function mapPeers(): Promise<Peers[]> {
  const { state } = await readInput(STATE, { registers: {} });
  if (state === undefined) throw new Error(`Expected a state in ${STATE} but found none`);
  const tables = tablesOf(state.machine);
  const { cr0, cr3, cr4, efer } = state.machine;
  const image = fileURLToPath(new URL(IMAGE, ROOT));
  const request = { image, bytes: BYTES, cr0: cr0 >>> 0, cr3, cr4: cr4 >>> 0, efer };
  await writeImage(tables);
  const whole = await monitorPeers(tables, request);
  tables.memory.writePair(Math.floor(cr3 / 4096), 2 * ESPFIX, 0, 0);
  await writeImage(tables);
  return [whole, await monitorPeers(tables, request), await layerPeers(tables, request)];
}
