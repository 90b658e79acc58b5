/**
 * An address space in a browser: its tables, and what is mapped below each entry. Every function is sent to the page as text, so that it may
 * use the others and nothing else.
 *
 * @module
 */

/** What the page holds; the frames are beside it, packed. */
export interface SpaceData {
  /** 32-bit words of an entry. */
  readonly entryWords: number;
  readonly linearBits: number;
  /** The levels, root first. */
  readonly levels: readonly SpaceLevel[];
  /** Frame of the root, and the index of its first word there. */
  readonly root: number;
  readonly rootWord: number;
  /** Frames of the tables, in the order in which they are packed. */
  readonly frames: readonly number[];
  /** Regions and findings by page numbers without sign extension. */
  readonly regions: readonly {
    readonly name: string;
    readonly first: number;
    readonly end: number;
    readonly guess: boolean;
  }[];
  readonly findings: readonly SpaceFinding[];
}

/** A level of the tables, under the registers of the machine. */
export interface SpaceLevel {
  readonly entry: string;
  readonly shift: number;
  readonly bits: number;
  /** PS where it makes an entry a leaf, -1 where every entry is one, 0 where none. */
  readonly leafBit: number;
  /** Whether RW, US and NX of an entry count. */
  readonly rights: boolean;
  /** Reserved bits of a leaf and of a table's entry: high word, low word. */
  readonly leafReserved: readonly [number, number];
  readonly tableReserved: readonly [number, number];
}

/** A finding, and where it is. */
export interface SpaceFinding {
  readonly id: string;
  readonly severity: string;
  /** First page and number of pages of each place, as many as the page has room for. */
  readonly places: readonly (readonly [number, number])[];
}

/** An address space with its tables at hand. */
export interface Space {
  readonly data: SpaceData;
  readonly words: Int32Array;
  /** Index in `words` of each frame. */
  readonly places: ReadonlyMap<number, number>;
  /** What is below a table, by level and frame. */
  readonly below: Map<string, Below>;
}

/** What is mapped below a table or an entry. */
export interface Below {
  /** Number of 4K pages. */
  readonly pages: number;
  /** A bit for each set of rights that occurs: 1 write, 2 user, 4 no execution, as an index. */
  readonly rights: number;
}

/** One entry of a table. */
export interface SpaceEntry {
  readonly hi: number;
  readonly lo: number;
  readonly kind: "absent" | "leaf" | "table" | "reserved" | "missing";
  /** Frame that it names. */
  readonly frame: number;
  readonly below: Below;
}

/** Puts the tables in order. */
export function openSpace(data: SpaceData, bytes: Uint8Array): Space {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = new Int32Array(bytes.length / 4);
  for (let i = 0; i < words.length; i++) words[i] = view.getInt32(i * 4, true);
  return { data, words, places: new Map(data.frames.map((frame, i) => [frame, i * 1024])), below: new Map() };
}

/** An entry of a table: `depth` of its level, frame of the table, index. */
export function entryAt(space: Space, depth: number, frame: number, index: number): SpaceEntry {
  const { data, words, places } = space;
  const level = data.levels[depth];
  const place = places.get(frame);
  const none = { pages: 0, rights: 0 };
  if (level === undefined || place === undefined) return { hi: 0, lo: 0, kind: "absent", frame: 0, below: none };
  const at = place + (depth === 0 ? data.rootWord : 0) + index * data.entryWords;
  const lo = words[at] ?? 0;
  const hi = data.entryWords === 2 ? words[at + 1] ?? 0 : 0;
  const target = (hi & 0xfffff) * 0x100000 + (lo >>> 12);
  if ((lo & 1) === 0) return { hi, lo, kind: "absent", frame: target, below: none };
  const leaf = level.leafBit === -1 || (lo & level.leafBit) !== 0;
  const reserved = leaf ? level.leafReserved : level.tableReserved;
  if (((hi & reserved[0]) | (lo & reserved[1])) !== 0) return { hi, lo, kind: "reserved", frame: target, below: none };
  const own = ownRights(level, hi, lo);
  if (leaf) {
    const pages = 2 ** (level.shift - 12);
    const high = data.entryWords === 1 && pages > 1 ? ((lo >>> 13) & 0xff) * 0x100000 : 0; // PSE-36
    return { hi, lo, kind: "leaf", frame: target - target % pages + high, below: { pages, rights: 1 << own } };
  }
  if (!places.has(target)) return { hi, lo, kind: "missing", frame: target, below: none };
  const { pages, rights } = belowTable(space, depth + 1, target);
  return { hi, lo, kind: "table", frame: target, below: { pages, rights: limited(rights, own) } };
}

/** The rights of an entry by itself, as a set: 1 write, 2 user, 4 no execution. */
export function ownRights(level: SpaceLevel, hi: number, lo: number): number {
  return level.rights ? ((lo >>> 1) & 3) | (hi < 0 ? 4 : 0) : 3;
}

/** What two levels leave of a right: write and user need both, execution is lost once. */
export function both(set: number, above: number): number {
  return (set & above & 3) | ((set | above) & 4);
}

/** Sets of rights after a level above took some away. */
export function limited(rights: number, above: number): number {
  let found = 0;
  for (let set = 0; set < 8; set++) if ((rights & (1 << set)) !== 0) found |= 1 << both(set, above);
  return found;
}

/** What is mapped below a table. Each table is looked at once a level, however often it is used. */
export function belowTable(space: Space, depth: number, frame: number): Below {
  const key = `${depth}:${frame}`;
  const known = space.below.get(key);
  if (known !== undefined) return known;
  const level = space.data.levels[depth];
  let [pages, rights] = [0, 0];
  for (let index = 0; level !== undefined && index < 2 ** level.bits; index++) {
    const { below } = entryAt(space, depth, frame, index);
    pages += below.pages;
    rights |= below.rights;
  }
  const found = { pages, rights };
  space.below.set(key, found);
  return found;
}

/** A page number as an address, sign-extended. */
export function addressText(space: Space, page: number, offset: number): string {
  const { linearBits } = space.data;
  const plain = BigInt(page) * 4096n + BigInt(offset);
  const upper = linearBits > 32 && page >= 2 ** (linearBits - 13);
  const full = upper ? plain + (1n << 64n) - (1n << BigInt(linearBits)) : plain;
  return `0x${full.toString(16).padStart(linearBits > 32 ? 16 : 8, "0")}`;
}

/** The page number of an address; -1 for what is none. */
export function pageIn(space: Space, text: string): number {
  const digits = text.trim().replace(/^0x/i, "").replaceAll("_", "");
  if (!/^[0-9a-f]{1,16}$/i.test(digits)) return -1;
  const page = (BigInt(`0x${digits}`) & ((1n << BigInt(space.data.linearBits)) - 1n)) >> 12n;
  return Number(page);
}

/** A number of 4K pages as bytes. */
export function sizeOf(pages: number): string {
  const units = ["KiB", "MiB", "GiB", "TiB", "PiB"];
  let [value, unit] = [pages * 4, 0];
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${units[unit]}`;
}

/** Rights as an audit prints them. */
export function rightsOf(set: number): string {
  return `${(set & 2) !== 0 ? "u" : "-"}r${(set & 1) !== 0 ? "w" : "-"}${(set & 4) !== 0 ? "-" : "x"}`;
}
