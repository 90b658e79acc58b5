import { assertEquals, assertStringIncludes } from "@std/assert";
import { compareXen, lockStep } from "../../../tools/reference/xen/lock_step.ts";
import { pv64Guest } from "../../../chapters/recorded/hypercalls/guest.ts";
import { parseRecording } from "../../../chapters/recorded/hypercalls/operation.ts";
import { answerTo } from "../../../chapters/recorded/hypercalls/play.ts";
import { losesTable } from "../../../tools/reference/xen/lost_table.ts";
import { randomOps } from "../../../tools/reference/xen/random_ops.ts";
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
  assertEquals(found, { compared: 7, skipped: 0, different: 0, tableLost: true });
});

Deno.test("failures of another shape lose no table, and are compared to the end", () => {
  for (const [l4, l3, l2] of [[0, 0, 1], [2, 1, 1], [2, 0, 0], [2, 1, 0]] as const) { // as the live Xen answered
    const expected = { compared: 8, skipped: 0, different: 0, tableLost: false };
    assertEquals(compareXen(nestedFailure(l4, l3, l2), answers(0)), expected);
  }
});

Deno.test("a comparison names the first operation that differs", () => {
  const found = compareXen(nestedFailure(0, 0, 1), answers(-16));
  assertEquals([found.compared, found.different], [8, 1]);
  assertStringIncludes(found.first ?? "", `rc is 0, Xen's -16 in operation 8, {"op":"mmu_update","table":"page1"`);
});

/** A Xen that answers as the model does, and says nothing that means anything after it has lost a table. */
function losingXen(boots: number[]): Parameters<typeof lockStep>[3] {
  return (_guest, ops) => {
    boots.push(ops.length);
    const guest = pv64Guest();
    let lost = false;
    const answers = ops.map((op): XenAnswer => {
      const text = new TextEncoder().encode(JSON.stringify({ ...op, rc: 0 }) + "\n");
      const [line] = [...parseRecording("the model", text)];
      if (line === undefined) throw new TypeError("Expected a line but found none");
      const { rc, fault, log } = answerTo(guest, line);
      const answer = lost
        ? { rc: -999 }
        : { ...(rc === undefined ? {} : { rc }), ...(fault === undefined ? {} : { fault }) };
      lost ||= losesTable(log ?? []);
      return answer as XenAnswer;
    });
    return Promise.resolve({ outcome: "answered", answers, version: "model", seconds: 1 });
  };
}

Deno.test("after a lost table the run goes on with a fresh Xen: no operation is left out", async () => {
  const seed = Array.from({ length: 200 }, (_, i) => i).find((each) => losesOne(each));
  if (seed === undefined) throw new TypeError("Expected a seed that makes Xen lose a table but found none");
  const boots: number[] = [];
  const found = await lockStep(seed, 3000, {}, losingXen(boots));
  if (found.outcome !== "compared") throw new TypeError(`Expected a comparison but found ${found.outcome}`);
  const { compared, skipped, different, tablesLost, left } = found.comparison;
  assertEquals([compared + skipped, different, left], [3000, 0, 0]);
  assertEquals([boots.length - 1, boots[0]], [tablesLost, 3000]);
  assertEquals(found.seconds, boots.length);
});

function losesOne(seed: number): boolean {
  const guest = pv64Guest();
  const text = randomOps(seed, 3000).map((op) => JSON.stringify({ ...op, rc: 0 }) + "\n").join("");
  return [...parseRecording("the model", new TextEncoder().encode(text))]
    .some((line) => losesTable(answerTo(guest, line).log ?? []));
}
