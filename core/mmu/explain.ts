/**
 * The third verb: the explaining walker. It gives every step of a walk as data, with the rights that each level revoked.
 *
 * Read this walker first. The fast one (`walk.ts`) must agree with it wherever it gives an answer.
 *
 * @module
 */

import { pagingShape } from "./shapes.ts";
import { accessOf, type AccessOptions, NO_OPTIONS } from "./access_kind.ts";
import { type Address, type Linear, toLinear } from "./address.ts";
import { CR0_WP, CR4_PSE, CR4_SMAP, EFER_NXE, G, NX, P, PF_P, PF_PK, PF_RSVD, RW, US } from "./bits.ts";
import { frameOf, leafFrame, patIndex } from "./entry.ts";
import { reservedMask } from "./reserved_bits.ts";
import type { Explanation, Paging, RefusedAccess, Right, Step, Translation } from "./explanation.ts";
import { type Access, type AccessKind, generalProtection, type PageFaultReason } from "./faults.ts";
import { memoryType } from "./memory_type.ts";
import { indexAt, isCanonical, isLeaf, type Level, type Mode } from "./modes.ts";
import { accessErrorBits, accessNumber, allows, keyDenies, RIGHT_NX, RIGHT_RW, RIGHT_US } from "./permissions.ts";
import { assumedIn, isMissing } from "./assumed.ts";
import { machineOf, type Target } from "./target.ts";
import { packRights } from "./walk.ts";

/**
 * Walks the tables for one address and reports every level. Changes nothing: no A or D bit, no TLB entry, no CR2.
 *
 * @param target A machine, a run, a loaded state, or an object with the paging registers of a machine.
 * @param address Linear address.
 * @param kind Read, write or fetch; a read unless said otherwise.
 * @param options `user`: from CPL 3.
 * @returns Every entry read, then the translation or the fault that the access would get.
 * @throws {RangeError} If the address cannot be read (see `toLinear`).
 * @throws {TypeError} If target, address, kind or an option is of the wrong kind.
 *
 * Source: Intel SDM vol. 3A, sections 4.2 to 4.7.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, explain, Machine, PhysicalMemory } from "@pagetable-init/textbook/mmu";
 *
 * const machine = new Machine(CPUS.i486, new PhysicalMemory(1 << 24));
 * machine.memory.write(0x1, 768, 0x2003); // pde 768 -> table in frame 2, supervisor, writable
 * machine.memory.write(0x2, 0x100, 0x100001); // pte 0x100 -> frame 0x100, read-only
 * machine.writeCr3(0x1000);
 * machine.writeCr0(0x8001_0001); // paging, write protect
 * const { steps, outcome } = explain(machine, 0xc0100000, "write");
 * assertEquals(steps.map((step) => step.revoked), [["user"], ["write"]]);
 * assertEquals(!outcome.ok && outcome.fault.vector === 14 && outcome.fault.errorCode, 3);
 * ```
 * @category Verbs
 */
export function explain(
  target: Target<Paging>,
  address: Address,
  kind: AccessKind = "read",
  options: AccessOptions = NO_OPTIONS,
): Explanation {
  const machine = machineOf(target);
  pagingShape(machine, "the target");
  return explainAccess(machine, toLinear(address), accessOf(kind, options));
}

/** As `explain`, with checked arguments. */
export function explainAccess(paging: Paging, linear: Linear, access: Access): Explanation {
  const { mode } = paging;
  const asked = { mode, linear, access };
  if (mode === undefined) return { ...asked, steps: [], outcome: unpaged(paging, linear), assumed: [] };
  if (!isCanonical(mode, linear.hi)) {
    const fault = generalProtection(`address is not canonical in ${mode.id} paging`);
    return { ...asked, steps: [], outcome: { ok: false, fault }, assumed: [] };
  }
  const steps = readSteps(paging, mode, linear);
  const outcome = judge(paging, mode, linear, access, steps);
  return { ...asked, steps, outcome, assumed: assumedIn(paging, access, steps, outcome) };
}

function readSteps(paging: Paging, mode: Mode, linear: Linear): Step[] {
  const steps: Step[] = [];
  let table = Math.floor(paging.cr3 / 4096);
  let rights = RIGHT_RW | RIGHT_US;
  for (const level of mode.levels) {
    const step = readStep(paging, mode, level, table, linear, rights);
    steps.push(step);
    if ((step.lo & P) === 0 || hasReserved(step) || step.leaf) break;
    table = frameOf(step.hi, step.lo);
    rights = remaining(rights, step);
  }
  return steps;
}

function readStep(
  paging: Paging,
  mode: Mode,
  level: Level,
  table: number,
  linear: Linear,
  rights: number,
): Step {
  const index = indexAt(level, linear.hi, linear.lo);
  const inRegister = mode.rootInRegisters && level === mode.levels[0];
  const word = index * mode.entryWords;
  const read = (at: number) => isMissing(paging, table) ? 0 : paging.memory.read(table, at);
  const lo = (inRegister ? paging.pdptes[word] : read(word)) ?? 0;
  const hi = mode.entryWords === 1 ? 0 : (inRegister ? paging.pdptes[word + 1] : read(word + 1)) ?? 0;
  const leaf = isLeaf(level, lo, paging.cpu, (paging.cr4 & CR4_PSE) !== 0);
  const mask = inRegister ? { lo: 0, hi: 0 } : reservedMask(
    mode,
    level,
    leaf,
    paging.cpu,
    (paging.efer & EFER_NXE) !== 0,
    (paging.cr4 & CR4_PSE) !== 0,
  );
  const present = (lo & P) !== 0;
  const reserved = {
    hi: present ? (hi & mask.hi) >>> 0 : 0,
    lo: present ? (lo & mask.lo) >>> 0 : 0,
  };
  const revoked = present && level.rights ? taken(rights, hi, lo) : [];
  return {
    level,
    table: inRegister ? -1 : table,
    index,
    hi: hi >>> 0,
    lo: lo >>> 0,
    leaf: present && leaf,
    reserved,
    revoked,
  };
}

