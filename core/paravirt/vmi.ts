/**
 * The kernel's side of VMI.
 *
 * @module
 */

import { kernelServices } from "./shapes.ts";
import { aVmiHost } from "../hosts/vmi.ts";
import { aMachine } from "../mmu/machine.ts";
import { checkArguments } from "../check.ts";
import type { VmiHost } from "../hosts/vmi.ts";
import type { Machine } from "../mmu/mod.ts";
import { nativeOps } from "./native.ts";
import type { EntryWriter, KernelServices, PvOps } from "./ops.ts";
import { Stopped } from "./stop.ts";

/**
 * The VMI operations: native set-up hooks, every page announced, every entry a call.
 *
 * @param machine The CPU.
 * @param host The hypervisor.
 * @param kernel The kernel that they serve.
 * @returns A fresh record.
 *
 * Source: Linux 2.6.21 and 2.6.22 arch/i386/kernel/vmi.c.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { VmiHost } from "@pagetable-init/textbook/hosts";
 * import { Stopped, vmiOps } from "@pagetable-init/textbook/paravirt";
 *
 * const { machine, kernel } = boot({ platform: "vmi", strategy: "write-always", memory: "64M" });
 * const ops = vmiOps(machine, new VmiHost(machine), kernel); // a host that was told of nothing
 * assertThrows(() => ops.setPmd(kernel.va(kernel.image.swapperPgDir), 0, 0), Stopped, "never announced as L2");
 * ```
 */
export function vmiOps(machine: Machine, host: VmiHost, kernel: KernelServices): PvOps {
  checkArguments({ machine: aMachine, host: aVmiHost, kernel: kernelServices }, [machine, host, kernel]);
  const ops = nativeOps(machine, kernel);
  const call = (level: 1 | 2): EntryWriter => (entry, hi, lo) => {
    const pfn = kernel.pfnOf(entry);
    if (!host.setPxE(pfn, level)) {
      throw new Stopped({
        kind: "killed-by-host",
        message: `VMI: an entry is set in pfn 0x${pfn.toString(16)}, which was never announced as L${level}`,
        host: "vmi",
      });
    }
    kernel.bus.storeEntry(entry, hi, lo, "once");
  };
  return Object.assign(ops, {
    name: "vmi",
    allocPt: (pfn: number) => host.allocatePage(pfn, 1),
    allocPd: (pfn: number) => host.allocatePage(pfn, 2),
    setPte: call(1),
    pteClear: call(1),
    setPmd: call(2),
  });
}
