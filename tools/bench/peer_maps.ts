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
import { ROOT } from "../command/root.ts";
import { readInfoMem } from "../inputs/listing/info_mem.ts";
import { readInput } from "../inputs/read_input.ts";
import { Different } from "./rounds.ts";
import { askPython, peerOf, type Peers, shortest } from "./peer.ts";

const STATE = "tests/fixtures/kernels/linux61-amd64-4level.json";
const IMAGE = "out/bench/linux.bin";
const BYTES = 512 * 2 ** 20;
/** The entry of the root that Linux has for its espfix area: 65,536 pages in tables of 512 entries that are alike, which volatility3 takes for garbage. */
const ESPFIX = 510;
const ROUNDS = 40;
const MIN_TIMES = { monitor: 10, python: 500 } as const;

const QEMU = "tools/bench/peers/qemu_peer.py";
const INSTALL_QEMU = "install it with: apt-get install qemu-system-x86";
const VOLATILITY = "tools/bench/peers/volatility_peer.py";
const INSTALL_VOLATILITY =
  "install it with: python3 -m venv out/bench/venv && out/bench/venv/bin/pip install volatility3==2.28.2";

/** A command of QEMU's monitor. */
interface Said {
  readonly nanoseconds: number;
  readonly text: string;
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

/** Number of 4K pages with each rights, as `info mem` tells rights. */
function pagesByRights(ranges: readonly Pick<PageRange, "pages" | "rights">[]): string {
  const counts = [0, 0, 0, 0];
  for (const { pages, rights } of ranges) {
    const at = ((rights & RIGHT_US) !== 0 ? 2 : 0) + ((rights & RIGHT_RW) !== 0 ? 1 : 0);
    counts[at] = (counts[at] ?? 0) + pages;
  }
  return counts.join(", ");
}

/** Beside `info tlb` and `info mem` of a QEMU whose memory and registers are the state's. */
async function monitorPeers(tables: Tables, request: unknown): Promise<Peers> {
  const other = await askPython<{ version: string; tlb: Said; mem: Said }>(QEMU, request);
  if (other === undefined) return `QEMU is not there, or could not be asked; ${INSTALL_QEMU}`;
  const peer = `QEMU ${other.version}, monitor`;
  const leaves = shortest(ROUNDS, () => {
    const pieces: string[] = [];
    printLeafText(tables, (text) => pieces.push(text));
    return pieces.join("");
  });
  // QEMU 7.2 leaves bit 63 of an entry in the physical address.
  const listed = other.tlb.text.trim().replaceAll("\r", "").replaceAll(": 8", ": 0");
  expectSame("info tlb", leaves.result, `${listed}\n`);
  const ranges = shortest(ROUNDS, () => pageRanges(tables));
  const mem = readInfoMem(other.mem.text.trim().replaceAll("\r", "").split("\n"));
  expectSame("info mem, pages by rights", pagesByRights(ranges.result), pagesByRights(mem.ranges));
  const aim = MIN_TIMES.monitor;
  const all = count(countLeaves(tables));
  return [
    peerOf({ name: `text of ${all} leaves`, peer, here: leaves.nanoseconds, there: other.tlb.nanoseconds, aim }),
    peerOf({
      name: `ranges with rights of ${all} leaves`,
      peer,
      here: ranges.nanoseconds,
      there: other.mem.nanoseconds,
      aim,
    }),
  ];
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
async function layerPeers(tables: Tables, request: unknown): Promise<Peers> {
  const other = await askPython<{ version: string; nanoseconds: number; pages: number; sum: number }>(
    VOLATILITY,
    request,
  );
  if (other === undefined) return `volatility3 is not there; ${INSTALL_VOLATILITY}`;
  const { nanoseconds, result } = shortest(ROUNDS, () => pageRanges(tables));
  const seen = pagesInFile(result);
  const sum = seen.reduce((all, [page, frame]) => (all * 31 + page + frame * 7) % 2 ** 40, 0);
  expectSame("volatility3, pages and their sum", `${seen.length}, ${sum}`, `${other.pages}, ${other.sum}`);
  const peer = `volatility3 ${other.version}, layer`;
  return [
    peerOf({
      name: `ranges of ${count(countLeaves(tables))} leaves`,
      peer,
      here: nanoseconds,
      there: other.nanoseconds,
      aim: MIN_TIMES.python,
    }),
  ];
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
