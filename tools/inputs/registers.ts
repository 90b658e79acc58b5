/**
 * The registers that decide how a CPU walks its page tables, out of the text of QEMU's monitor command `info registers`.
 *
 * @module
 */

/** CR3 bits 61 and 62 change which addresses are canonical (linear address masking), not where the tables are. Bit 63 asks for no flush. */
const CR3_FLAGS = 7n << 61n;
const EFLAGS_AC = 0x4_0000;

/** The registers that decide how a CPU walks its page tables. */
export interface PagingRegisters {
  /** CR0. */
  readonly cr0: number;
  /** CR2: up to 64 bits. */
  readonly cr2: bigint;
  /** CR3, below 2^52. */
  readonly cr3: number;
  /** CR4. */
  readonly cr4: number;
  /** EFER. */
  readonly efer: number;
  /** The instruction pointer: up to 64 bits. */
  readonly ip: bigint;
  /** Current privilege level, 0 to 3. */
  readonly cpl: number;
  /** EFLAGS.AC; null if it is not told. */
  readonly ac: boolean | null;
}

/**
 * The registers in what `info registers` prints.
 *
 * @param text All of it.
 * @param cpu The CPU, if the text has several, as `info registers -a` prints them.
 * @returns The registers.
 * @throws {RangeError} If one is missing or absurd.
 */
export function registersIn(text: string, cpu = 0): PagingRegisters {
  const block = blockOf(text, cpu);
  return {
    cr0: small(block, "CR0", 32),
    cr2: register(block, "CR2"),
    cr3: cr3Of(register(block, "CR3")),
    cr4: small(block, "CR4", 32),
    efer: small(block, "EFER", 32),
    ip: register(block, "[ER]IP"),
    cpl: small(block, "CPL", 2),
    ac: flagIn(block),
  };
}

/** CR3 without the flags above the address. */
export function cr3Of(value: bigint): number {
  return Number(below(value & ~CR3_FLAGS, "CR3", 52));
}

/** A text with several CPUs has a line `CPU#N` before each. */
function blockOf(text: string, cpu: number): string {
  const blocks = text.split(/^CPU#(\d+)\r?$/m);
  if (blocks.length === 1) return text;
  for (let i = 1; i < blocks.length; i += 2) if (Number(blocks[i]) === cpu) return blocks[i + 1] ?? "";
  throw new RangeError(`Expected the registers of CPU ${cpu} but found those of ${(blocks.length - 1) / 2} others`);
}

function register(text: string, name: string): bigint {
  const [, digits] = new RegExp(`\\b${name}=([0-9a-f]{1,16})\\b`).exec(text) ?? [];
  if (digits === undefined) {
    throw new RangeError(`Expected ${name} among the registers but found none; is the guest an x86?`);
  }
  return BigInt(`0x${digits}`);
}

/** EFLAGS.AC. QEMU calls the register EFL, or RFL where it has 64 bits. */
function flagIn(text: string): boolean | null {
  const [, digits] = /\b[ER]FL=([0-9a-f]{1,16})\b/.exec(text) ?? [];
  return digits === undefined ? null : (parseInt(digits.slice(-8), 16) & EFLAGS_AC) !== 0;
}

function small(text: string, name: string, bits: number): number {
  return Number(below(register(text, name), name, bits));
}

function below(value: bigint, name: string, bits: number): bigint {
  if (value < 1n << BigInt(bits)) return value;
  throw new RangeError(`Expected ${name} below 2^${bits} but found 0x${value.toString(16)}`);
}
