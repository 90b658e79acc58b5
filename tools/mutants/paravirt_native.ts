/**
 * Planted bugs: the native back-end and the registry of special pages.
 *
 * @module
 */
import { bugsIn, type Mutant } from "./mutant.ts";

const NATIVE: readonly Mutant[] = bugsIn("core/paravirt/native.ts", [
  ["NativeBus.store", "WRITE", "READ", "a store asks for the right to read", "a read-only page is written"],
  [
    "NativeBus.storeEntry",
    "this.#memory.writePair(frame, word, hi, lo, order)",
    "this.#memory.write(frame, word, lo)",
    "the high word of an entry is not stored",
    "NX and the upper bits of a frame",
  ],
  [
    "NativeBus.probe",
    "write ? WRITE : READ",
    "READ",
    "a probe for writing only reads",
    "map-from-mapped takes read-only pages",
  ],
  [
    "nativeOps",
    "machine.writeCr4(machine.cr4 | bits)",
    "machine.writeCr4(bits)",
    "a bit of CR4 drives out the others",
    "PSE is lost when PGE comes",
  ],
  [
    "nativeOps",
    'pteClear: entryWriter(bus, "lo,hi")',
    'pteClear: entryWriter(bus, "hi,lo")',
    "an entry is cleared high word first",
    "a present entry with half a frame in between",
  ],
  [
    "nativeOps",
    "machine.cpu.pat ? refuse(machine.writePat(WITH_WC)) : undefined",
    "undefined",
    "the PAT is never programmed",
    "write-combining stays what the BIOS had",
  ],
  [
    "nativeOps",
    "new SpecialPages(machine.cpu.pat)",
    "new SpecialPages(false)",
    "the registry knows of no PAT",
    "write-combining is then uncached",
  ],
  [
    "nativeSetupStart",
    "if (bus.entryWords === 1) return ops.allocPd(image.swapperPgDir);",
    "if (bus.entryWords === 1) return;",
    "the directory is not announced",
    "VMI is told of every table",
  ],
  [
    "nativeSetupStart",
    "slot < 3",
    "slot < 2",
    "PAE's third slot keeps what was there",
    "the memory behind the boot tables is no table",
  ],
  [
    "nativeSetupDone",
    "kernel.bus.entryWords === 2",
    "kernel.bus.entryWords === 1",
    "PAE's low slots are not linked to the kernel's pmd",
    "the identity map is missing when CR3 is loaded",
  ],
  [
    "flushTlbAll",
    "if ((cr4 & CR4_PGE) !== 0)",
    "if (false)",
    "global translations survive a flush of everything",
    "CR3 alone leaves them",
  ],
  [
    "describeFault",
    '"write to"',
    '"read of"',
    "a write is told as a read",
    "the reader looks for the wrong instruction",
  ],
  [
    "describeFault",
    "fault.vector === 13",
    "fault.vector === 14",
    "a page fault is told as a #GP",
    "the other way round",
  ],
]);

const REGISTRY: readonly Mutant[] = bugsIn("core/paravirt/special_pages.ts", [
  [
    "SpecialPages.add",
    "if (range.end === range.first) return;",
    "",
    "an empty range is kept",
    "it cuts large pages in two",
  ],
  [
    "SpecialPages.add",
    "last.property === range.property &&",
    "",
    "neighbours with other properties are joined",
    "the second one gets the first one's property",
  ],
  // No bug: pfn > range.end in SpecialPages.remove. The page behind a range cuts nothing off it.
  [
    "SpecialPages.remove",
    "{ ...range, first: pfn + 1 }",
    "{ ...range, first: pfn }",
    "a page is not removed",
    "its right half still has it",
  ],
  [
    "SpecialPages.uniform",
    "end > pfn)",
    "end > pfn + 1)",
    "a range that covers the first page alone is not seen",
    "the large page gets no property",
  ],
  [
    "SpecialPages.uniform",
    "at < pfn + pages)",
    "at < pfn + pages - 1)",
    "a seam at the last page is not seen",
    "off by one",
  ],
  [
    "SpecialPages.#with",
    "if (!this.pat) return flags | PCD | PWT;",
    "",
    "without a PAT, write-combining is a bit that means nothing",
    "a 486 has no such bit",
  ],
  [
    "SpecialPages.#with",
    "(flags & PCD) !== 0 ? flags : flags | this.#patBit(flags)",
    "flags | this.#patBit(flags)",
    "uncached memory becomes write-combining",
    "uncached is the stronger promise",
  ],
  [
    "SpecialPages.#patBit",
    "(flags & PS) !== 0 ? PAT_LARGE : PAT",
    "PAT",
    "a large page has the PAT bit of a small one",
    "bit 7 there is PS",
  ],
  [
    "SpecialPages.#with",
    "return flags & ~RW;",
    "return flags;",
    "read-only pages stay writable",
    "under Xen these are the tables",
  ],
]);

/** Bare hardware, and what is special on it. */
export const NATIVE_MUTANTS: readonly Mutant[] = [...NATIVE, ...REGISTRY];
