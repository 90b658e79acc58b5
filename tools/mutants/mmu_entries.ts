/**
 * Planted bugs: what the bits of an entry mean.
 *
 * @module
 */
import type { Mutant } from "./mutant.ts";

const ENTRY = "core/mmu/entry.ts";
const RESERVED = "core/mmu/reserved_bits.ts";
const MODES = "core/mmu/modes.ts";
const MEMORY_TYPE = "core/mmu/memory_type.ts";

/** Frames, page sizes, reserved bits, memory types. */
export const ENTRY_MUTANTS: readonly Mutant[] = [
  {
    name: "PSE-36 bits dropped",
    file: ENTRY,
    find: "(cpu.pse36 ? ((lo >>> 13) & 0xff) * 0x10_0000 : 0)",
    replace: "0",
    why: "a browser emulator ignores bits 20..13 of a 4M page",
  },
  {
    name: "PSE-36 without the CPU's support",
    file: ENTRY,
    find: "(cpu.pse36 ? ((lo",
    replace: "(true ? ((lo",
    why: "a Pentium has 32 address lines",
  },
  {
    name: "low bits of a large frame kept",
    file: ENTRY,
    find: "return frameOf(hi, lo & -(2 ** Math.min(level.shift, 31)));",
    replace: "return frameOf(hi, lo);",
    why: "the PAT bit of a large page is bit 12",
  },
  {
    name: "ignored bits counted as frame",
    file: ENTRY,
    find: "return (hi & 0xf_ffff) * 0x10_0000",
    replace: "return (hi & 0x7ff_ffff) * 0x10_0000",
    why: "bits 58..52 are the kernel's",
  },
  {
    name: "bit 13 of a large page not reserved",
    file: RESERVED,
    find: "& ~0x1fff : 0;",
    replace: "& ~0x3fff : 0;",
    why: "the reserved bits of a large page begin at 13",
  },
  {
    name: "physical width ignored",
    file: RESERVED,
    find: "return 0xf_ffff & (-1 << (Math.max(physicalBits, 32) - 32));",
    replace: "return 0;",
    why: "an address that the CPU cannot form is a reserved-bit fault",
  },
  {
    name: "physical width one bit off",
    file: RESERVED,
    find: "(Math.max(physicalBits, 32) - 32)",
    replace: "(Math.max(physicalBits, 32) - 31)",
    why: "off by one",
  },
  {
    name: "PS allowed in a PML4E",
    file: RESERVED,
    find: "(level.psReserved || psWithoutPage(level, cpu) ? PS : 0)",
    replace: "(psWithoutPage(level, cpu) ? PS : 0)",
    why: "there are no 512G pages",
  },
  {
    name: "PS ignored where the CPU has no 1G pages",
    file: RESERVED,
    find: "(level.psReserved || psWithoutPage(level, cpu) ? PS : 0)",
    replace: "(level.psReserved ? PS : 0)",
    why: "bit 7 of a PDPTE is reserved there",
  },
  {
    name: "NX accepted without EFER.NXE",
    file: RESERVED,
    find: "(nxe ? 0 : NX)",
    replace: "0",
    why: "bit 63 is reserved until NXE gives it a meaning",
  },
  {
    name: "bits 62..52 free under PAE",
    file: RESERVED,
    find: "(mode.highBitsReserved ? 0x7ff0_0000 : 0)",
    replace: "0",
    why: "only long mode leaves them to software",
  },
  {
    name: "PDPTE rights tolerated",
    file: RESERVED,
    find: "return { lo: 0x1e6,",
    replace: "return { lo: 0x1e0,",
    why: "an emulator loads PDPTEs that a CPU refuses",
  },
  {
    name: "high bits of a PDPTE tolerated",
    file: RESERVED,
    find: "hi: aboveWidth(cpu.physicalBits) | 0xfff0_0000 };",
    replace: "hi: 0 };",
    why: "NX in a PDPTE is #GP",
  },
  {
    name: "bit 21 of a 4M page free",
    file: RESERVED,
    find: "return 0x003f_e000 &",
    replace: "return 0x001f_e000 &",
    why: "no physical width makes it an address bit",
  },
  {
    name: "reserved bits in two-level paging without CR4.PSE",
    file: RESERVED,
    find: "{ lo: pse ? patBit",
    replace: "{ lo: true ? patBit",
    why: "there are none",
  },
  {
    name: "PAT bit free on a CPU without PAT",
    file: RESERVED,
    find: "const patBit = leaf && !cpu.pat ?",
    replace: "const patBit = leaf && false ?",
    why: "the manual reserves it",
  },
  {
    name: "PAT of a 4K leaf taken from bit 12",
    file: ENTRY,
    find: "(lo & (level.shift === 12 ? PAT : PAT_LARGE)) !== 0",
    replace: "(lo & PAT_LARGE) !== 0",
    why: "a debugger plugin reads an address bit instead",
  },
  {
    name: "PAT bit without a PAT",
    file: ENTRY,
    find: "const pat = cpu.pat && ",
    replace: "const pat = ",
    why: "bit 7 of a PTE means nothing on a 486",
  },
  {
    name: "PCD and PWT exchanged",
    file: ENTRY,
    find: "((lo & PCD) !== 0 ? 2 : 0)",
    replace: "((lo & PCD) !== 0 ? 1 : 0)",
    why: "the index has PCD above PWT",
  },
  {
    name: "protection key one bit off",
    file: ENTRY,
    find: "return (hi >>> 27) & 0xf;",
    replace: "return (hi >>> 26) & 0xf;",
    why: "off by one",
  },
  {
    name: "PS tied to CR4.PSE under PAE",
    file: MODES,
    find: `if (level.leaf === "ps") return true;`,
    replace: `if (level.leaf === "ps") return pse;`,
    why: "a browser emulator does it",
  },
  {
    name: "4M pages without CR4.PSE",
    file: MODES,
    find: `if (level.leaf === "ps-if-cr4-pse") return pse;`,
    replace: `if (level.leaf === "ps-if-cr4-pse") return true;`,
    why: "bit 7 of a PDE is ignored without it",
  },
  {
    name: "1G pages without CPU support",
    file: MODES,
    find: ` && cpu.gigabytePages;`,
    replace: `;`,
    why: "CPUs of the debate have none",
  },
  {
    name: "PDPTE rights counted under PAE",
    file: MODES,
    find: "rights: false,",
    replace: "rights: true,",
    why: "its bits 1 and 2 are reserved, so no page would be writable",
  },
  {
    name: "canonical check one bit off",
    file: MODES,
    find: "const unused = 64 - mode.linearBits;",
    replace: "const unused = 63 - mode.linearBits;",
    why: "off by one",
  },
  {
    name: "addresses above 4 GiB wrap in 32-bit modes",
    file: MODES,
    find: "if (mode.linearBits === 32) return hi === 0;",
    replace: "if (mode.linearBits === 32) return true;",
    why: "such an address cannot be formed",
  },
  {
    name: "5-level paging sign-extended like 4-level",
    file: MODES,
    find: "linearBits: 57,",
    replace: "linearBits: 48,",
    why: "half of the new addresses would be #GP",
  },
  {
    name: "MTRR type ignored",
    file: MEMORY_TYPE,
    find: "EFFECTIVE[type][mtrr];",
    replace: "EFFECTIVE[type].WB;",
    why: "uncacheable memory stays uncacheable",
  },
  {
    name: "UC- as strong as UC",
    file: MEMORY_TYPE,
    find: `"UC-": { UC: "UC", WC: "WC",`,
    replace: `"UC-": { UC: "UC", WC: "UC",`,
    why: "an MTRR may turn UC- into WC: that is its point",
  },
];
