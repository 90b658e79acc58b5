/**
 * Cores with the whole memory of a machine: QEMU's `dump-guest-memory`, `virsh dump --memory-only`, and vmcores of kdump that are not compressed.
 *
 * @module
 */

import { CR0_PG } from "../../core/mmu/mod.ts";
import type { Bytes } from "./bytes.ts";
import { Dump, type Segment } from "./dump.ts";
import { type ElfCore, type Note, type ProgramHeader, readElf } from "./elf.ts";
import type { KnownRegisters } from "./known_registers.ts";
import { vmcoreRegisters } from "./vmcoreinfo.ts";

/** The offsets of the registers in QEMU's note of a CPU. Source: `QEMUCPUState` in QEMU's target/i386/arch_dump.c, version 1. */
const QEMU = Object.freeze({
  size: 4,
  rip: 136,
  rflags: 144,
  cs: 152,
  cr0: 392,
  cr2: 408,
  cr3: 416,
  cr4: 424,
  bytes: 432,
});
const EFLAGS_AC = 0x4_0000;
/** From this linear address on the kernel's text is mapped a second time. A vmcore has a segment for it, whose bytes are in the memory too. */
const KERNEL_TEXT = 0xffff_ffff_8000_0000n;

/** The contents of a core. */
export interface Core {
  /** The memory. */
  readonly dump: Dump;
  /** The registers that are known. */
  readonly registers: KnownRegisters;
  /** Its description, for people. */
  readonly description: string;
  /** What the reader should know about its CPUs, a line each. */
  readonly remarks: readonly string[];
}

/**
 * Reads a core.
 *
 * @param bytes The file.
 * @param cpu The CPU whose registers are wanted.
 * @returns Memory and registers.
 * @throws {RangeError} If it is damaged, of another kind, or has no such CPU.
 */
export function readCore(bytes: Bytes, cpu: number | undefined): Core {
  const core = readElf(bytes);
  refuseXen(core);
  const dump = new Dump(bytes, segmentsOf(core.loads));
  const cpus = core.notes.filter(({ name, type }) => name === "QEMU" && type === 0);
  const info = core.notes.find(({ name }) => name === "VMCOREINFO");
  if (cpus.length > 0) {
    const all = cpus.map((note) => qemuRegisters(note));
    const own = all[cpu ?? 0];
    if (own === undefined) {
      throw new RangeError(`Expected CPU ${cpu} in the core but found ${cpus.length} CPUs, from 0`);
    }
    return {
      dump,
      registers: { ...own, longMode: core.long },
      description: `memory of a guest, an ELF core by QEMU, CPU ${cpu ?? 0}`,
      remarks: otherCpus(all, own),
    };
  }
  if (info === undefined) {
    return { dump, registers: { longMode: core.long }, description: "an ELF core with memory alone", remarks: [] };
  }
  const { registers, release } = vmcoreRegisters(info.contents, core);
  return {
    dump,
    registers,
    description: `memory of Linux${release === "" ? "" : ` ${release}`}, an ELF core by kdump`,
    remarks: [],
  };
}

/** CPUs with other tables, or without: the first thing to look at where a core has several. */
function otherCpus(all: readonly QemuRegisters[], own: QemuRegisters): string[] {
  const list = (found: readonly QemuRegisters[]) => found.map((it) => all.indexOf(it)).join(", ");
  const paging = all.filter(({ cr0 }) => (cr0 & CR0_PG) !== 0);
  const others = paging.filter((it) => it !== own && it.cr3 !== own.cr3);
  if ((own.cr0 & CR0_PG) === 0 && paging.length > 0) {
    throw new RangeError(
      `Expected CPU ${all.indexOf(own)} to use page tables but found CR0 0x${
        own.cr0.toString(16)
      }; --cpu takes one that does: ${list(paging)}`,
    );
  }
  return others.length === 0 ? [] : [`CPUs with other roots: ${list(others)}; --cpu N takes one`];
}

/** Xen's own core of a guest numbers pages by a list of its own, and has no program headers. */
function refuseXen({ sections, notes }: ElfCore): void {
  const isXen = sections.some((name) => name.startsWith(".xen_")) ||
    (sections.length > 0 && notes.some(({ name }) => name === "Xen"));
  if (!isXen) return;
  throw new RangeError(
    "Expected memory by its physical addresses but found a core of \"xl dump-core\", which lists pages by a guest's own numbers, while tables name machine frames: take the state from Xen's console or QEMU instead (docs/inputs.md)",
  );
}

/** The segments of memory, and those of kernel text that are not in one of them. Both are sorted, so that one pass is enough. */
function segmentsOf(loads: readonly ProgramHeader[]): Segment[] {
  const sorted = (headers: readonly ProgramHeader[]) => headers.flatMap(partsOf).sort((a, b) => a.first - b.first);
  const memory = sorted(loads.filter(({ virtual }) => virtual < KERNEL_TEXT));
  const text = sorted(loads.filter(({ virtual }) => virtual >= KERNEL_TEXT));
  let [next, end] = [0, 0];
  const others = text.filter(({ first, bytes }) => {
    for (let it = memory[next]; it !== undefined && it.first <= first; it = memory[++next]) {
      end = Math.max(end, it.first + it.bytes);
    }
    return first + bytes > end;
  });
  return [...memory, ...others];
}

/** The bytes in the file, and the zeros behind them that it leaves out, as makedumpfile does with pages of zeros. */
function partsOf({ physical, offset, fileBytes, memoryBytes }: ProgramHeader): Segment[] {
  const parts = [
    { first: physical, bytes: fileBytes, at: offset },
    { first: physical + fileBytes, bytes: memoryBytes - fileBytes, at: undefined },
  ];
  return parts.filter(({ bytes }) => bytes > 0);
}

type QemuRegisters = KnownRegisters & { readonly cr0: number; readonly cr3: bigint };

function qemuRegisters({ contents: note }: Note): QemuRegisters {
  const size = note.byteLength < 8 ? 0 : note.getUint32(QEMU.size, true);
  if (note.byteLength < QEMU.bytes || size < QEMU.bytes) {
    throw new RangeError(
      `Expected QEMU's note of a CPU, ${QEMU.bytes} bytes, but found ${Math.min(size, note.byteLength)}`,
    );
  }
  const word = (at: number) => note.getUint32(at, true);
  return {
    cr0: word(QEMU.cr0),
    cr2: note.getBigUint64(QEMU.cr2, true),
    cr3: note.getBigUint64(QEMU.cr3, true),
    cr4: word(QEMU.cr4),
    ip: note.getBigUint64(QEMU.rip, true),
    cpl: word(QEMU.cs) & 3,
    ac: (word(QEMU.rflags) & EFLAGS_AC) !== 0,
  };
}
