/**
 * One machine for all cases of a matrix: entries and registers are set, the access is made, the answer read.
 *
 * @module
 */
import { Machine, PhysicalMemory } from "../../core/mmu/mod.ts";
import type { Conditions } from "./conditions.ts";
import { FLAG_A, FLAG_D, FLAG_P, FLAG_U, FLAG_W } from "./expectation.ts";
import { type MatrixSpace, PDE_FRAME, PDE_TABLE, PTE_FRAME } from "./spaces.ts";

const MEMORY_BYTES = 2 ** 25;
const CR0_PAGING = 0x8000_0011 | 0;
const CR0_WP = 1 << 16;
const CR4 = { pse: 1 << 4, smep: 1 << 20, smap: 1 << 21, pke: 1 << 22 };
const EFER_NXE = 1 << 11;
/** Access-disable and write-disable of key 1. */
const PKRU = { keyAd: 1 << 2, keyWd: 1 << 3 };
/** In the high word: key 1, NX, bits 51 and 52. */
const KEY_1 = 1 << 27;
const NX = 1 << 31;
const BIT_51 = 1 << 19;
const BIT_52 = 1 << 20;
const USER_ACCESS = 3;
/** The conditions that registers hold. */
const IN_REGISTERS = ["pse", "smep", "smap", "pke", "nxe", "wp", "keyAd", "keyWd", "ac"] as const;

/** Flags of a case, as the bits of an entry. */
const ENTRY_FLAGS: Int32Array = Int32Array.from({ length: 32 }, (_, flags) => {
  const bits = [[FLAG_P, 0x01], [FLAG_W, 0x02], [FLAG_U, 0x04], [FLAG_A, 0x20], [FLAG_D, 0x40]] as const;
  return bits.reduce((word, [flag, bit]) => (flags & flag) !== 0 ? word | bit : word, 0);
});

/** Makes the machine; another class of machine stands in where a test wants a wrong one. */
export type MachineMaker = (space: MatrixSpace) => Machine;

const ordinaryMachine: MachineMaker = ({ cpu }) => new Machine(cpu, new PhysicalMemory(MEMORY_BYTES));

/** The machine with the tables of one matrix. */
export class CaseMachine {
  readonly #space: MatrixSpace;
  readonly #machine: Machine;
  readonly #words: 1 | 2;
  readonly #keyed: boolean;
  #access = 0;
  #twice = false;
  #pde = { lo: 0, hi: 0 };
  #pte = { lo: 0, hi: 0 };
  #large = PDE_FRAME;
  /** The conditions that the registers hold now, and what went wrong when they were written. */
  #written: string | undefined = undefined;
  #refused: string | undefined = undefined;

  constructor(space: MatrixSpace, make: MachineMaker = ordinaryMachine) {
    this.#space = space;
    this.#machine = make(space);
    this.#words = space.wide ? 2 : 1;
    this.#keyed = space.conditions.conditions.includes("key");
    this.#storeUpper();
    this.#machine.writeCr3((PDE_TABLE + space.upper.length) * 4096);
  }

