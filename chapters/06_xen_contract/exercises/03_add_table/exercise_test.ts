import { assert, assertEquals } from "@std/assert";
import { CPUS, explain, MODES, XEN_RELEASES } from "@pagetable-init/textbook";
import { buildDomain, Hypervisor } from "@pagetable-init/textbook/xen";
import { addTable } from "./exercise.ts";

const PFN = 0x600;
const SLOT = 4;

/**
 * A domain of 64 MiB whose page 0x600 holds old words that would be forbidden entries.
 */
function domain() {
  const p2m = (pfn: number) => 0x1000 + (pfn * 7919 + 3571) % 0x4000;
  const size = { guestPages: 0x4000, machineFrames: 0x5000, p2m };
  const xen = new Hypervisor({
    release: XEN_RELEASES["3.1"],
    mode: MODES.pae,
    cpu: CPUS.p6,
    ...size,
  });
  const start = buildDomain(xen);
  for (let word = 0; word < 1024; word++) {
    xen.machine.memory.write(p2m(PFN), word, 0x00abc163);
  }
  const faults: number[] = [];
  const clearPage = (pfn: number) => {
    const fault = xen.clearPage(0, (0xc0000000 + pfn * 4096) | 0).fault;
    if (fault !== undefined) faults.push(fault.errorCode);
  };
  const results = addTable({ xen, start, p2m, clearPage }, PFN, SLOT);
  const rules = results.map(({ refusal }) => refusal?.rule);
  return { xen, p2m, results, faults, rules };
}

Deno.test("the page is cleared while it can be written", () => {
  const { faults } = domain();
  assert(
    faults.length === 0,
    "The page was cleared too late: it is read-only by then, and clearing is an " +
      "ordinary store",
  );
});

Deno.test("Xen does not see a writable page become a table", () => {
  const { results } = domain();
  const writable = results.some(({ refusal }) =>
    refusal?.seen.type === "writable page" && refusal.seen.count > 0
  );
  assert(
    !writable,
    "The page is still mapped writable when it is linked: take RW away first",
  );
});

Deno.test("Xen finds no forbidden entry in it", () => {
  assert(
    !domain().rules.includes("bad-flags"),
    "Old words became entries, and Xen read them all: clear the page first",
  );
});

Deno.test("Xen gets machine frames", () => {
  const { xen, p2m, rules } = domain();
  assert(
    !rules.includes("not-the-guests"),
    "A hypercall names a frame that is not the guest's: Xen wants mfns, not pfns",
  );
  const { steps: [, pde] } = explain(xen.machine, 0xc0000000 + SLOT * 2 ** 21);
  assertEquals(
    (pde?.lo ?? 0) >>> 12,
    p2m(PFN),
    "The slot does not lead to the page's frame: is it linked, and is that its mfn?",
  );
});

Deno.test("all hypercalls succeed, and the page is a table", () => {
  const { xen, p2m, results } = domain();
  assert(
    results.every(({ ok }) => ok),
    `Not every hypercall returned 0: ${results.map(({ rc }) => rc).join(", ")}`,
  );
  assert(
    results.length >= 2,
    `${results.length} result was returned: two entries change, the page's own and the ` +
      "slot's, and each hypercall has a result",
  );
  const { tableLevel, typeCount } = xen.frames.at(p2m(PFN));
  assertEquals(
    [tableLevel, typeCount],
    [1, 1],
    "The page is not an L1 table with one use",
  );
});

Deno.test("the page can still be read, as PAGE_KERNEL without RW", () => {
  const { xen } = domain();
  const leaf = explain(xen.machine, 0xc0000000 + PFN * 4096).steps.at(-1);
  assertEquals(
    (leaf?.lo ?? 0) & 0x003,
    0x001,
    "The page's own entry must stay present, without RW: a kernel reads its tables",
  );
});

Deno.test("programs cannot read the table", () => {
  const { xen } = domain();
  const leaf = explain(xen.machine, 0xc0000000 + PFN * 4096).steps.at(-1);
  assert(
    ((leaf?.lo ?? 0) & 0x004) === 0,
    "The page's own entry has US: PAGE_KERNEL is 0x063, and only RW is to be taken away",
  );
});

Deno.test("the slot has the flags of an entry that points to a table", () => {
  const { xen } = domain();
  const { steps: [, pde] } = explain(xen.machine, 0xc0000000 + SLOT * 2 ** 21);
  assertEquals(
    `0x${((pde?.lo ?? 0) & 0xfff).toString(16)}`,
    "0x67",
    "The slot should have PAGE_TABLE: a right that it lacks is lost for all its pages",
  );
});

Deno.test("the page stays at its address", () => {
  const { xen, p2m } = domain();
  const leaf = explain(xen.machine, 0xc0000000 + PFN * 4096).steps.at(-1);
  assertEquals(
    `0x${((leaf?.lo ?? 0) >>> 12).toString(16)}`,
    `0x${p2m(PFN).toString(16)}`,
    "The page's own entry leads to another frame now: only RW is to change in it",
  );
});
