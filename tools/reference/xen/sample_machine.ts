/**
 * A machine of 16 MiB as a 64-bit domain builder leaves it, to show that another machine's page tables can be rebuilt on
 * the live Xen, and what then happens to the writes of a kernel.
 *
 * @module
 */
import type { MachineTemplate } from "../../../chapters/recorded/settle/guest.ts";
import { link } from "./observation.ts";
import type { RecordedOp, XenOp } from "../../../chapters/recorded/settle/op.ts";

const PAGES = 4096;
const VIRT_BASE = 0xffff_ffff_8000_0000n;
/** pfn of the L4; L3, L2 and the L1 tables follow it. */
const L4 = 1000;
const L3 = L4 + 1;
const L2 = L4 + 2;
const FIRST_L1 = L4 + 3;
const L1_TABLES = PAGES / 512;

function isTable(pfn: number): boolean {
  return pfn >= L4 && pfn < FIRST_L1 + L1_TABLES;
}

function name(pfn: number): string {
  return `page${pfn}`;
}

/** Every page is mapped at its place above the base, tables read-only. */
function template(): XenOp[] {
  const l1s = Array.from({ length: L1_TABLES }, (_, i) => FIRST_L1 + i);
  return [
    link(name(L4), 511, name(L3), "0x67"),
    link(name(L3), 510, name(L2), "0x67"),
    ...l1s.map((pfn, i) => link(name(L2), i, name(pfn), "0x67")),
    ...Array.from({ length: PAGES }, (_, pfn) => {
      const table = name(FIRST_L1 + (pfn >> 9));
      return link(table, pfn & 511, name(pfn), isTable(pfn) ? "0x61" : "0x63");
    }),
  ];
}

/** The machine. */
export const SAMPLE_MACHINE: MachineTemplate = Object.freeze({ pages: PAGES, root: L4, template: template() });

/** Linear address of a byte of a page. */
function va(pfn: number, offset = 0): string {
  return "0x" + (VIRT_BASE + BigInt(pfn * 4096 + offset)).toString(16);
}

/** Writes of a kernel that extends its map by a table at pfn 6, and what Xen answers. */
export const SAMPLE_BOOT: readonly RecordedOp[] = Object.freeze<RecordedOp[]>([
  { op: "store64", va: va(6), frame: name(9), flags: "0x63", fault: null, entry: "page9|0x63" },
  // a leaf that makes a table writable, as write-always would write it
  { op: "update_va_mapping", va: va(L2), frame: name(L2), flags: "0x63", rc: -16 },
  { op: "store64", va: va(FIRST_L1, 8 * 9), frame: name(FIRST_L1), flags: "0x63", fault: "0x3" },
  { ...link(name(FIRST_L1), 9, name(FIRST_L1), "0x63"), rc: -16 },
  // a table that is still mapped writable is linked
  { ...link(name(L2), 100, name(6), "0x67"), rc: -22 },
  { op: "update_va_mapping", va: va(6), frame: name(6), flags: "0x61", rc: 0, entry: "page6|0x10000000000065" },
  { op: "pin", page: name(6), level: 1, rc: 0 },
  { ...link(name(L2), 100, name(6), "0x67"), rc: 0, entry: "page6|0x67" },
  // from here on stores to it are judged, and what it maps is really there
  { op: "store64", va: va(6, 8), frame: name(10), flags: "0x63", fault: null, entry: "page10|0x10000000000067" },
  { op: "store64", va: va(6, 16), frame: name(6), flags: "0x63", fault: "0x3", entry: "none|0x0" },
  { op: "store64", va: va(100 * 512), frame: name(7), flags: "0x5", fault: null, entry: "page7|0x5" },
  { op: "load64", va: va(9), fault: null, entry: "page7|0x5" },
  { op: "store64", va: va(L3, 8), frame: "none", flags: "0x0", fault: "0x3" },
  { op: "update_va_mapping", va: va(20), frame: "shared-info", flags: "0x63", rc: 0 },
  { op: "unpin", page: name(L4), rc: 0 },
  { op: "new_baseptr", page: name(L4), rc: 0 },
]);
