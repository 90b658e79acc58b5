/**
 * Loads a saved state: the result is a machine whose memory holds only the page tables.
 *
 * @module
 */

import { checkArguments, frameNumber, instance, integer, list, shape, text } from "../check.ts";
import { countLeaves, tablesOf } from "../tables/mod.ts";
import { type Cpu, cpuShape } from "../mmu/cpus.ts";
import {
  A,
  CR0_PG,
  CR4_PCIDE,
  EFER_LMA,
  EFER_LME,
  Machine,
  PAT_RESET,
  PhysicalMemory,
  type RegisterSnapshot,
  selectMode,
  type Unknown,
} from "../mmu/mod.ts";
import { cr0Fault, cr3Fault, cr4Fault, eferFault, pdpteWords } from "../mmu/register_rules.ts";
import type { StateHeader, StateRegisters } from "./header.ts";

const FRAME_BYTES = 4096;

/** A machine as it was saved. */
export interface State {
  /** The header: registers, CPU and unknown facts. */
  readonly header: StateHeader;
  /** The machine: its registers, its page tables, and zeros everywhere else. */
  readonly machine: Machine;
}

/**
 * Loads a state.
 *
 * The machine's CPU is the header's, or `today`, so that 52 physical address bits are valid. Registers that the header does not record get
 * their reset values; `explain` reports when that matters (`Explanation.assumed`). Odd entries are loaded unchanged, and `audit` lists
 * them. In PAE mode the A bits of the PDPTEs are cleared: QEMU 7.2 sets them, but a CPU does not and refuses to load them.
 *
 * @param header The header (`parseStateHeader`).
 * @param frameData The frames that it lists, 4096 bytes each, uncompressed.
 * @returns The machine, paging.
 * @throws {RangeError} In one line, if header, frames and registers do not agree, the root is missing, or tables refer to each other
 * in loops without end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { access, CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook";
 * import { loadState, parseStateHeader, saveState } from "@pagetable-init/textbook/dump";
 *
 * const saved = new Machine(CPUS.p6, new PhysicalMemory(1 << 24));
 * saved.memory.write(0x1, 768, 0x00e3); // a 4M page
 * saved.writeCr4(0x10);
 * saved.writeCr3(0x1000);
 * saved.writeCr0(0x8001_0011);
 * const { header, frameData } = await saveState(saved, { name: "p6", description: "one large page" });
 * const { machine } = await loadState(parseStateHeader(header), frameData);
 * const landed = access(machine, 0xc0123456);
 * assertEquals(landed.ok && landed.frame, 0x123);
 * ```
 */
export async function loadState(header: StateHeader, frameData: Uint8Array): Promise<State> {
  checkArguments(PARAMETERS, [header, frameData]);
  const { frames, registers, ramBytes, cpu } = header;
  const size = frames.length * FRAME_BYTES;
  if (frameData.length !== size) {
    throw new RangeError(`Expected ${size} bytes for ${frames.length} frames but found ${frameData.length}`);
  }
  await checkSha256(header, frameData);
  const last = frames[frames.length - 1] ?? 0;
  const memory = new PhysicalMemory(Math.max(ramBytes, (last + 1) * FRAME_BYTES));
  store(memory, frames, frameData);
  if (!frames.includes(Math.floor(registers.cr3 / FRAME_BYTES))) {
    throw new RangeError(`Expected the root table among the frames but found CR3 0x${registers.cr3.toString(16)}`);
  }
  if (header.mode.rootInRegisters) clearPdpteMarks(memory, registers.cr3);
  const machine = new SavedMachine(cpu, memory, header);
  checkTables(machine, header);
  return { header, machine };
}

const PARAMETERS = {
  header: shape("the header of a state (parseStateHeader)", {
    frames: list(frameNumber),
    ramBytes: integer(4096, 2 ** 52, 4096),
    registers: shape("the registers of a state", { cr3: integer(0, 2 ** 52) }),
    cpu: cpuShape,
    mode: shape("a paging mode", { id: text }),
    frameDataSha256: text,
  }),
  frameData: instance(Uint8Array, "the bytes of the frames"),
};

