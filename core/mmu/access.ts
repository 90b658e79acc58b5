/**
 * The second verb: an access, and its result.
 *
 * @module
 */

import { type AccessOptions, NO_OPTIONS, numberOf } from "./access_kind.ts";
import { type Address, type Linear, toLinear } from "./address.ts";
import { show } from "../check.ts";
import type { RefusedAccess } from "./explanation.ts";
import { faultAt } from "./fault_at.ts";
import type { AccessKind } from "./faults.ts";
import type { Machine } from "./machine.ts";
import { machineOf, type Target } from "./target.ts";

/**
 * An access that was made.
 *
 * @category Types
 */
export interface AllowedAccess {
  /** True. */
  readonly ok: true;
  /** Frame of the byte. */
  readonly frame: number;
  /** Physical address of the byte. */
  readonly physical: number;
}

/**
 * Makes an access on a machine: the second of the four verbs.
 *
 * @param target A machine, a run or a loaded state.
 * @param address Linear address.
 * @param kind Read, write or fetch; a read unless said otherwise.
 * @param options `user`: from CPL 3.
 * @returns Frame and physical address, or the fault as a value. The access sets A and D bits, fills the TLB and sets CR2 as on a CPU.
 * @throws {RangeError} If the address cannot be read (see `toLinear`).
 * @throws {TypeError} If target, address, kind or an option is of the wrong kind.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { access, CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook/mmu";
 *
 * const machine = new Machine(CPUS.i486, new PhysicalMemory(1 << 24));
 * machine.memory.write(0x1, 768, 0x2007); // pde 768 -> table in frame 2
 * machine.memory.write(0x2, 0x100, 0x100001); // pte 0x100 -> frame 0x100: supervisor, read-only
 * machine.writeCr3(0x1000);
 * machine.writeCr0(0x8001_0001); // paging, write protect
 * const read = access(machine, 0xc0100abc);
 * assertEquals(read.ok && read.physical, 0x100abc);
 * const write = access(machine, 0xc0100abc, "write");
 * assertEquals(!write.ok && write.fault.errorCode, 3); // present, write
 * assertEquals(machine.memory.read(0x2, 0x100), 0x100021); // the read set A; the refused write set nothing
 * ```
 * @category Verbs
 */
export function access(
  target: Target<Machine>,
  address: Address,
  kind: AccessKind = "read",
  options: AccessOptions = NO_OPTIONS,
): AllowedAccess | RefusedAccess {
  const machine = machineOf(target);
  if (!("translate" in machine)) {
    throw new TypeError(`Expected a machine, a run or a loaded state but found ${show(machine)}`);
  }
  return accessAt(machine, toLinear(address), numberOf(kind, options));
}

/** Makes an access with checked arguments. Only a refused access walks the tables a second time, to find the reason. */
export function accessAt(machine: Machine, linear: Linear, access: number): AllowedAccess | RefusedAccess {
  const frame = machine.translate(linear.hi | 0, linear.lo | 0, access);
  if (frame >= 0) return { ok: true, frame, physical: frame * 4096 + (linear.lo & 0xfff) };
  return { ok: false, fault: faultAt(machine, linear.hi, linear.lo, access) };
}
