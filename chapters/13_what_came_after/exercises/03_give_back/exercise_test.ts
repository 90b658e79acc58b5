import { assert, assertEquals } from "@std/assert";
import { access, audit, boot, type Run } from "@pagetable-init/textbook";
import { pgtBufOf } from "@pagetable-init/textbook/strategies";
import { generous, giveBack } from "./exercise.ts";

/** The first free page of a stretch, or nothing. */
function takeFrom(
  { bootmem }: Run["kernel"],
  first: number,
  end: number,
): number | undefined {
  try {
    return bootmem.take((pfn) => pfn >= first && pfn < end);
  } catch {
    return undefined;
  }
}

const hex = (pfn: number | undefined) =>
  pfn === undefined ? "none" : `0x${pfn.toString(16)}`;

const memory = "16M";
const bootOn = (platform: string): Run => boot({ platform, strategy: generous, memory });

Deno.test("pages that were never tables can be written", () => {
  const { machine, kernel, outcome } = bootOn("xen-pae");
  assertEquals(
    outcome.ok ? "" : outcome.stop.message,
    "",
    "The boot stopped: Xen does not let a table that is in use become writable",
  );
  const { end, top } = pgtBufOf(kernel);
  for (let pfn = end; pfn < top; pfn++) {
    assert(
      access(machine, kernel.va(pfn), "write").ok,
      `Page 0x${pfn.toString(16)} was never a table, and cannot be written`,
    );
  }
  assertEquals(
    audit(machine).permissionErrors.notWritable.pages,
    0,
    "Pages of lowmem that are no tables cannot be written",
  );
});

Deno.test("the pages that are tables are not given away", () => {
  const { machine, kernel } = bootOn("xen-pae");
  assertEquals(
    audit(machine).permissionErrors.writablePageTable.pages,
    0,
    "Pages that are tables can be written: release only those that never were",
  );
  const { start, end } = pgtBufOf(kernel);
  const taken = takeFrom(kernel, start, end);
  assert(
    taken === undefined,
    `The allocator hands out page 0x${taken?.toString(16)}, which is a page table`,
  );
});

Deno.test("the allocator has the rest again", () => {
  const { kernel } = bootOn("xen-pae");
  const { end, top } = pgtBufOf(kernel);
  const taken = Array.from({ length: top - end }, () => takeFrom(kernel, end, top));
  assertEquals(
    taken.map(hex),
    taken.map((_, at) => hex(end + at)),
    "The pages at the end of the range are lost: the allocator was not told",
  );
});

Deno.test("on bare hardware too", () => {
  const { kernel, outcome } = bootOn("native-486");
  const said = outcome.ok ? "" : outcome.stop.message;
  assertEquals(said, "", "The boot on native-486 should finish");
  const { end, top } = pgtBufOf(kernel);
  assertEquals(
    hex(takeFrom(kernel, end, top)),
    hex(end),
    "The pages at the end of the range are lost: the allocator was not told",
  );
});

Deno.test("what is given back ends below `top`", () => {
  const touched: number[] = [];
  const finish = (kernel: Run["kernel"]) => {
    const { ops: { releasePt }, bootmem } = kernel;
    const free = bootmem.free.bind(bootmem);
    kernel.ops.releasePt = (pfn) => {
      touched.push(pfn);
      releasePt(pfn);
    };
    bootmem.free = (from, to) => {
      touched.push(to - 1);
      free(from, to);
    };
    giveBack(kernel);
  };
  const { kernel } = boot({
    platform: "xen-pae",
    strategy: { ...generous, finish },
    memory,
  });
  const { top } = pgtBufOf(kernel);
  assertEquals(
    touched.filter((pfn) => pfn >= top).map(hex),
    [],
    "These pages are not in the range: `top` is the first page that is not",
  );
});
