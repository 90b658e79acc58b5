/**
 * A printer of page tables as Linux's arch/x86/mm/dump_pagetables.c prints them to debugfs, written after that file: no kernel at hand is built with
 * CONFIG_PTDUMP_DEBUGFS (Debian's 6.1 has it not set). What it prints comes from the tables of a recorded kernel.
 *
 * @module
 */
import { frameOf, G, type Mode, NX, P, PCD, PS, PWT, RW, US } from "@pagetable-init/textbook/mmu";
import type { ReadState } from "../../../chapters/recorded/files/state.ts";

/** Releases whose text differs: 4.0 prints `pat` in the column of PSE, and 4.0 and 4.19 call the large pages of two-level paging the pgd's. */
export type Release = "4.0" | "4.19" | "6.1";

const PAT_LARGE = 0x1000;
const [GIB, TIB] = [2 ** 18, 2 ** 28];
const HALF = 2 ** 35;
const TOP = 2 ** 36;

type Marker = readonly [page: number, name: string, maxLines?: number];
/** Of a 64-bit kernel without KASLR, 4 levels. */
const LONG: readonly Marker[] = [
  [0, "User Space"],
  [HALF, "Kernel Space"],
  [HALF + 8.5 * TIB, "Low Kernel Mapping"],
  [HALF + 73 * TIB, "vmalloc() Area"],
  [HALF + 106 * TIB, "Vmemmap"],
  [TOP - 2 * TIB, "CPU entry Area"],
  [TOP - TIB, "ESPfix Area", 16],
  [TOP - 68 * GIB, "EFI Runtime Services"],
  [TOP - 2 * GIB, "High Kernel Mapping"],
  [TOP - GIB, "Modules"],
  [TOP - 0x1000, "End Modules"],
];
const SHORT: readonly Marker[] = [[0, "User Space"], [0xc_0000, "Kernel Mapping"], [0xff_c00, "Fixmap area"]];

/** Names of the levels, the root's first. */
function levelNames({ levels, linearBits }: Mode, release: Release): readonly string[] {
  if (linearBits > 32) return levels.length === 5 ? ["pgd", "p4d", "pud", "pmd", "pte"] : ["pgd", "pud", "pmd", "pte"];
  if (levels.length === 3) return ["pgd", "pmd", "pte"];
  return [release === "6.1" ? "pmd" : "pgd", "pte"];
}

/** Prints the tables of a state. */
export function kernelText({ machine, header: { mode } }: ReadState, release: Release): string {
  const names = levelNames(mode, release);
  const printer = new Printer(mode, release);
  const { memory, cr3 } = machine;
  const stride = mode.entryWords;
  const walk = (depth: number, frame: number, first: number, page: number): void => {
    const { bits, shift } = mode.levels[depth] ?? { bits: 0, shift: 12 };
    for (let i = 0; i < 1 << bits; i++) {
      const lo = memory.read(frame, first + i * stride);
      const hi = stride === 2 ? memory.read(frame, first + i * stride + 1) : 0;
      const at = page + i * 2 ** (shift - 12);
      const last = depth === names.length - 1;
      if ((lo & P) !== 0 && !last && (lo & PS) === 0) walk(depth + 1, frameOf(hi, lo), 0, at);
      else printer.note(at, (lo & P) === 0 ? "" : flags(hi, lo, last, release), names[depth] ?? "");
    }
  };
  walk(0, Math.floor(cr3 / 4096), mode.rootInRegisters ? (cr3 % 4096) / 4 : 0, 0);
  printer.note(2 ** (mode.linearBits - 12), "", "none");
  return printer.lines.join("\n") + "\n";
}

function flags(hi: number, lo: number, last: boolean, release: Release): string {
  const pat = (lo & (last ? PS : PAT_LARGE)) !== 0;
  const columns = [
    (lo & US) !== 0 ? "USR" : "   ",
    (lo & RW) !== 0 ? "RW" : "ro",
    (lo & PWT) !== 0 ? "PWT" : "   ",
    (lo & PCD) !== 0 ? "PCD" : "   ",
    !last ? "PSE" : release === "4.0" && pat ? "pat" : "   ",
    ...(release === "4.0" ? [] : [pat ? "PAT" : "   "]),
    (lo & G) !== 0 ? "GLB" : "   ",
    (hi & NX) !== 0 ? "NX" : "x ",
  ];
  return columns.join(" ");
}

/** `note_page`: joins entries of one kind, and ends a range where the kind, the level or the marker changes. */
class Printer {
  readonly lines: string[] = [];
  readonly #mode: Mode;
  readonly #markers: readonly Marker[];
  readonly #nothing: string;
  #marker = 0;
  #printed = 0;
  #start = 0;
  #flags: string | undefined;
  #level = "";

  constructor(mode: Mode, release: Release) {
    this.#mode = mode;
    this.#markers = mode.linearBits > 32 ? LONG : SHORT;
    this.#nothing = " ".repeat(release === "4.0" ? 25 : 29);
  }

  note(page: number, flags: string, level: string): void {
    const next = this.#markers[this.#marker + 1]?.[0] ?? Infinity;
    if (this.#flags === undefined) this.lines.push(`---[ ${this.#markers[0]?.[1]} ]---`);
    else if (flags === this.#flags && level === this.#level && page < next) return;
    else this.#flush(page, page >= next && level !== "none");
    [this.#start, this.#flags, this.#level] = [page, flags, level];
  }

  #flush(page: number, isNext: boolean): void {
    const most = this.#markers[this.#marker]?.[2] ?? Infinity;
    if (this.#printed < most) {
      const bits = this.#mode.linearBits > 32 ? 64 : 32;
      let [size, unit] = [BigInt.asUintN(bits, this.#address(page) - this.#address(this.#start)), 0];
      while ((size & 1023n) === 0n && unit < 6) [size, unit] = [size >> 10n, unit + 1];
      const range = [this.#start, page].map((it) => `0x${this.#address(it).toString(16).padStart(bits / 4, "0")}`).join(
        "-",
      );
      const flags = this.#flags === "" ? this.#nothing : this.#flags;
      this.lines.push(`${range}   ${String(size).padStart(9)}${"BKMGTPE"[unit]} ${flags} ${this.#level}`);
    }
    this.#printed++;
    if (!isNext) return;
    const skipped = this.#printed - most;
    if (skipped > 0) this.lines.push(`... ${skipped} entr${skipped === 1 ? "y" : "ies"} skipped ... `);
    [this.#marker, this.#printed] = [this.#marker + 1, 0];
    this.lines.push(`---[ ${this.#markers[this.#marker]?.[1]} ]---`);
  }

  /** With its sign extension; the one behind the last is 0. */
  #address(page: number): bigint {
    const { linearBits } = this.#mode;
    const address = BigInt(page) * 4096n;
    return linearBits <= 32 ? BigInt.asUintN(32, address) : BigInt.asUintN(64, BigInt.asIntN(linearBits, address));
  }
}