/**
 * The SHA-256 of some bytes.
 *
 * @param bytes The bytes.
 * @returns 64 hexadecimal digits.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const { subtle } = crypto as { readonly subtle?: SubtleCrypto };
  if (subtle === undefined) {
    throw new TypeError(
      "Expected crypto.subtle, for SHA-256, but found none: serve the page over HTTPS or from localhost",
    );
  }
  const digest = new Uint8Array(await subtle.digest("SHA-256", unshared(bytes)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The same bytes, copied only from memory that is shared: `digest` does not take that. Older TypeScript has no name for such arrays. */
function unshared({ buffer, byteOffset, byteLength }: Uint8Array) {
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(buffer, byteOffset, byteLength).slice();
}

async function checkSha256({ frameDataSha256 }: StateHeader, frameData: Uint8Array): Promise<void> {
  const found = await sha256(frameData);
  if (found !== frameDataSha256) {
    throw new RangeError(`Expected frames with the SHA-256 ${frameDataSha256} but found ${found}`);
  }
}

function store(memory: PhysicalMemory, frames: readonly number[], frameData: Uint8Array): void {
  const view = new DataView(frameData.buffer, frameData.byteOffset, frameData.byteLength);
  const words = new Int32Array(FRAME_BYTES / 4);
  for (const [i, frame] of frames.entries()) {
    for (let word = 0; word < words.length; word++) words[word] = view.getInt32(i * FRAME_BYTES + word * 4, true);
    memory.writeFrame(frame, words);
  }
}

/**
 * Clears the A bits of the four PDPTEs at a root of PAE tables. QEMU 7.2 sets them; a CPU does not, and refuses to load them.
 *
 * @param memory Physical memory.
 * @param cr3 Physical address of the PDPT, as CR3 has it.
 */
export function clearPdpteMarks(memory: PhysicalMemory, cr3: number): void {
  const frame = Math.floor(cr3 / FRAME_BYTES);
  const first = ((cr3 % FRAME_BYTES) >>> 5) << 3;
  for (let word = first; word < first + 8; word += 2) memory.write(frame, word, memory.read(frame, word) & ~A);
}

/** The check of a saved machine: its unknown facts, and the mark that its memory holds only page tables. */
class SavedMachine extends Machine {
  readonly unknown: readonly Unknown[];
  readonly sparse = true;

  constructor(cpu: Cpu, memory: PhysicalMemory, { unknown, registers }: StateHeader) {
    super(cpu, memory);
    this.unknown = unknown;
    this.putBack({ ...this.registers(), ...takenRegisters(this, registers) });
  }
}

/** The CPU's registers for a state. A PDPTE that the CPU would refuse to load is accepted, because the guest ran with it. */
function takenRegisters(machine: Machine, registers: StateRegisters): Partial<RegisterSnapshot> {
  const { cr0, cr2, cr3, cr4, efer, pkru = 0, ac = false, pat = PAT_RESET } = registers;
  const paging = (cr0 & CR0_PG) !== 0;
  const long = paging && (efer & EFER_LME) !== 0;
  const active = (efer & ~EFER_LMA) | (long ? EFER_LMA : 0);
  const mode = paging ? selectMode(cr4, active) : undefined;
  const before = { cr0: 0, cr3: 0, cr4: cr4 & ~CR4_PCIDE, efer: 0 };
  const fault = eferFault(efer, before, machine.cpu) ?? cr0Fault(cr0, { ...before, efer }) ??
    cr4Fault(cr4, { ...before, efer: active }, machine.cpu) ?? cr3Fault(cr3, machine.cpu, mode);
  if (fault) throw new RangeError(`Expected registers that a CPU takes but found a #GP: ${fault.reason}`);
  return {
    cr0: cr0 | 0,
    cr2: [cr2.hi | 0, cr2.lo | 0],
    cr3,
    cr4: cr4 | 0,
    efer: active,
    pkru: pkru | 0,
    ac,
    pat,
    ...(mode?.rootInRegisters ? { pdptes: pdpteWords(machine.memory, cr3) } : {}),
  };
}

function checkTables(machine: Machine, { mode, leafCount }: StateHeader): void {
  if (machine.mode !== mode) {
    const found = machine.mode === undefined ? "registers with paging off" : `registers for ${machine.mode.id} paging`;
    throw new RangeError(`Expected ${mode.id} paging but found ${found}`);
  }
  const leaves = countLeaves(tablesOf(machine));
  if (leaves !== leafCount) {
    throw new RangeError(`Expected ${leafCount} leaves, as leafCount has it, but found ${leaves}`);
  }
}
