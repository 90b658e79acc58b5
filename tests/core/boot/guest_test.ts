// The kernel on its machine as an audit sees it: what is read-only, what user mode reaches, which features are used.
import { assert, assertEquals } from "@std/assert";
import { audit, boot, type BootOptions, CPUS, explain } from "@pagetable-init/textbook";
import { findPlatform } from "@pagetable-init/textbook/boot";
import { P, US } from "@pagetable-init/textbook/mmu";
import { environmentOf } from "../../../core/environment.ts";
import { setupOf } from "../../../core/setup.ts";
import { Hypervisor, MMUEXT } from "@pagetable-init/textbook/xen";

const PAGE = 0x3000;

/** A guest that has booted, with the hypercalls that a test makes next. */
function guest() {
  const made: Hypervisor[] = [];
  const hypervisor: BootOptions["hypervisor"] = (options) => made[made.push(new Hypervisor(options)) - 1] as Hypervisor;
  const { kernel, machine } = boot({ platform: "xen-pae", strategy: "filter-set-pte", hypervisor });
  const [xen] = made;
  assert(xen !== undefined);
  const mfn = kernel.ops.toMachine(PAGE);
  assertEquals(xen.updateVaMapping(0, kernel.va(PAGE), 0, (mfn << 12) | P, 0).rc, 0);
  return {
    xen,
    mfn,
    isReadOnly: () => machine.guest.readOnly.has(PAGE),
    notWritable: () => audit(machine).permissionErrors.notWritable.pages,
  };
}

Deno.test("a descriptor table is meant to be read-only while it is one: no finding, and one when it is none any more", () => {
  const { xen, mfn, isReadOnly, notWritable } = guest();
  assertEquals([isReadOnly(), notWritable()], [false, 1]);
  assertEquals(xen.setGdt([mfn]).rc, 0);
  assertEquals([isReadOnly(), notWritable()], [true, 0]);
  assertEquals(xen.setGdt([]).rc, 0);
  assertEquals([isReadOnly(), notWritable()], [false, 1]);
});

Deno.test("a page that was a page table and is not used as one any more should be writable again", () => {
  const { xen, mfn, isReadOnly, notWritable } = guest();
  assertEquals(xen.mmuextOp(MMUEXT.PIN_L1_TABLE, mfn).rc, 0);
  assertEquals([isReadOnly(), notWritable()], [true, 0]);
  assertEquals(xen.mmuextOp(MMUEXT.UNPIN_TABLE, mfn).rc, 0);
  assertEquals([isReadOnly(), notWritable()], [false, 1]);
});

Deno.test("the kernel of a 64-bit guest is mapped with US, as Xen does it, and user mode does not reach it: it has another root", () => {
  const run = boot({ platform: "xen-4level", strategy: "filter-set-pte", until: 0 });
  const { pageOffset } = run.machine.guest;
  const { steps } = explain(run, { ...pageOffset, lo: pageOffset.lo + 0x10_0000 });
  assertEquals([steps.length, steps.every(({ lo }) => (lo & US) !== 0)], [4, true]);
  assertEquals(audit(run).permissionErrors.userAccessible.pages, 0);
});

Deno.test("a kernel of two-level paging does not use NX on a CPU that has it: an entry of 32 bits has no room for it", () => {
  const platform = { ...findPlatform("native-p6"), id: "two-level on a K8", cpu: CPUS.k8 };
  const run = boot({ platform, strategy: "filter-set-pte" });
  const { permissionErrors } = audit(run);
  assertEquals([run.kernel.features.nx, run.machine.efer, permissionErrors.executableData.pages], [false, 0, 0]);
});

Deno.test("a guest that has not switched paging on is described with the two-level paging of its boot tables", () => {
  const setup = setupOf({ platform: "native-486", strategy: "write-always", memory: "16M" });
  const { machine } = environmentOf(setup, undefined);
  assertEquals([machine.mode, machine.guest.mode.id], [undefined, "two-level"]);
});
