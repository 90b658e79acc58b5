/**
 * Random machines: every CPU, every control bit, tables that share, alias and point to themselves; each beside the state of
 * the naive walker, which has a memory of its own.
 *
 * @module
 */
import { type Cpu, CPUS, Machine, PhysicalMemory } from "../../core/mmu/mod.ts";
import { type LiveMode, liveMode, type LiveModeRow } from "../../tools/reference/live/paging/modes.ts";
import { Random } from "../../chapters/guests/random.ts";
import type { NaiveState } from "../reference/naive/state.ts";

const MEMORY_BYTES = 2 ** 33;
/** The tables of a level; the last one of each lies above 4 GiB, unless entries have 4 bytes. */
const TABLES_A_LEVEL = 3;
const LOW_FRAME = 0x100;
const HIGH_FRAME = 0x10_0200;
const ENTRIES_A_FRAME = 512;
const MASK64 = (1n << 64n) - 1n;

const CR4_BITS: readonly number[] = [4, 7, 20, 21, 22]; // PSE, PGE, SMEP, SMAP, PKE
const CR0_PAGING = 0x8000_0031;
const CR0_WP = 1 << 16;
const EFER_NXE = 1 << 11;
/** P, RW, US, PWT, PCD, A, D, G and the three that are free. */
const FLAG_ODDS: readonly number[] = [0.96, 0.8, 0.8, 0.2, 0.2, 0.5, 0.5, 0, 0.2, 0.1, 0.1, 0.1];

/** The naive walker's view of a machine; it changes as the machine's registers and memory do. */
export type Shadow = { -readonly [Key in keyof NaiveState]: NaiveState[Key] } & { readonly tables: Tables };

/** Page tables by frame number, 8 bytes a word; elsewhere memory is zero, and beyond its end all ones. */
export class Tables {
  readonly frames: Map<number, BigUint64Array> = new Map();

  read(physical: bigint, bytes: 4 | 8): bigint {
    const frame = this.frames.get(Number(physical >> 12n));
    const word = frame?.[Number((physical & 0xfffn) >> 3n)] ??
      (physical < BigInt(MEMORY_BYTES) ? 0n : MASK64);
    return bytes === 8 ? word : (word >> (8n * (physical & 4n))) & 0xffff_ffffn;
  }

  /** Sets an entry of which the low 32 bits change at most. */
  writeLow(physical: bigint, value: bigint): void {
    const frame = this.frames.get(Number(physical >> 12n));
    if (!frame) return;
    const at = Number((physical & 0xfffn) >> 3n);
    const shift = 8n * (physical & 4n);
    frame[at] = ((frame[at] ?? 0n) & ~(0xffff_ffffn << shift)) | ((value & 0xffff_ffffn) << shift);
  }
}

/** A machine with paging on, unless `refused`: then a PDPTE was bad, by the machine's word. */
export interface RandomMachine {
  readonly machine: Machine;
  readonly shadow: Shadow;
  readonly refused: boolean;
}

/** All that a machine is made of. */
interface Parts {
  readonly cpu: Cpu;
  readonly frames: ReadonlyMap<number, BigUint64Array>;
  readonly cr0: number;
  readonly cr3: number;
  readonly cr4: number;
  readonly efer: number;
}

function randomParts(random: Random, modeId: LiveMode): Parts {
  const mode = liveMode(modeId);
  const cpu = randomCpu(random);
  const { frames } = randomTables(random, mode, cpu);
  const root = frameOf(mode, 0, 0) * 4096;
  return {
    cpu,
    frames,
    cr3: root + (modeId === "pae" ? 32 * random.below(128) : 0) + (random.chance(0.2) ? 0x18 : 0),
    cr0: CR0_PAGING | (random.chance(0.5) ? CR0_WP : 0),
    cr4: CR4_BITS.reduce((word, bit) => random.chance(0.5) ? word | (1 << bit) : word, mode.cr4),
    efer: mode.efer | (cpu.nx && random.chance(0.7) ? EFER_NXE : 0),
  };
}

/** Parts by mode and seed: most of the time of a machine goes into drawing its entries, and several tests ask for the same machine. */
const PARTS = new Map<string, Parts>();

/** Makes the machine of a seed in one of the modes. */
export function randomMachine(seed: number, modeId: LiveMode): RandomMachine {
  const name = `${modeId} ${seed}`;
  const parts = PARTS.get(name) ?? randomParts(new Random(seed), modeId);
  PARTS.set(name, parts);
  const { cpu, frames, cr0, cr3, cr4, efer } = parts;
  const tables = new Tables();
  for (const [pfn, frame] of frames) tables.frames.set(pfn, frame.slice());
  const machine = new Machine(cpu, memoryOf(tables));
  machine.writeCr4(cr4);
  machine.writeEfer(efer);
  machine.writeCr3(cr3);
  const refused = machine.writeCr0(cr0) !== undefined;
  const shadow: Shadow = {
    mode: modeId,
    cr0: BigInt(cr0 >>> 0),
    cr3: BigInt(cr3),
    cr4: BigInt(cr4),
    efer: BigInt(efer),
    pkru: 0n,
    ac: false,
    maxPhyAddr: cpu.physicalBits,
    has: { pse36: cpu.pse36, pat: cpu.pat, nx: cpu.nx, gbPages: cpu.gigabytePages },
    memory: (physical, bytes) => tables.read(physical, bytes),
    tables,
  };
  return { machine, shadow, refused };
}

