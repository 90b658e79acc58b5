/**
 * Random cases: tables that nearly always lead somewhere, with something wrong now and then.
 *
 * @module
 */
import type { AccessCase, LiveKind, TableEntry } from "./case_file.ts";
import { type LiveLevel, type LiveMode, liveMode, type LiveModeRow } from "./paging/modes.ts";
import type { Random } from "../../../chapters/guests/random.ts";

/** The features of the machine that will be asked. */
export interface Abilities {
  /** MAXPHYADDR: physical-address bits from here to 51 are reserved. */
  readonly physicalBits: number;
  readonly protectionKeys: boolean;
  /** RAM at 4 GiB, for frames beyond 32 bits. */
  readonly highRam: boolean;
}

const CR0_WP = 1 << 16;
const EFER_NXE = 1 << 11;
const PS = 1n << 7n;
const PAT_LARGE = 1n << 12n;
const NX = 1n << 63n;
const GIB4 = 1n << 32n;
const MASK64 = (1n << 64n) - 1n;
/** A slot lies in the first 4 KiB of tagged RAM that a leaf names; the two runs of tagged RAM below 4 GiB. */
const TAGGED = [{ at: 0x300000n, pages: 256 }, { at: 0x1000000n, pages: 1024 }] as const;
const TAGGED_LARGE = 0x1000000n;
const TAGGED_LARGE_BYTES = 0x400000n;

/** The frequency with which a flag of an entry is set. */
const FLAG_ODDS: readonly (readonly [bit: number, odds: number])[] = [
  [0, 0.93], // P
  [1, 0.75], // RW
  [2, 0.75], // US
  [3, 0.1], // PWT
  [4, 0.1], // PCD
  [5, 0.5], // A
  [6, 0.5], // D
  [8, 0.2], // G
  [9, 0.1],
  [10, 0.1],
  [11, 0.1],
];
/** The frequency with which a bit of CR4 is set. */
const CR4_ODDS: readonly (readonly [bit: number, odds: number])[] = [
  [4, 0.7], // PSE
  [7, 0.3], // PGE
  [20, 0.3], // SMEP
  [21, 0.3], // SMAP
];
const CR4_PKE = 1 << 22;
const KIND_WEIGHTS: readonly LiveKind[] = ["read", "read", "write", "write", "fetch", "exchange"];

/** One random case in one of the modes. */
export function randomCase(random: Random, modes: readonly LiveMode[], able: Abilities): AccessCase {
  const mode = liveMode(random.pick(modes));
  const long = mode.id === "4-level" || mode.id === "5-level";
  const kind = random.pick(KIND_WEIGHTS);
  const keys = long && able.protectionKeys && random.chance(0.5);
  const cr4 = setBits(random, CR4_ODDS) | (keys ? CR4_PKE : 0);
  // an exchange would overwrite a tag above 4 GiB, where the guest cannot repair it
  const high = able.highRam && kind !== "exchange" && random.chance(0.2);
  return {
    mode: mode.id,
    cr0: random.chance(0.5) ? CR0_WP : 0,
    cr4,
    efer: random.chance(0.7) ? EFER_NXE : 0,
    pkru: keys ? random.below(0x10000) : 0,
    kind,
    user: random.chance(0.5),
    ac: random.chance(0.3),
    ...tables(random, mode, able, { high, pse: (cr4 & 0x10) !== 0, keys }),
  };
}

interface Wish {
  readonly high: boolean;
  /** CR4.PSE, without which a large entry of two-level paging points to a table after all. */
  readonly pse: boolean;
  readonly keys: boolean;
}

/** Indices and entries, root first. The lowest two index bits above a large page are chosen so that it reaches tagged RAM. */
function tables(
  random: Random,
  mode: LiveModeRow,
  able: Abilities,
  wish: Wish,
): Pick<AccessCase, "linear" | "entries"> {
  const entries: TableEntry[] = [];
  let linear = BigInt(random.below(256) * 16);
  let gigabyte = false;
  mode.levels.forEach((level, depth) => {
    const large = random.chance(level.largeOdds ?? 0);
    const index = gigabyte && level.shift === 21
      ? largeIndex(random, wish)
      : random.between(depth === 0 ? 1 : 0, 2 ** level.indexBits - 1);
    if (large && level.shift === 30) gigabyte = true;
    linear |= BigInt(index) << BigInt(level.shift);
    const value = entryValue(random, mode, level, mode.levels[depth + 1], { ...wish, large }, able);
    entries.push({ physical: level.table + index * mode.entryBytes, bytes: mode.entryBytes, value });
  });
  return { linear: signExtended(random, mode, linear), entries };
}

/** Index of the 2 MiB in a gigabyte page that are tagged: 16 to 20 MiB, or the first four above 4 GiB. */
function largeIndex(random: Random, { high }: Wish): number {
  return (high ? 0 : Number(TAGGED_LARGE >> 21n)) + random.below(2);
}

