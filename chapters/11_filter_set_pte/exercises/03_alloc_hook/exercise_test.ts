import { assert, assertEquals } from "@std/assert";
import { audit, boot, explain, type Run } from "@pagetable-init/textbook";
import { NX, P, RW } from "@pagetable-init/textbook/mmu";
import { withHook } from "./exercise.ts";

const booted = new Map<string, Run>();

/** A boot with your hook, once for all tests that ask for it. */
function bootOn(platform: string): Run {
  const run = booted.get(platform) ??
    boot({ platform, strategy: withHook, memory: "16M" });
  booted.set(platform, run);
  return run;
}

/** A boot with the merged rule as it is; from now on it has your hook. */
function hookedAfter(platform: string): Run {
  const run = boot({ platform, strategy: "filter-set-pte", memory: "16M" });
  withHook.prepare?.(run.kernel);
  return run;
}

function stopOf({ outcome }: Run): string {
  return outcome.ok ? "" : outcome.stop.message;
}

const hex = (word = 0) => `0x${(word >>> 0).toString(16).padStart(8, "0")}`;

/** The two words of the leaf of a page. */
const leafOf = ({ machine, kernel }: Run, pfn: number) =>
  explain(machine, kernel.va(pfn)).steps.at(-1) ?? { lo: 0, hi: 0 };

Deno.test("the first new table can be linked", () => {
  const message = stopOf(bootOn("xen-pae"));
  assert(
    !message.includes("mmu_update"),
    "Xen refused the link: the page is still mapped writable when it is to become " +
      "a table",
  );
  assert(
    !message.includes("not present"),
    "The kernel cannot read its own table: a page table is read-only, not absent",
  );
  assertEquals(message, "", "The boot on xen-pae should finish");
});

Deno.test("only RW changes", () => {
  const run = bootOn("xen-pae-nx-2008");
  const { lo } = leafOf(run, 0x2);
  const found = `Page 2 is a table in the end, and its leaf is ${hex(lo)}.`;
  assertEquals(lo & (P | RW), P, `${found} Expected P without RW`);
  assertEquals(
    audit(run.machine).coverage.wrongFrame,
    0,
    "A leaf leads to another frame than before",
  );
  assertEquals(
    lo & 0x060,
    0x060,
    `${found} A and D were set in it, and are gone: only RW was to change`,
  );
});

Deno.test("the high word stays as it is", () => {
  const run = hookedAfter("xen-pae-nx-2008");
  const before = leafOf(run, 0x900).hi;
  run.kernel.ops.allocPt(0x900);
  const { hi, lo } = leafOf(run, 0x900);
  assertEquals(
    hex(before),
    hex(NX),
    "Page 0x900 is data, and its leaf should have NX before the hook is called",
  );
  assertEquals(
    hex(hi),
    hex(before),
    "NX and the upper bits of the frame are in the high word, 4 bytes on: read it",
  );
  assertEquals(lo & RW, 0, `The leaf of page 0x900 is still writable: ${hex(lo)}`);
});

Deno.test("no page table is writable in the end", () => {
  for (const platform of ["xen-pae", "xen-2level"]) {
    const run = bootOn(platform);
    assertEquals(
      stopOf(run),
      "",
      `${platform}: the boot should finish. Where an entry is one word, what stands 4 ` +
        "bytes further on is the next entry",
    );
    assertEquals(
      audit(run.machine).permissionErrors.writablePageTable.pages,
      0,
      `${platform}: pages are tables and can be written`,
    );
  }
});

Deno.test("a page that is not mapped is left alone", () => {
  const { kernel } = hookedAfter("xen-pae");
  kernel.ops.allocPt(0x1000 + 5); // beyond the end of memory: there is no table for it
  const entry = kernel.lookupAddress(kernel.va(0xfff));
  if (entry === undefined) throw new RangeError("Expected a leaf but found none");
  kernel.clearPte(entry);
  const asked: string[] = [];
  kernel.ops.writeBootLeaf = (_address, _entry, hi, lo) => {
    asked.push(`${hex(hi)}:${hex(lo)}`);
  };
  kernel.ops.allocPt(0xfff);
  assertEquals(
    asked,
    [],
    "The leaf of page 0xfff has no P: there is nothing to ask of Xen, so test P",
  );
});

Deno.test("a page that is read-only already stays so", () => {
  const run = hookedAfter("xen-pae");
  for (const time of ["once", "twice"]) {
    run.kernel.ops.allocPt(0x901);
    const { lo } = leafOf(run, 0x901);
    assertEquals(
      lo & (P | RW),
      P,
      `The hook was called ${time} and the leaf of page 0x901 is ${
        hex(lo)
      }. A page that ` +
        "is read-only already must stay so: clear RW, do not turn it over",
    );
  }
});

Deno.test("a frame above 4 GiB stays where it is", () => {
  const { kernel } = hookedAfter("xen-pae");
  const entry = kernel.lookupAddress(kernel.va(0x902)) ?? 0;
  const load = kernel.bus.load.bind(kernel.bus);
  kernel.bus.load = (address) => address === entry + 4 ? NX | 0x3 : load(address);
  let found: number | undefined;
  kernel.ops.writeBootLeaf = (_address, _entry, hi) => void (found = hi);
  kernel.ops.setPte = () => {};
  kernel.ops.allocPt(0x902);
  assert(
    found !== undefined,
    "writeBootLeaf was not called for page 0x902, which is mapped writable. Ask Xen by " +
      "this call: set_pte is a store into a table, which Xen has to catch",
  );
  assertEquals(
    hex(found),
    hex(NX | 0x3),
    "The high word had bits of the frame and NX: hand on all of it",
  );
});