/** Registers that change what is allowed and flush nothing: CR0.WP, PKRU, EFLAGS.AC. */
export function changeRights(random: Random, { machine, shadow }: RandomMachine): void {
  const cr0 = CR0_PAGING | (random.chance(0.5) ? CR0_WP : 0);
  const pkru = random.word();
  const ac = random.chance(0.5);
  machine.writeCr0(cr0);
  machine.writePkru(pkru);
  machine.writeAc(ac);
  Object.assign(shadow, { cr0: BigInt(cr0 >>> 0), pkru: BigInt(pkru), ac });
}

function randomCpu(random: Random): Cpu {
  const features = { pse36: random.chance(0.7), pat: random.chance(0.7), nx: random.chance(0.8) };
  const physicalBits = random.pick([32, 36, 39, 40, 46, 52]);
  return { ...CPUS.today, ...features, physicalBits, gigabytePages: random.chance(0.7) };
}

function frameOf(mode: LiveModeRow, depth: number, number: number): number {
  const high = mode.entryBytes === 8 && depth > 0 && number === TABLES_A_LEVEL - 1;
  return (high ? HIGH_FRAME : LOW_FRAME) + depth * TABLES_A_LEVEL + number;
}

function randomTables(random: Random, mode: LiveModeRow, cpu: Cpu): Tables {
  const tables = new Tables();
  mode.levels.forEach((_, depth) => {
    for (let number = 0; number < TABLES_A_LEVEL; number++) {
      const frame = new BigUint64Array(ENTRIES_A_FRAME);
      for (let i = 0; i < ENTRIES_A_FRAME; i++) {
        frame[i] = mode.entryBytes === 8
          ? randomEntry(random, mode, depth, cpu)
          : randomEntry(random, mode, depth, cpu) | (randomEntry(random, mode, depth, cpu) << 32n);
      }
      tables.frames.set(frameOf(mode, depth, number), frame);
    }
  });
  return tables;
}

function randomEntry(random: Random, mode: LiveModeRow, depth: number, cpu: Cpu): bigint {
  const flags = FLAG_ODDS.reduce((word, odds, bit) => random.chance(odds) ? word | (1 << bit) : word, 0);
  if (mode.id === "pae" && depth === 0) return randomPdpte(random, mode, flags, cpu);
  const leaf = depth === mode.levels.length - 1;
  const bit7 = random.chance(leaf ? 0.2 : depth === 0 && mode.entryBytes === 8 ? 0.02 : 0.2);
  const shift = mode.levels[depth]?.shift ?? 12;
  const frame = leaf || (bit7 && random.chance(0.9))
    ? randomPage(random, mode, shift, cpu)
    : BigInt(randomTable(random, mode, depth + 1, cpu)) << 12n;
  const low = BigInt(flags) | (bit7 ? 0x80n : 0n) | frame;
  return mode.entryBytes === 4 ? low & 0xffff_ffffn : low | highBits(random, mode, cpu);
}

function randomPdpte(random: Random, mode: LiveModeRow, flags: number, cpu: Cpu): bigint {
  const wrong = random.chance(0.01) ? 1n << BigInt(random.pick([1, 2, 5, 6, 7, 8, cpu.physicalBits, 52, 62, 63])) : 0n;
  return BigInt(flags & 0xe19) | (BigInt(randomTable(random, mode, 1, cpu)) << 12n) | wrong;
}

/** A table of the level below, nearly always; else one of any level, or a frame somewhere. */
function randomTable(random: Random, mode: LiveModeRow, depth: number, cpu: Cpu): number {
  const odds = random.below(100);
  const reach = cpu.physicalBits > 32 ? TABLES_A_LEVEL : TABLES_A_LEVEL - 1;
  if (odds < 90) return frameOf(mode, depth, random.below(reach));
  if (odds < 98) return frameOf(mode, random.below(mode.levels.length), random.below(reach));
  return random.below(2 ** 20);
}

/** Where a page of 2^shift bytes lies; now and then with one of its low bits set, which is reserved or means more (PSE-36, PAT). */
function randomPage(random: Random, mode: LiveModeRow, shift: number, cpu: Cpu): bigint {
  const width = mode.entryBytes === 4 ? 32 : cpu.physicalBits;
  const address = (BigInt(random.word()) << 20n | BigInt(random.below(2 ** 20))) & ((1n << BigInt(width)) - 1n);
  const aligned = address >> BigInt(shift) << BigInt(shift);
  const stray = shift > 12 && random.chance(0.3) ? 1n << BigInt(random.between(12, shift - 1)) : 0n;
  return aligned | stray;
}

/** NX, the bits from 62 to 52 (keys among them), a bit beyond the physical width. */
function highBits(random: Random, mode: LiveModeRow, cpu: Cpu): bigint {
  const nx = cpu.nx && random.chance(0.1) || random.chance(0.01) ? 1n << 63n : 0n;
  const free = random.chance(mode.id === "pae" ? 0.01 : 0.4) ? BigInt(random.below(2 ** 11)) << 52n : 0n;
  const beyond = cpu.physicalBits < 52 && random.chance(0.02) ? 1n << BigInt(random.between(cpu.physicalBits, 51)) : 0n;
  return nx | free | beyond;
}

function memoryOf(tables: Tables): PhysicalMemory {
  const memory = new PhysicalMemory(MEMORY_BYTES);
  for (const [pfn, frame] of tables.frames) {
    frame.forEach((value, i) => {
      memory.write(pfn, 2 * i, Number(value & 0xffff_ffffn));
      memory.write(pfn, 2 * i + 1, Number(value >> 32n));
    });
  }
  return memory;
}