function taken(rights: number, hi: number, lo: number): Right[] {
  const revoked: Right[] = [];
  if ((rights & RIGHT_RW) !== 0 && (lo & RW) === 0) revoked.push("write");
  if ((rights & RIGHT_US) !== 0 && (lo & US) === 0) revoked.push("user");
  if ((rights & RIGHT_NX) === 0 && (hi & NX) !== 0) revoked.push("execute");
  return revoked;
}

function remaining(rights: number, { revoked }: Step): number {
  return (rights & ~(revoked.includes("write") ? RIGHT_RW : 0) &
    ~(revoked.includes("user") ? RIGHT_US : 0)) |
    (revoked.includes("execute") ? RIGHT_NX : 0);
}

function hasReserved({ reserved }: Step): boolean {
  return (reserved.lo | reserved.hi) !== 0;
}

function judge(
  paging: Paging,
  mode: Mode,
  linear: Linear,
  access: Access,
  steps: readonly Step[],
): Translation | RefusedAccess {
  const last = steps[steps.length - 1] as Step;
  const number = accessNumber(access);
  const bits = accessErrorBits(paging, number);
  const refuse = (
    errorCode: number,
    reason: PageFaultReason,
    entry: Step,
  ): RefusedAccess => ({
    ok: false,
    fault: {
      vector: 14,
      errorCode,
      cr2: linear,
      reason,
      entry: entry.level.entry,
    },
  });
  if ((last.lo & P) === 0) return refuse(bits, "not-present", last);
  if (hasReserved(last)) {
    return refuse(bits | PF_P | PF_RSVD, "reserved-bit", last);
  }
  const rights = rightsOf(mode, steps);
  if (!allows(paging, rights, number)) {
    const key = keyDenies(paging, rights, number) ? PF_PK : 0;
    const reason = denial(paging, rights, access);
    return refuse(bits | PF_P | key, reason, blame(steps, reason));
  }
  return translation(paging, mode, linear, last, rights);
}

function rightsOf(mode: Mode, steps: readonly Step[]): number {
  const counted = steps.filter(({ level }) => level.rights);
  const and = counted.reduce((sum, { lo }) => sum & lo, -1);
  const nx = counted.reduce((sum, { hi }) => sum | hi, 0);
  const leaf = steps[steps.length - 1] as Step;
  return packRights(and, nx, mode.linearBits > 32 ? leaf.hi : 0, leaf.lo);
}

function denial(
  paging: Paging,
  rights: number,
  { kind, user }: Access,
): PageFaultReason {
  const userPage = (rights & RIGHT_US) !== 0;
  if (user && !userPage) return "supervisor-only";
  if (kind === "fetch") {
    return (rights & RIGHT_NX) !== 0 ? "no-execute" : "smep";
  }
  if (!user && userPage && (paging.cr4 & CR4_SMAP) !== 0 && !paging.ac) {
    return "smap";
  }
  const readOnly = kind === "write" && (rights & RIGHT_RW) === 0 &&
    (user || (paging.cr0 & CR0_WP) !== 0);
  return readOnly ? "write-protected" : "protection-key";
}

/** The first entry that revoked the missing right. It is the leaf if SMEP or SMAP forbids a user page, or if a protection key denies. */
function blame(steps: readonly Step[], reason: PageFaultReason): Step {
  const right = {
    "write-protected": "write",
    "supervisor-only": "user",
    "no-execute": "execute",
  }[reason as string];
  const taker = steps.find(({ revoked }) => revoked.includes(right as Right));
  return taker ?? steps[steps.length - 1] as Step;
}

function translation(
  paging: Paging,
  mode: Mode,
  linear: Linear,
  leaf: Step,
  rights: number,
): Translation {
  const { level, lo, hi } = leaf;
  const pageBytes = 2 ** level.shift;
  const physical = leafFrame(mode, level, hi, lo, paging.cpu) * 4096 +
    (linear.lo & (pageBytes - 1));
  return {
    ok: true,
    frame: Math.floor(physical / 4096),
    physical,
    pageBytes,
    rights,
    global: (lo & G) !== 0,
    memoryType: memoryType(paging.pat, patIndex(level, lo, paging.cpu), paging.mtrrType),
  };
}

function unpaged({ mtrrType }: Paging, { hi, lo }: Linear): Translation {
  const physical = hi * 0x1_0000_0000 + lo;
  return {
    ok: true,
    frame: Math.floor(physical / 4096),
    physical,
    pageBytes: 4096,
    rights: RIGHT_RW | RIGHT_US,
    global: false,
    memoryType: mtrrType,
  };
}
