/**
 * The bits of x86 paging: page-table entries, control registers, page-fault error codes.
 *
 * An entry is two 32-bit words, `lo` (bits 31..0) and `hi` (bits 63..32; absent in two-level paging).
 *
 * ```text
 *   hi                                lo
 *   63  62..59  58..52  51 .. 32      31 .. 12   11..9  8  7       6  5  4    3    2   1   0
 *   NX  key     ignored frame         frame      AVL    G  PS/PAT  D  A  PCD  PWT  US  RW  P
 * ```
 *
 * Source: Intel SDM vol. 3A, chapter 4 (paging), section 2.5 (control registers), section 4.7 (error code).
 *
 * @module
 */

/**
 * Present (entry bit 0).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { A, D, formatFlags, G, NX, P, PAT, PAT_LARGE, PCD, PS, PWT, RW, US } from "@pagetable-init/textbook/mmu";
 *
 * const flags = P | RW | US | PWT | PCD | A | D | G;
 * assertEquals(flags, 0x17f);
 * assertEquals(PS, PAT); // one bit, two meanings: of a table's entry, of a 4K leaf
 * assertEquals(formatFlags(NX, P | RW | PS), "P RW PS NX");
 * assertEquals(PAT_LARGE, 1 << 12); // where a large leaf has its PAT bit
 * ```
 */
export const P = 0x001;
/** Writable (entry bit 1). */
export const RW = 0x002;
/** User-accessible (entry bit 2). */
export const US = 0x004;
/** Page-level write-through (entry bit 3). */
export const PWT = 0x008;
/** Page-level cache disable (entry bit 4). */
export const PCD = 0x010;
/** Accessed (entry bit 5). */
export const A = 0x020;
/** Dirty (entry bit 6, leaves only). */
export const D = 0x040;
/** Page size (entry bit 7, above the last level): the entry maps a large page. */
export const PS = 0x080;
/** PAT index bit 2 of a 4K leaf: the bit that is PS one level up. */
export const PAT = 0x080;
/** Global (entry bit 8, leaves only). */
export const G = 0x100;
/** PAT index bit 2 of a large leaf (entry bit 12). */
export const PAT_LARGE = 0x1000;
/** Execute-disable: bit 63 of an entry, so bit 31 of its `hi` word and of a flag set (`makeEntry`), as a signed 32-bit number. */
export const NX: number = 0x8000_0000 | 0;

/**
 * CR0.PE: protected mode; paging needs it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CR0_CD, CR0_NW, CR0_PE, CR0_PG, CR0_WP, CR4_LA57, CR4_PAE, CR4_PCIDE } from "@pagetable-init/textbook/mmu";
 * import { CR4_PGE, CR4_PKE, CR4_PSE, CR4_SMAP, CR4_SMEP, EFER_LMA, EFER_LME } from "@pagetable-init/textbook/mmu";
 * import { EFER_NXE } from "@pagetable-init/textbook/mmu";
 *
 * const cr0 = (CR0_PE | CR0_WP | CR0_NW | CR0_CD | CR0_PG) >>> 0;
 * assertEquals(cr0, 0xe001_0001);
 * assertEquals(CR4_PCIDE, 1 << 17);
 * const cr4 = CR4_PSE | CR4_PAE | CR4_PGE | CR4_LA57 | CR4_SMEP | CR4_SMAP | CR4_PKE;
 * assertEquals(cr4, 0x0070_10b0);
 * assertEquals(EFER_LME | EFER_LMA | EFER_NXE, 0xd00);
 * ```
 */
export const CR0_PE = 0x0000_0001;
/** CR0.WP: supervisor writes respect RW. */
export const CR0_WP = 0x0001_0000;
/** CR0.NW: not write-through; needs CD. */
export const CR0_NW = 0x2000_0000;
/** CR0.CD: cache disable. */
export const CR0_CD = 0x4000_0000;
/** CR0.PG: paging, as a signed 32-bit number. */
export const CR0_PG: number = 0x8000_0000 | 0;
/** CR4.PSE: 4M pages in two-level paging. */
export const CR4_PSE = 0x0000_0010;
/** CR4.PAE: 8-byte entries. */
export const CR4_PAE = 0x0000_0020;
/** CR4.PGE: global pages. */
export const CR4_PGE = 0x0000_0080;
/** CR4.LA57: five levels in long mode. */
export const CR4_LA57 = 0x0000_1000;
/** CR4.PCIDE: process-context identifiers in the low twelve bits of CR3. */
export const CR4_PCIDE = 0x0002_0000;
/** CR4.SMEP: the supervisor does not execute user pages. */
export const CR4_SMEP = 0x0010_0000;
/** CR4.SMAP: the supervisor touches user pages only while EFLAGS.AC is set. */
export const CR4_SMAP = 0x0020_0000;
/** CR4.PKE: protection keys for user pages. */
export const CR4_PKE = 0x0040_0000;
/** EFER.LME: long mode is entered when paging is switched on. */
export const EFER_LME = 0x0000_0100;
/** EFER.LMA: long mode is active; follows CR0.PG and LME. */
export const EFER_LMA = 0x0000_0400;
/** EFER.NXE: bit 63 of an entry means execute-disable rather than reserved. */
export const EFER_NXE = 0x0000_0800;

/**
 * Page-fault error code bit 0: the page was present (a right was missing).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { access, PF_I, PF_P, PF_PK, PF_RSVD, PF_U, PF_W } from "@pagetable-init/textbook/mmu";
 *
 * const { machine } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * const landing = access(machine, 0xc0100000, "write", { user: true });
 * assertEquals(!landing.ok && landing.fault.errorCode, PF_P | PF_W | PF_U); // it was there, and not for the user
 * assertEquals(PF_RSVD | PF_I | PF_PK, 0x38);
 * ```
 */
export const PF_P = 0x01;
/** Page-fault error code bit 1: the access was a write. */
export const PF_W = 0x02;
/** Page-fault error code bit 2: the access came from user mode. */
export const PF_U = 0x04;
/** Page-fault error code bit 3: a reserved bit was set in an entry. */
export const PF_RSVD = 0x08;
/** Page-fault error code bit 4: the access was an instruction fetch. */
export const PF_I = 0x10;
/** Page-fault error code bit 5: a protection key forbade the access. */
export const PF_PK = 0x20;
