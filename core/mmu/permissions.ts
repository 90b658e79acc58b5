/**
 * Which accesses the rights of a walk allow, and the error code of those that they forbid.
 *
 * @module
 */

import { CR0_WP, CR4_PKE, CR4_SMAP, CR4_SMEP, EFER_NXE, PF_I, PF_U, PF_W } from "./bits.ts";
import type { Access } from "./faults.ts";
import type { Mode } from "./modes.ts";

/**
 * Rights of a walk packed in a byte: RW and US are ANDed over the levels, NX is ORed, D and the key are the leaf's.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RIGHT_D, RIGHT_KEY_SHIFT, RIGHT_NX, RIGHT_RW, RIGHT_US } from "@pagetable-init/textbook/mmu";
 *
 * const rights = RIGHT_RW | RIGHT_US | RIGHT_NX | RIGHT_D | (5 << RIGHT_KEY_SHIFT);
 * assertEquals(rights, 0x5f);
 * ```
 */
export const RIGHT_RW = 0x01;
/** User-accessible at every level. */
export const RIGHT_US = 0x02;
/** Execute-disable at some level. */
export const RIGHT_NX = 0x04;
/** The leaf's dirty bit. */
export const RIGHT_D = 0x08;
/** The leaf's protection key is in bits 7..4. */
export const RIGHT_KEY_SHIFT = 4;

/**
 * Supervisor read, as the number that the fast paths use: kind + 3 for user.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FETCH, READ, USER, WRITE } from "@pagetable-init/textbook/mmu";
 *
 * assertEquals([READ, WRITE, FETCH, USER + READ, USER + WRITE, USER + FETCH], [0, 1, 2, 3, 4, 5]);
 * ```
 */
export const READ = 0;
/** Supervisor write. */
export const WRITE = 1;
/** Supervisor instruction fetch. */
export const FETCH = 2;
/** Added to a kind for an access from user mode. */
export const USER = 3;

/** The registers that decide about rights. */
export interface PermissionRegisters {
  /** CR0; WP matters. */
  readonly cr0: number;
  /** CR4; SMEP, SMAP and PKE matter. */
  readonly cr4: number;
  /** EFER; NXE matters. */
  readonly efer: number;
  /** PKRU: two bits a key, access-disable and write-disable. */
  readonly pkru: number;
  /** EFLAGS.AC: suspends SMAP. */
  readonly ac: boolean;
  /** The paging mode: protection keys belong to long mode. */
  readonly mode: Mode | undefined;
}

/**
 * The number of an access: 0 read, 1 write, 2 fetch; 3 more from user mode.
 *
 * @param access The access.
 * @returns 0 to 5.
 */
export function accessNumber({ kind, user }: Access): number {
  return (kind === "read" ? READ : kind === "write" ? WRITE : FETCH) +
    (user ? USER : 0);
}

/**
 * Whether protection keys are in force.
 *
 * @param registers The registers.
 * @returns True in long mode with CR4.PKE.
 *
 * Source: Intel SDM vol. 3A, section 4.6.2.
 */
export function keysInForce({ cr4, mode }: PermissionRegisters): boolean {
  return (cr4 & CR4_PKE) !== 0 && mode !== undefined && mode.linearBits > 32;
}

/**
 * Whether a protection key forbids a data access to a user page.
 *
 * @param registers The registers.
 * @param rights Packed rights of the walk.
 * @param access Number of the access.
 * @returns True if the key denies the access, even if another rule denies it as well.
 *
 * Source: Intel SDM vol. 3A, section 4.6.2.
 */
export function keyDenies(
  registers: PermissionRegisters,
  rights: number,
  access: number,
): boolean {
  const kind = access % USER;
  if (kind === FETCH || (rights & RIGHT_US) === 0 || !keysInForce(registers)) {
    return false;
  }
  const key = (registers.pkru >>> (2 * (rights >>> RIGHT_KEY_SHIFT))) & 3;
  const writes = kind === WRITE &&
    (access >= USER || (registers.cr0 & CR0_WP) !== 0);
  return (key & 1) !== 0 || (writes && (key & 2) !== 0);
}

/**
 * Whether rights allow an access.
 *
 * @param registers The registers.
 * @param rights Packed rights; D is not looked at.
 * @param access Number of the access.
 * @returns True if allowed.
 *
 * Source: Intel SDM vol. 3A, section 4.6.1.
 */
export function allows(
  registers: PermissionRegisters,
  rights: number,
  access: number,
): boolean {
  const { cr0, cr4, ac } = registers;
  const kind = access % USER;
  const userPage = (rights & RIGHT_US) !== 0;
  if (keyDenies(registers, rights, access)) return false;
  if (kind === FETCH && (rights & RIGHT_NX) !== 0) return false;
  if (access >= USER) {
    return userPage && (kind !== WRITE || (rights & RIGHT_RW) !== 0);
  }
  if (kind === FETCH) return !userPage || (cr4 & CR4_SMEP) === 0;
  if (userPage && (cr4 & CR4_SMAP) !== 0 && !ac) return false;
  return kind !== WRITE || (rights & RIGHT_RW) !== 0 || (cr0 & CR0_WP) === 0;
}

/**
 * The table behind the fast paths: for each byte of rights, which of the six accesses are allowed.
 *
 * @param registers The registers.
 * @returns 256 bytes; bit n is access number n. Writes to a page whose D bit is clear are left out: they need a walk that sets it.
 */
export function permissionTable(registers: PermissionRegisters): Uint8Array {
  const table = new Uint8Array(256);
  const distinct = keysInForce(registers) ? 256 : 16; // without keys the upper four bits do not matter
  for (let rights = 0; rights < distinct; rights++) {
    for (let access = READ; access < 2 * USER; access++) {
      const dirtyFirst = access % USER === WRITE && (rights & RIGHT_D) === 0;
      if (!dirtyFirst && allows(registers, rights, access)) {
        table[rights] = (table[rights] ?? 0) | (1 << access);
      }
    }
  }
  for (let filled = distinct; filled < 256; filled *= 2) table.copyWithin(filled, 0, filled);
  return table;
}

/**
 * The part of a page-fault error code that depends only on the access.
 *
 * @param registers The I bit reports a fetch only with CR4.SMEP or, with 8-byte entries, EFER.NXE.
 * @param access Number of the access.
 * @returns W, U and I bits (`PF_W`, `PF_U`, `PF_I`).
 *
 * Source: Intel SDM vol. 3A, section 4.7.
 */
export function accessErrorBits(
  registers: PermissionRegisters,
  access: number,
): number {
  const kind = access % USER;
  const wide = registers.mode?.entryWords === 2;
  const fetchTold = (wide && (registers.efer & EFER_NXE) !== 0) ||
    (registers.cr4 & CR4_SMEP) !== 0;
  return (kind === WRITE ? PF_W : 0) | (access >= USER ? PF_U : 0) |
    (kind === FETCH && fetchTold ? PF_I : 0);
}
