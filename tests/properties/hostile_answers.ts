/**
 * Answers to hostile input, the machine's and the naive walker's, in words that compare.
 *
 * @module
 */
import { type Access, GENERAL_PROTECTION, type Linear, type Machine } from "../../core/mmu/mod.ts";
import { accessNumber } from "../../core/mmu/permissions.ts";
import type { AccessAnswer } from "../../chapters/recorded/accesses/answers.ts";
import type { AccessCase } from "../../chapters/recorded/accesses/cases.ts";
import type { NaiveAnswer, NaiveState } from "../reference/naive/state.ts";
import { naiveAccess } from "../reference/naive/walk.ts";

const CR0_PAGING = 0x8000_0031n;
const CR4_PKE = 0x0040_0000;
/** Memory of the machine that replays; beyond it all bits are ones. */
const RAM_BYTES = 1n << 28n;
const NO_RAM = 0xf_ffff_fff0n;
const ALL_ONES = 0xffff_ffffn;

const wide = ({ hi, lo }: Linear): bigint => (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
const unsigned = (word: number): bigint => BigInt(word >>> 0);

/** What the machine says to an access. */
export function machineTold(machine: Machine, { hi, lo }: Linear, access: Access): string {
  const answer = machine.translate(hi | 0, lo | 0, accessNumber(access));
  if (answer >= 0) return `frame ${answer.toString(16)}`;
  return answer === GENERAL_PROTECTION ? "#GP" : `#PF ${(-1 - answer).toString(16)}`;
}

/** What the naive walker says to the same access: ask it first, since the machine marks entries. */
export function naiveTold(machine: Machine, linear: Linear, access: Access): string {
  const answer = naiveAccess(naiveState(machine), { linear: wide(linear), ...access });
  if (answer.outcome === "done") return `frame ${(answer.physical >> 12n).toString(16)}`;
  return answer.outcome === "#GP" ? "#GP" : `#PF ${answer.code.toString(16)}`;
}

function naiveState(machine: Machine): NaiveState {
  const { mode, cpu, memory, pdptes } = machine;
  if (mode === undefined) throw new RangeError("Expected a machine that is paging");
  const word = (physical: bigint) => unsigned(memory.read(Number(physical >> 12n), Number((physical & 0xfffn) >> 2n)));
  return {
    mode: mode.id,
    cr0: unsigned(machine.cr0),
    cr3: BigInt(machine.cr3),
    cr4: unsigned(machine.cr4),
    efer: unsigned(machine.efer),
    pkru: unsigned(machine.pkru),
    ac: machine.ac,
    maxPhyAddr: cpu.physicalBits,
    has: { pse36: cpu.pse36, pat: cpu.pat, nx: cpu.nx, gbPages: cpu.gigabytePages },
    pdptes: [0, 2, 4, 6].map((i) => wide({ hi: pdptes[i + 1] ?? 0, lo: pdptes[i] ?? 0 })),
    memory: (physical, bytes) => bytes === 4 ? word(physical) : word(physical) | (word(physical + 4n) << 32n),
  };
}

/** What came of a recorded access when it was played, entries afterwards included. */
export function playedTold(
  { outcome, errorCode, cr2, landed, beforeAccess, entries }: AccessAnswer,
  count: number,
): string {
  const after = Array.from({ length: count }, (_, i) => wide({ hi: entries[2 * i + 1] ?? 0, lo: entries[2 * i] ?? 0 }));
  const at = landed === null ? "untold" : landed.toString(16);
  if (outcome === "ok") return told(`landed ${at}`, after);
  if (outcome === "page-fault") return told(`#PF ${errorCode.toString(16)} at ${wide(cr2).toString(16)}`, after);
  return told(`#GP ${beforeAccess ? "load" : "access"}`, after);
}

function told(what: string, entries: readonly bigint[]): string {
  return [what, ...entries.map((entry) => entry.toString(16))].join(" ");
}

/** What the naive walker says to a recorded access, from memory of its own. */
export function naivePlayed(asked: AccessCase): string {
  const memory = new Words(asked.mode === "two-level" ? 4 : 8);
  for (const { address, lo, hi } of asked.entries) memory.store(BigInt(address), wide({ hi, lo }));
  const answer = playNaively(asked, memory);
  if (answer.outcome === "done") answer.updates.forEach(({ address, value }) => memory.store(address, value));
  return told(naiveOutcome(asked, answer), asked.entries.map(({ address }) => memory.read(BigInt(address))));
}

function playNaively(asked: AccessCase, memory: Words): NaiveAnswer {
  // the CPU that replays has no protection keys: setting CR4.PKE is the fault, before the access
  if ((asked.cr4 & CR4_PKE) !== 0) return { outcome: "#GP", code: 0n, phase: "load" };
  const state: NaiveState = {
    mode: asked.mode,
    cr0: BigInt(asked.cr0) | CR0_PAGING,
    cr3: BigInt(asked.root),
    cr4: BigInt(asked.cr4),
    efer: BigInt(asked.efer),
    pkru: 0n,
    ac: asked.ac,
    maxPhyAddr: 40,
    has: { pse36: true, pat: true, nx: true, gbPages: true },
    memory: (physical) => memory.read(physical),
  };
  const kind = asked.access === "exchange" ? "write" : asked.access;
  return naiveAccess(state, { linear: wide(asked.linear), kind, user: asked.user });
}

function naiveOutcome({ access }: AccessCase, answer: NaiveAnswer): string {
  if (answer.outcome === "#GP") return `#GP ${answer.phase}`;
  if (answer.outcome === "#PF") return `#PF ${answer.code.toString(16)} at ${answer.cr2.toString(16)}`;
  const slot = answer.physical < RAM_BYTES ? answer.physical & ~15n : NO_RAM;
  return `landed ${access === "write" ? "untold" : slot.toString(16)}`;
}

/** Memory that holds a few entries and is zero elsewhere. */
class Words {
  readonly #words = new Map<bigint, bigint>();

  constructor(readonly bytes: 4 | 8) {}

  read(physical: bigint): bigint {
    return this.bytes === 4 ? this.#word(physical) : this.#word(physical) | (this.#word(physical + 4n) << 32n);
  }

  store(physical: bigint, value: bigint): void {
    this.#words.set(physical, value & ALL_ONES);
    if (this.bytes === 8) this.#words.set(physical + 4n, value >> 32n);
  }

  #word(physical: bigint): bigint {
    return physical < RAM_BYTES ? this.#words.get(physical) ?? 0n : ALL_ONES;
  }
}
