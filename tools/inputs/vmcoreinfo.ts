/**
 * The note VMCOREINFO, in which a Linux kernel tells where its own page tables are.
 *
 * Source: Linux's Documentation/admin-guide/kdump/vmcoreinfo.rst.
 *
 * @module
 */

import type { ElfCore } from "./elf.ts";
import type { KnownRegisters } from "./known_registers.ts";

/** Names of the kernel's own root, newest first. */
const ROOTS: readonly string[] = ["SYMBOL(init_top_pgt)", "SYMBOL(init_level4_pgt)", "SYMBOL(swapper_pg_dir)"];
/** __START_KERNEL_map of x86-64: this linear address maps the physical address `phys_base`. */
const START_KERNEL_MAP = 0xffff_ffff_8000_0000n;
const PAGE_OFFSET_32 = 0xc000_0000n;
const [CR0, CR4_PAE, CR4_LA57] = [0x8005_0033, 0x20, 0x1000];
/** CR4 as every Linux has it: PAE and PGE, and PSE on 32 bits. */
const [CR4_LONG, CR4_32] = [0xa0, 0x90];

/** The contents of the note. */
export interface VmcoreRegisters {
  /** The registers, as far as they follow. */
  readonly registers: KnownRegisters;
  /** The kernel's release; empty if it does not say. */
  readonly release: string;
}

/**
 * The registers that follow from a note.
 *
 * @param contents The note.
 * @param core The core that has it.
 * @returns CR3 of the kernel's own root, and the mode.
 */
export function vmcoreRegisters(contents: DataView, { long }: ElfCore): VmcoreRegisters {
  const text = new TextDecoder().decode(contents);
  const values = new Map(
    text.split("\n").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  const release = /^[\w.+~-]{1,80}$/.exec(values.get("OSRELEASE") ?? "")?.[0] ?? "";
  const root = ROOTS.map((name) => hexIn(values.get(name))).find((value) => value !== undefined);
  const cr3 = root === undefined ? undefined : long ? physicalOf(root, values) : root - PAGE_OFFSET_32;
  const five = values.get("NUMBER(pgtable_l5_enabled)") === "1";
  const pae = values.get("CONFIG_X86_PAE") === "y";
  const cr4 = long ? CR4_LONG | (five ? CR4_LA57 : 0) : CR4_32 | (pae ? CR4_PAE : 0);
  const known = cr3 === undefined || cr3 < 0n ? {} : { cr3 };
  return { registers: { cr0: CR0, cr4, ...known, longMode: long, rootBy: "VMCOREINFO" }, release };
}

/** Undefined if the symbol or `phys_base` makes no sense. A kernel that does not tell `phys_base` was not moved. */
function physicalOf(root: bigint, values: ReadonlyMap<string, string>): bigint | undefined {
  const base = values.get("NUMBER(phys_base)") ?? "0";
  if (!/^-?\d{1,19}$/.test(base) || root < START_KERNEL_MAP) return undefined;
  return root - START_KERNEL_MAP + BigInt(base);
}

function hexIn(text: string | undefined): bigint | undefined {
  return text !== undefined && /^[0-9a-f]{1,16}$/.test(text) ? BigInt(`0x${text}`) : undefined;
}
