import { assertEquals } from "@std/assert";
import type { Answer } from "../../tools/reference/live/answers.ts";
import type { AccessCase } from "../../tools/reference/live/case_file.ts";
import { Comparison } from "../../tools/reference/live/compare.ts";
import { QEMU_DEVIATIONS } from "../../tools/reference/live/deviations.ts";

const ENTRIES = [0x211001n, 0x212003n, 0x301003n];

function asked(changes: Partial<AccessCase> = {}): AccessCase {
  return {
    mode: "pae",
    cr0: 0,
    cr4: 0,
    efer: 0,
    pkru: 0,
    kind: "read",
    user: false,
    ac: false,
    linear: 0x40000010n,
    entries: ENTRIES.map((value, i) => ({ physical: 0x201008 + 0x1000 * i, bytes: 8, value })),
    ...changes,
  };
}

const fault = (code: number, entries: readonly bigint[] = ENTRIES): Answer => ({
  outcome: "#PF",
  code,
  cr2: 0x40000011n,
  entries,
});
const done = (entries: readonly bigint[]): Answer => ({ outcome: "done", physical: 0x301011n, entries });
const withA = (...marked: number[]) => ENTRIES.map((entry, i) => marked.includes(i) ? entry | 0x20n : entry);

/** The deviations that a pair of answers is put down to, and "different" if that does not explain all. */
function verdict(ours: Answer, theirs: Answer, changes: Partial<AccessCase> = {}): string[] {
  const comparison = new Comparison(() => ours, QEMU_DEVIATIONS);
  comparison.add([asked(changes)], [theirs]);
  const names = [...comparison.deviations].filter(([, count]) => count > 0).map(([name]) => name);
  return comparison.different === 0 ? names : [...names, "different"];
}

Deno.test("each known deviation of QEMU is recognised by name", () => {
  assertEquals(verdict({ outcome: "#GP", code: 0, phase: "load", entries: ENTRIES }, done(withA(0, 1, 2))), [
    "pdpte-unchecked",
  ]);
  assertEquals(verdict(fault(9), fault(8)), ["rsvd-without-p"]);
  assertEquals(verdict(fault(3), fault(1), { kind: "exchange" }), ["exchange-reads-first"]);
  assertEquals(verdict(fault(0x23), fault(1), { kind: "exchange" }), ["exchange-reads-first"]);
  assertEquals(verdict(done(withA(1, 2)), done(withA(0, 1, 2))), ["pdpte-accessed"]);
  assertEquals(verdict(fault(1), fault(1, withA(0, 1))), ["upper-accessed-on-fault"]);
  assertEquals(verdict(fault(3), fault(3, withA(2)), { kind: "exchange" }), ["exchange-leaf-accessed"]);
  assertEquals(verdict(fault(11), fault(8, withA(0)), { kind: "exchange" }), [
    "rsvd-without-p",
    "exchange-reads-first",
    "upper-accessed-on-fault",
  ]);
});

Deno.test("no known deviation hides a difference that is not it", () => {
  assertEquals(verdict(fault(1), fault(8)), ["rsvd-without-p", "different"]);
  assertEquals(verdict(fault(3), fault(1)), ["different"]);
  assertEquals(verdict(fault(1), fault(1, withA(2))), ["different"]);
  assertEquals(verdict(done(withA(1, 2)), done(withA(2))), ["different"]);
  assertEquals(verdict(done(withA(1, 2)), fault(1)), ["different"]);
  assertEquals(verdict(fault(1), done(withA(1, 2))), ["different"]);
  assertEquals(verdict(done(withA(0, 1)), done(withA(0, 1, 2)), { mode: "4-level" }), ["different"]);
  assertEquals(verdict({ outcome: "#GP", code: 0, phase: "access", entries: ENTRIES }, fault(0)), ["different"]);
  assertEquals(verdict(fault(0), { ...fault(0), cr2: 0x40000010n } as Answer), ["different"]);
});

Deno.test("a successful access must land on the same byte; a live write does not say where it did", () => {
  assertEquals(verdict(done(ENTRIES), { ...done(ENTRIES), physical: 0x301010n } as Answer), ["different"]);
  assertEquals(verdict(done(ENTRIES), { outcome: "done", entries: ENTRIES }, { kind: "write" }), []);
});
