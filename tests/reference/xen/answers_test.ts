import { assertEquals } from "@std/assert";
import { readConsole } from "../../../tools/reference/xen/answers.ts";
import { type Guest, machineGuest, RANDOM_GUEST } from "../../../chapters/recorded/settle/guest.ts";
import type { XenOp } from "../../../chapters/recorded/settle/op.ts";

const GUEST: Guest = { ...RANDOM_GUEST, setup: [] };
const START = "(XEN) Xen version 4.17.7 (Debian)\r\nA 0 1000 10\r\nA 10 2000 5\r\nH 3000 3001\r\n";

function answers(ops: readonly XenOp[], lines: readonly string[], guest: Guest = GUEST) {
  return readConsole(guest, ops, START + lines.map((line) => line + "\r\n").join(""));
}

const UPDATE: XenOp = { op: "mmu_update", table: "page1", index: 0, frame: "page2", flags: "0x67" };
const STORE: XenOp = { op: "store64", table: "page1", index: 0, frame: "page2", flags: "0x67" };

Deno.test("machine frames come back as names: of the area, of the tables, of what the probe knows", () => {
  const frames = ["1002", "2002", "3000", "2004", "3001", "300", "7fffff", "0", "1f000", "fffff"];
  const lines = frames.map((mfn, i) => `R ${i} 0 - ${mfn}067 1001167`);
  assertEquals(answers(frames.map(() => UPDATE), lines).answers.map(({ entry }) => entry?.split("|")[0]), [
    ...["page2", "L1", "L3", "L4", "shared-info", "foreign", "beyond-ram", "none", "xen", "beyond-ram"],
  ]);
});

Deno.test("a hypercall's answer has its number, the page's entry and the entry aimed at", () => {
  assertEquals(answers([UPDATE], ["R 0 -22 - 8000000001002067 10000001001067"]).answers, [
    { rc: -22, pte_flags: "0x10000000000067", entry: "page2|0x8000000000000067" },
  ]);
});

Deno.test("a store's answer is null, a page fault's code, or another vector before its code", () => {
  const lines = ["R 0 0 - 1002067 1001167", "R 1 0 e:3 0 1001165", "R 2 0 d:0 - -"];
  assertEquals(answers([STORE, STORE, STORE], lines).answers, [
    { fault: null, entry: "page2|0x67" },
    { fault: "0x3", entry: "none|0x0" },
    { fault: "#13 0x0" },
  ]);
});

Deno.test("what lies in a frame that is not the guest's is no answer", () => {
  assertEquals(answers([STORE], ["R 0 0 - 1002067 7fffff17f"]).answers, [{ fault: null }]);
});

Deno.test("an address without an L1 has no entry", () => {
  const op: XenOp = { op: "update_va_mapping", page: "page1", frame: "page1", flags: "0x67" };
  assertEquals(answers([op], ["R 0 -22 - - -"]).answers, [{ rc: -22, pte_flags: null }]);
});

Deno.test("on another machine's tables only addresses have entries to report", () => {
  const guest = machineGuest({ pages: 15, root: 3, template: [] });
  assertEquals(answers([UPDATE], ["R 0 0 - 1002067 -"], guest).answers, [{ rc: 0, entry: "page2|0x67" }]);
});

Deno.test("an operation that would lose the probe is skipped", () => {
  assertEquals(answers([{ op: "new_baseptr", page: "page1" }], ["R 0 skip - - 1001167"]).answers, [{ skipped: true }]);
});

Deno.test("Xen's own lines are passed over, and the end is known", () => {
  const said = ["(XEN) R 0 -1 - - -", "R 0 0 - 1002067 1001167", "done"];
  const { answers: found, done, version } = answers([UPDATE, UPDATE], said);
  assertEquals({ found: found.length, done, version }, { found: 1, done: true, version: "4.17.7" });
  assertEquals(answers([UPDATE], said.slice(0, 2)).done, false);
});
