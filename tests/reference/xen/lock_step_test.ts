import { assertEquals, assertStringIncludes } from "@std/assert";
import { compareXen } from "../../../tools/reference/xen/lock_step.ts";
import type { XenAnswer, XenOp } from "../../../chapters/recorded/settle/op.ts";

/** An L4 (page3) that cannot be pinned: the L2 (page1) below its L3 (page2) links the L4 itself as an L1. Then the L2 is written. */
function nestedFailure(l4: number, l3: number, l2: number): XenOp[] {
  const link = (table: string, index: number, frame: string): XenOp => ({
    op: "mmu_update",
    table,
    index,
    frame,
    flags: "0x67",
  });
  return [
    ...["page1", "page2", "page3"].map((page): XenOp => ({
      op: "update_va_mapping",
      page,
      frame: page,
      flags: "0x65",
    })),
    link("page2", l3, "page1"),
    link("page1", l2, "page3"),
    link("page3", l4, "page2"),
    { op: "pin", page: "page3", level: 4 },
    { op: "mmu_update", table: "page1", index: 7, frame: "none", flags: "0x0" },
  ];
}

function answers(last: number): XenAnswer[] {
  return [0, 0, 0, 0, 0, 0, -22, last].map((rc) => ({ rc }));
}

Deno.test("what Xen 4.17 answers after it has lost a table is not compared", () => {
  const found = compareXen(nestedFailure(2, 0, 1), answers(-22)); // as the live Xen answered
  assertEquals(found, { compared: 7, different: 0, tableLost: true });
});

Deno.test("failures of another shape lose no table, and are compared to the end", () => {
  for (const [l4, l3, l2] of [[0, 0, 1], [2, 1, 1], [2, 0, 0], [2, 1, 0]] as const) { // as the live Xen answered
    assertEquals(compareXen(nestedFailure(l4, l3, l2), answers(0)), { compared: 8, different: 0, tableLost: false });
  }
});

Deno.test("a comparison names the first operation that differs", () => {
  const found = compareXen(nestedFailure(0, 0, 1), answers(-16));
  assertEquals([found.compared, found.different], [8, 1]);
  assertStringIncludes(found.first ?? "", `rc is 0, Xen's -16 in operation 8, {"op":"mmu_update","table":"page1"`);
});
