/**
 * The page-table stores of two boots side by side: a real kernel's and the model's.
 *
 * @module
 */

import { count } from "./count.ts";
import * as Plot from "@observablehq/plot";
import { P, PS } from "../../core/mmu/mod.ts";
import type { Figure } from "./figure.ts";
import { paint, type PaintName } from "./palette.ts";

/** One entry that was stored. */
export interface StoredWord {
  /** Frame of the table. */
  readonly frame: number;
  /** Index of the entry. */
  readonly index: number;
  /** Low word. */
  readonly lo: number;
}

/** A boot and its stores, in order. */
export interface NamedStores {
  readonly name: string;
  readonly stores: readonly StoredWord[];
}

type Kind = "cleared" | "table linked" | "small pages" | "large pages";

/** Consecutive stores of one kind into consecutive entries of one table. */
interface Stretch {
  readonly name: string;
  readonly frame: number;
  readonly kind: Kind;
  readonly from: number;
  readonly index: number;
  readonly stores: number;
}

const WIDTH = 900;
const ROW = 22;
const MARGIN = { marginLeft: 220, marginTop: 30, marginRight: 20, marginBottom: 40 } as const;
const MAX_TABLE_ROWS = 40;
const PAINTS: Readonly<Record<Kind, PaintName>> = {
  cleared: "void",
  "table linked": "error",
  "small pages": "small",
  "large pages": "large",
};
const KINDS = Object.keys(PAINTS) as Kind[];

function kindOf({ lo, frame }: StoredWord, root: number): Kind {
  if ((lo & P) === 0) return "cleared";
  if (frame !== root) return "small pages";
  return (lo & PS) === 0 ? "table linked" : "large pages";
}

function stretchesOf({ name, stores }: NamedStores, root: number): Stretch[] {
  const stretches: Stretch[] = [];
  stores.forEach((store, at) => {
    const kind = kindOf(store, root);
    const last = stretches.at(-1);
    const { frame, index } = store;
    const goesOn = last?.kind === kind && last.frame === frame && last.index + last.stores === index;
    if (last !== undefined && goesOn) stretches[stretches.length - 1] = { ...last, stores: last.stores + 1 };
    else stretches.push({ name, frame, kind, from: at + 1, index, stores: 1 });
  });
  return stretches;
}

/**
 * The stores of two boots.
 *
 * @param real The boot that was recorded.
 * @param ours The other one.
 * @param root Frame of the directory.
 * @returns The figure: a band for each table, from left to right the stores in their order. Its table has a line for each stretch of stores.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bootsBeside } from "./mod.ts";
 *
 * const stores = [{ frame: 1, index: 0, lo: 0 }, { frame: 1, index: 768, lo: 0x1e3 }];
 * const { description } = bootsBeside({ name: "Linux", stores }, { name: "ours", stores }, 1);
 * assertEquals(description, "2 stores of Linux into 1 table, 2 of ours into 1; place by place 2 are equal.");
 * ```
 */
export function bootsBeside(real: NamedStores, ours: NamedStores, root: number): Figure {
  const stretches = [real, ours].flatMap((it) => stretchesOf(it, root));
  const bandOf = ({ name, frame }: { name: string; frame: number }) => `${name}: table 0x${frame.toString(16)}`;
  const bands = [...new Set(stretches.map(bandOf))];
  const rows = stretches.map(({ name, frame, kind, from, index, stores }) => [
    name,
    from,
    `0x${frame.toString(16)}`,
    index,
    stores,
    kind,
  ]);
  const rest = rows.length - MAX_TABLE_ROWS + 1;
  return {
    options: {
      width: WIDTH,
      height: MARGIN.marginTop + bands.length * ROW + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "12px" },
      x: { label: "stores into page tables, in their order" },
      y: { type: "band", domain: bands, label: null, padding: 0.25 },
      color: { type: "categorical", domain: KINDS, range: KINDS.map((kind) => paint(PAINTS[kind])) },
      marks: [
        ...KINDS.map((kind) =>
          Plot.barX(stretches.filter((it) => it.kind === kind), {
            x1: ({ from }: Stretch) => from - 1,
            x2: ({ from, stores }: Stretch) => from - 1 + Math.max(stores, 6), // a single store can be seen
            y: bandOf,
            fill: paint(PAINTS[kind]),
            title: ({ kind, from, stores }: Stretch) => `${kind}, ${stores} from store ${from} on`,
          })
        ),
        ...KINDS.map((kind, at) =>
          Plot.text([kind], {
            frameAnchor: "top-left",
            dx: at * 150,
            dy: -20,
            text: () => `■ ${kind}`,
            fill: paint(PAINTS[kind]),
            textAnchor: "start",
          })
        ),
      ],
    },
    caption: "Every store into a page table, in order, by the table that it goes to.",
    description: describe(real, ours),
    table: {
      header: ["boot", "from store", "table", "from entry", "stores", "what"],
      rows: rest > 1 ? [...rows.slice(0, MAX_TABLE_ROWS - 1), ["…", "", "", "", "", `${rest} more`]] : rows,
    },
  };
}

function describe(real: NamedStores, ours: NamedStores): string {
  const tables = ({ stores }: NamedStores) => new Set(stores.map(({ frame }) => frame)).size;
  const equal = real.stores.filter((store, at) => {
    const other = ours.stores[at];
    return other?.frame === store.frame && other.index === store.index && other.lo === store.lo;
  }).length;
  const into = tables(real) === 1 ? "1 table" : `${tables(real)} tables`;
  return `${count(real.stores.length)} stores of ${real.name} into ${into}, ${
    count(ours.stores.length)
  } of ${ours.name} into ${tables(ours)}; place by place ${count(equal)} are equal.`;
}