  /** Sets everything but the flags of PDE and PTE. Returns what went wrong, if a register would not take its value. */
  set(conditions: Conditions): string | undefined {
    const { pdeNx, pde51, pde52, pdePs, pde13, pde17, pde21, key, pteNx, pte51, pte52, user, write, fetch } =
      conditions;
    this.#pde = {
      lo: (PDE_FRAME << 12) | (pdePs ? 0x80 : 0) | (pde13 ? 1 << 13 : 0) | (pde17 ? 1 << 17 : 0) |
        (pde21 ? 1 << 21 : 0),
      hi: highWord(pdeNx, pde51, pde52, this.#keyed && key === pdePs),
    };
    this.#pte = { lo: PTE_FRAME << 12, hi: highWord(pteNx, pte51, pte52, key) };
    this.#large = PDE_FRAME + (pde13 ? 2 ** 20 : 0) +
      ((this.#space.address.lo >>> 12) & (this.#space.largePages - 1));
    this.#access = (write ? 1 : fetch ? 2 : 0) + (user ? USER_ACCESS : 0);
    this.#twice = conditions.twice;
    this.#storeUpper();
    // Registers change with few vectors: writing what they hold would cost more than all accesses of a vector.
    const wanted = IN_REGISTERS.filter((name) => conditions[name]).join();
    if (wanted !== this.#written) this.#refused = this.#writeRegisters(conditions);
    this.#written = wanted;
    this.#storeUpper(conditions.pdpteReadOnly ? ~0x02 : conditions.pdpteGone ? 0 : ~0);
    return this.#refused;
  }

  /** Stores the entries with these flags, makes the access, and returns its frame, or -1 minus the error code. */
  access(pde: number, pte: number): number {
    const { address: { hi, lo } } = this.#space;
    const machine = this.#machine;
    const { memory } = machine;
    memory.write(PDE_TABLE, this.#space.pdeIndex * this.#words, this.#pde.lo | (ENTRY_FLAGS[pde] ?? 0));
    memory.write(PDE_FRAME, this.#space.pteIndex * this.#words, this.#pte.lo | (ENTRY_FLAGS[pte] ?? 0));
    machine.tlb.invalidate(hi | 0, lo | 0);
    if (this.#twice) machine.translate(hi | 0, lo | 0, 0);
    machine.cr2.fill(0);
    return machine.translate(hi | 0, lo | 0, this.#access);
  }

  /** Whether an answer is the frame that a successful access must land in. */
  isFrame(answer: number, large: boolean): boolean {
    return answer === (large ? this.#large : PTE_FRAME);
  }

  /** Whether CR2 holds the address. */
  cr2IsAddress(): boolean {
    const { hi, lo } = this.#space.address;
    return this.#machine.cr2[0] === hi >>> 0 && this.#machine.cr2[1] === lo >>> 0;
  }

  /** Whether the entries in memory have these flags, and are otherwise as they were stored. */
  hasFlags(pde: number, pte: number): boolean {
    const { memory } = this.#machine;
    return memory.read(PDE_TABLE, this.#space.pdeIndex * this.#words) === (this.#pde.lo | (ENTRY_FLAGS[pde] ?? 0)) &&
      memory.read(PDE_FRAME, this.#space.pteIndex * this.#words) === (this.#pte.lo | (ENTRY_FLAGS[pte] ?? 0));
  }

  /** Whether the entries above are as `set` stored them: they had their A bit, and never get a D bit. */
  upperUntouched({ pdpteReadOnly, pdpteGone }: Conditions): boolean {
    const { upper } = this.#space;
    return upper.every(({ frame, index, lo }, depth) => {
      const mask = depth < upper.length - 1 ? ~0 : pdpteReadOnly ? ~0x02 : pdpteGone ? 0 : ~0;
      return this.#machine.memory.read(frame, index * 2) === (lo & mask);
    });
  }

  /** Stores the entries above; those bits of the last, the PDPTE, that a mask leaves. */
  #storeUpper(mask = ~0): void {
    const { memory } = this.#machine;
    const { upper, pdeIndex, pteIndex } = this.#space;
    upper.forEach(({ frame, index, lo }, depth) => {
      memory.write(frame, index * 2, depth < upper.length - 1 ? lo : lo & mask);
    });
    if (this.#words === 2) {
      memory.write(PDE_TABLE, pdeIndex * 2 + 1, this.#pde.hi);
      memory.write(PDE_FRAME, pteIndex * 2 + 1, this.#pte.hi);
    }
  }

  #writeRegisters({ pse, smep, smap, pke, nxe, wp, keyAd, keyWd, ac }: Conditions): string | undefined {
    const machine = this.#machine;
    const { cr4, efer } = this.#space;
    const paging = machine.mode !== undefined;
    const refused = (paging ? undefined : machine.writeEfer(efer)) ??
      machine.writeCr4(
        cr4 | (pse ? CR4.pse : 0) | (smep ? CR4.smep : 0) | (smap ? CR4.smap : 0) | (pke ? CR4.pke : 0),
      ) ??
      machine.writeEfer(efer | (nxe ? EFER_NXE : 0)) ??
      machine.writeCr0(CR0_PAGING | (wp ? CR0_WP : 0));
    machine.writePkru((keyAd ? PKRU.keyAd : 0) | (keyWd ? PKRU.keyWd : 0));
    machine.writeAc(ac);
    return refused?.reason;
  }
}

/** Key 1 or key 0: an entry that points to a table has the key that its leaf has not, so that a key from there is noticed. */
function highWord(nx: boolean, bit51: boolean, bit52: boolean, key: boolean): number {
  return (nx ? NX : 0) | (bit51 ? BIT_51 : 0) | (bit52 ? BIT_52 : 0) | (key ? KEY_1 : 0);
}
