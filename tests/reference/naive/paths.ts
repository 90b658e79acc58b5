/**
 * The entries on the way down, one generator for every paging mode.
 *
 * @module
 */
import { bit, bits, executeDisableEnabled, field, type NaiveState, on } from "./state.ts";

/** One entry on the way down. `page` is there if the entry maps a page: its address and how many low bits it leaves alone. */
export interface Step {
  /** Undefined for a PDPTE register, which has neither rights nor an accessed flag. */
  readonly address?: bigint;
  readonly value: bigint;
  readonly mustBeZero: bigint;
  readonly page?: { readonly base: bigint; readonly offsetBits: number };
}

/** XD, bit 63, is reserved as long as EFER.NXE does not give it a meaning. */
const bit63 = (s: NaiveState): bigint => executeDisableEnabled(s) ? 0n : bit(63);
/** Without a page attribute table the PAT bit of a leaf, 7 in a PTE and 12 in a larger page, is reserved. */
const patBit = (s: NaiveState, n: number): bigint => s.has.pat ? 0n : bit(n);

/** 32-bit paging, section 4.3, tables 4-3 to 4-6. Without CR4.PSE no bit is reserved. */
export function* twoLevel(s: NaiveState, linear: bigint): Generator<Step> {
  const pdeAddress = (s.cr3 & bits(31, 12)) | (field(linear, 31, 22) << 2n);
  const pde = s.memory(pdeAddress, 4);
  const pse = on(s.cr4, 4);
  if (pse && on(pde, 7)) {
    const m = s.has.pse36 ? Math.min(s.maxPhyAddr, 40) : 32;
    const base = (pde & bits(31, 22)) | (field(pde, 20, 13) << 32n);
    const mustBeZero = bits(21, m - 19) | patBit(s, 12);
    yield { address: pdeAddress, value: pde, mustBeZero, page: { base, offsetBits: 22 } };
    return;
  }
  yield { address: pdeAddress, value: pde, mustBeZero: 0n };
  const pteAddress = (pde & bits(31, 12)) | (field(linear, 21, 12) << 2n);
  const pte = s.memory(pteAddress, 4);
  const page = { base: pte & bits(31, 12), offsetBits: 12 };
  yield { address: pteAddress, value: pte, mustBeZero: pse ? patBit(s, 7) : 0n, page };
}

/** The four PDPTE registers as MOV to CR3 loads them: tables 4-7 and 4-8. */
export function pdpteRegisters(s: NaiveState): readonly bigint[] {
  return s.pdptes ?? [0n, 8n, 16n, 24n].map((offset) => s.memory((s.cr3 & bits(31, 5)) | offset, 8));
}

/** A present PDPTE with one of these bits set makes the load itself a general-protection fault: section 4.4.1. */
export function badPdpte(s: NaiveState, pdpte: bigint): boolean {
  const reserved = bits(2, 1) | bits(8, 5) | bits(63, s.maxPhyAddr);
  return on(pdpte, 0) && (pdpte & reserved) !== 0n;
}

/** PAE paging, section 4.4, tables 4-8 to 4-11. CR4.PSE has no say here. */
export function* pae(s: NaiveState, linear: bigint): Generator<Step> {
  const pdpte = pdpteRegisters(s)[Number(field(linear, 31, 30))] ?? 0n;
  yield { value: pdpte, mustBeZero: 0n };
  const m = s.maxPhyAddr;
  const always = bits(62, m) | bit63(s);
  const pdeAddress = (pdpte & bits(m - 1, 12)) | (field(linear, 29, 21) << 3n);
  const pde = s.memory(pdeAddress, 8);
  if (on(pde, 7)) {
    const page = { base: pde & bits(m - 1, 21), offsetBits: 21 };
    yield { address: pdeAddress, value: pde, mustBeZero: always | bits(20, 13) | patBit(s, 12), page };
    return;
  }
  yield { address: pdeAddress, value: pde, mustBeZero: always };
  const pteAddress = (pde & bits(m - 1, 12)) | (field(linear, 20, 12) << 3n);
  const pte = s.memory(pteAddress, 8);
  const page = { base: pte & bits(m - 1, 12), offsetBits: 12 };
  yield { address: pteAddress, value: pte, mustBeZero: always | patBit(s, 7), page };
}

/** 4-level and 5-level paging, section 4.5. Bits 62:52 are free for software (62:59 of a leaf are its protection key). */
export function* longMode(s: NaiveState, linear: bigint): Generator<Step> {
  const always = bits(51, s.maxPhyAddr) | bit63(s);
  let table = s.cr3 & bits(51, 12);
  for (let level = s.mode === "5-level" ? 5 : 4; level > 0; level--) {
    const shift = 12 + 9 * (level - 1);
    const address = table | (field(linear, shift + 8, shift) << 3n);
    const value = s.memory(address, 8);
    const mayBeLarge = level === 2 || (level === 3 && s.has.gbPages);
    const page = { base: value & bits(51, shift), offsetBits: shift };
    if (level === 1) {
      yield { address, value, mustBeZero: always | patBit(s, 7), page };
    } else if (mayBeLarge && on(value, 7)) {
      yield { address, value, mustBeZero: always | bits(shift - 1, 13) | patBit(s, 12), page };
      return;
    } else {
      yield { address, value, mustBeZero: always | (mayBeLarge ? 0n : bit(7)) };
    }
    table = value & bits(51, 12);
  }
}