/** Canonical, but for a few. */
function signExtended(random: Random, mode: LiveModeRow, linear: bigint): bigint {
  const root = mode.levels[0];
  if (root === undefined || mode.entryBytes === 4 || mode.id === "pae") return linear;
  const width = BigInt(root.shift + root.indexBits);
  const negative = (linear >> (width - 1n)) & 1n;
  const extended = negative === 1n ? linear | ((MASK64 << width) & MASK64) : linear;
  return random.chance(0.02) ? extended ^ ((0x5555n << width) & MASK64) : extended;
}

function entryValue(
  random: Random,
  mode: LiveModeRow,
  level: LiveLevel,
  below: LiveLevel | undefined,
  wish: Wish & { readonly large: boolean },
  able: Abilities,
): bigint {
  if (mode.id === "pae" && level.shift === 30) return pdpteValue(random, below, able);
  const flags = BigInt(setBits(random, FLAG_ODDS)) | (mode.entryBytes === 8 ? wideBits(random, able) : 0n);
  if (below === undefined) {
    return flags | smallFrame(random, mode, wish) | keyBits(random, wish) | (random.chance(0.1) ? PS : 0n);
  }
  const isLarge = wish.large && (mode.id !== "two-level" || wish.pse);
  if (isLarge) return flags | PS | largeFrame(random, mode, level, wish) | keyBits(random, wish);
  const strayPs = wish.large || (level.largeOdds === undefined && random.chance(0.03));
  return flags | BigInt(below.table) | (strayPs ? PS : 0n);
}

/** No rights in a PDPTE of PAE paging, and hardly a bit that may be set. */
function pdpteValue(random: Random, below: LiveLevel | undefined, able: Abilities): bigint {
  const flags = setBits(random, [[0, 0.95], [3, 0.1], [4, 0.1], [9, 0.1], [10, 0.1], [11, 0.1]]);
  const reserved = [1, 2, 5, 6, 7, 8, able.physicalBits, 51, 55, 62, 63];
  const wrong = random.chance(0.03) ? 1n << BigInt(random.pick(reserved)) : 0n;
  return BigInt(flags) | BigInt(below?.table ?? 0) | wrong;
}

/** NX, a bit of 62..52, a reserved physical-address bit. */
function wideBits(random: Random, able: Abilities): bigint {
  const nx = random.chance(0.12) ? NX : 0n;
  const ignored = random.chance(0.04) ? 1n << BigInt(random.between(52, 62)) : 0n;
  const reserved = random.chance(0.03) ? 1n << BigInt(random.between(able.physicalBits, 51)) : 0n;
  return nx | ignored | reserved;
}

function keyBits(random: Random, { keys }: Wish): bigint {
  return keys && random.chance(0.7) ? BigInt(random.below(8)) << 59n : 0n;
}

/** A tagged 4 KiB frame. */
function smallFrame(random: Random, mode: LiveModeRow, { high }: Wish): bigint {
  if (high && mode.entryBytes === 8) return GIB4 + BigInt(random.below(1024) * 4096);
  const { at, pages } = random.pick(TAGGED);
  return at + BigInt(random.below(pages) * 4096);
}

/** A tagged large frame; now and then with a bit set that must be clear. */
function largeFrame(random: Random, mode: LiveModeRow, level: LiveLevel, { high }: Wish): bigint {
  const pat = random.chance(0.2) ? PAT_LARGE : 0n;
  if (mode.id === "two-level") {
    const wrong = random.chance(0.08) ? 1n << 21n : 0n;
    return (high ? 1n << 13n : TAGGED_LARGE) | pat | wrong;
  }
  const wrong = random.chance(0.06) ? 1n << BigInt(random.between(13, level.shift - 1)) : 0n;
  if (level.shift === 30) return (high ? GIB4 : 0n) | pat | wrong;
  const half = random.chance(0.5) ? TAGGED_LARGE_BYTES / 2n : 0n;
  return ((high ? GIB4 : TAGGED_LARGE) + half) | pat | wrong;
}

function setBits(random: Random, odds: readonly (readonly [bit: number, odds: number])[]): number {
  return odds.reduce((word, [bit, odds]) => word | (random.chance(odds) ? 1 << bit : 0), 0);
}

/** One line, for people. */
export function formatCase(asked: AccessCase): string {
  const hex = (value: number | bigint) => value.toString(16);
  const entries = asked.entries.map(({ value }) => hex(value)).join(" ");
  const who = `${asked.user ? "user" : "supervisor"} ${asked.kind}${asked.ac ? ", AC" : ""}`;
  const registers = `CR0 ${hex(asked.cr0)}, CR4 ${hex(asked.cr4)}, EFER ${hex(asked.efer)}, PKRU ${hex(asked.pkru)}`;
  return `${asked.mode} ${who} of ${hex(asked.linear)}; ${registers}; entries ${entries}`;
}
