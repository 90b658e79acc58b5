import { assertEquals, assertThrows } from "@std/assert";
import { encodeOps, OP_BYTES } from "../../../tools/reference/xen/encode.ts";
import { type Guest, machineGuest, RANDOM_GUEST } from "../../../chapters/recorded/settle/guest.ts";
import type { XenOp } from "../../../chapters/recorded/settle/op.ts";

const BARE: Guest = { ...RANDOM_GUEST, setup: [] };

/** The fields of the only operation of a list. */
function fields(op: XenOp, guest: Guest = BARE): Record<string, number | bigint> {
  const view = new DataView(encodeOps(guest, [op]).buffer, 16);
  assertEquals(view.byteLength, OP_BYTES);
  return {
    kind: view.getUint16(0, true),
    command: view.getUint16(2, true),
    index: view.getUint16(4, true),
    table: view.getUint32(8, true),
    frame: view.getUint32(12, true),
    va: view.getBigUint64(16, true),
    flags: view.getBigUint64(24, true),
  };
}

Deno.test("a list begins with XOPS, the pages, the count and the flags", () => {
  const list = encodeOps(RANDOM_GUEST, [{ op: "tlb_flush" }]);
  const header = new DataView(list.buffer);
  assertEquals(new TextDecoder().decode(list.subarray(0, 4)), "XOPS");
  assertEquals(header.getUint32(4, true), 15);
  assertEquals(header.getUint32(8, true), RANDOM_GUEST.setup.length + 1);
  assertEquals(header.getUint32(12, true), 1);
});

Deno.test("mmu_update names a table, an index, a frame, and the page's own address", () => {
  assertEquals(
    fields({ op: "mmu_update", table: "page3", index: 5, frame: "foreign", flags: "0x8000000000000063", command: 2 }),
    {
      kind: 0,
      command: 2,
      index: 5,
      table: 3,
      frame: 0x4000_0300,
      va: 0xffff_c000_4000_3000n,
      flags: 0x8000_0000_0000_0063n,
    },
  );
});

Deno.test("the guest's tables are pages of the area, but for the L3, which is the probe's own", () => {
  assertEquals(fields({ op: "mmu_update", table: "L1", index: 0, frame: "L3", flags: "0x0" }), {
    kind: 0,
    command: 0,
    index: 0,
    table: 12,
    frame: 0x8000_0000,
    va: 0n,
    flags: 0n,
  });
});

Deno.test("a store to a page's entry goes to the entry's address", () => {
  const { kind, va } = fields({ op: "store32", table: "page2", index: 511, frame: "none", flags: "0x1" });
  assertEquals({ kind, va }, { kind: 3, va: 0xffff_c000_4000_2ff8n });
});

Deno.test("pins, and what else mmuext_op does, are told by its command", () => {
  const commands = (ops: readonly XenOp[]) => ops.map((op) => [fields(op).kind, fields(op).command]);
  assertEquals(
    commands([
      { op: "pin", page: "page1", level: 1 },
      { op: "pin", page: "page1", level: 4 },
      { op: "unpin", page: "page1" },
      { op: "new_baseptr", page: "page1" },
      { op: "tlb_flush" },
      { op: "invlpg", va: "0x1000" },
      { op: "clear_page", page: "page1" },
    ]),
    [[2, 0], [2, 3], [2, 4], [2, 5], [2, 6], [2, 7], [2, 16]],
  );
});

Deno.test("a machine's list has its template, then the probe's slot, then pin and load", () => {
  const guest = machineGuest({ pages: 64, root: 7, template: [] });
  assertEquals(guest.setup.map(({ op }) => op), ["mmu_update", "pin", "new_baseptr"]);
  assertEquals(fields({ op: "unpin", page: "page63" }, { ...guest, setup: [] }).table, 63);
});

Deno.test("what does not fit the guest is a RangeError that says what was expected", () => {
  const wrong: readonly (readonly [XenOp, string])[] = [
    [{ op: "unpin", page: "page15" }, "page0 to page14"],
    [{ op: "unpin", page: "L5" }, "L5"],
    [{ op: "pin", page: "page1", level: 5 }, "from 0 to 3"],
    [{ op: "invlpg", va: "4096" }, "hexadecimal"],
    [{ op: "mmu_update", table: "L1", index: 512, frame: "none", flags: "0x0" }, "from 0 to 511"],
    [{ op: "store64", table: "L1", index: 0, frame: "none", flags: "0x0" }, "linear address"],
    [{ op: "mmu_update", table: "L1", index: 0, frame: "none", flags: "0x10000000000000000" }, "64-bit"],
  ];
  for (const [op, message] of wrong) assertThrows(() => encodeOps(BARE, [op]), RangeError, message);
  assertThrows(() => machineGuest({ pages: 0, root: 0, template: [] }), RangeError, "Expected 1 to");
});
