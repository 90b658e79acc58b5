import { assert, assertEquals, assertThrows } from "@std/assert";
import { CaseFile } from "../../chapters/recorded/accesses/cases.ts";
import { bochs } from "../../tools/reference/live/bochs.ts";
import { type AccessCase, encodeCases, slotOffset } from "../../tools/reference/live/case_file.ts";
import { randomCase } from "../../tools/reference/live/cases.ts";
import { Comparison } from "../../tools/reference/live/compare.ts";
import { coreModel } from "../../tools/reference/live/core_model.ts";
import { LIVE_MODES, type LiveMode } from "../../tools/reference/live/paging/modes.ts";
import { naiveModel } from "./naive/model.ts";
import { qemu } from "../../tools/reference/live/qemu.ts";
import { Random } from "../../chapters/guests/random.ts";
import type { Reference } from "../../tools/reference/live/reference.ts";

const SEED = 1974;

function cases(reference: Reference, count: number, seed = SEED): AccessCase[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => randomCase(random, reference.modes, reference.abilities));
}

Deno.test("the same seed makes the same cases, another seed others", () => {
  assertEquals(cases(qemu, 100), cases(qemu, 100));
  assert(JSON.stringify(cases(qemu, 100), text) !== JSON.stringify(cases(qemu, 100, SEED + 1), text));
});

function text(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString(16) : value;
}

Deno.test("cases are written as the reader of recorded cases reads them", () => {
  const written = cases(bochs, 500);
  const file = new CaseFile(encodeCases(written, 0));
  assertEquals(file.count, written.length);
  written.forEach((asked, i) => {
    const { mode, cr0, cr4, efer, access, user, ac, linear, entries } = file.at(i);
    const read: AccessCase = {
      ...{ mode, cr0, cr4, efer, pkru: 0, kind: access, user, ac },
      linear: ((BigInt(linear.hi) << 32n) | BigInt(linear.lo)) - slotOffset(access),
      entries: entries.map(({ address, lo, hi }) => ({
        physical: address,
        bytes: mode === "two-level" ? 4 : 8,
        value: (BigInt(hi) << 32n) | BigInt(lo),
      })),
    };
    assertEquals(read, asked, `case ${i} of seed ${SEED}`);
  });
});

Deno.test("a case has no room for a seventh entry", () => {
  const [asked] = cases(bochs, 1);
  const [entry] = asked?.entries ?? [];
  assert(asked && entry);
  assertThrows(() => encodeCases([{ ...asked, entries: Array(7).fill(entry) }], 0), RangeError, "at most 6");
});

Deno.test("no case touches the map on which the guest itself runs, and every case starts at a slot", () => {
  for (const { mode, linear, entries } of cases(qemu, 2000)) {
    const { levels: [root], entryBytes } = LIVE_MODES.find(({ id }) => id === mode) ?? { levels: [], entryBytes: 0 };
    assert(root && (entries[0]?.physical ?? 0) >= root.table + entryBytes);
    assertEquals(linear & 15n, 0n);
  }
});

/** What a case may end in, by mode: enough of each that a run means something. */
Deno.test("in every mode some accesses succeed and some fault for each reason", () => {
  const model = naiveModel(qemu.abilities);
  const seen = new Map<LiveMode, Set<string>>();
  for (const asked of cases(qemu, 4000)) {
    const answer = model(asked);
    const codes = seen.get(asked.mode) ?? new Set();
    seen.set(asked.mode, codes.add(answer.outcome === "#PF" ? `#PF ${answer.code & 0x29}` : answer.outcome));
  }
  assertEquals(seen.get("two-level"), new Set(["done", "#PF 0", "#PF 1", "#PF 9"]));
  assertEquals(seen.get("pae"), new Set(["done", "#GP", "#PF 0", "#PF 1", "#PF 9"]));
  for (const mode of ["4-level", "5-level"] as const) {
    assertEquals(seen.get(mode), new Set(["done", "#GP", "#PF 0", "#PF 1", "#PF 9", "#PF 33"]));
  }
});

Deno.test("the machine and the naive walker agree on the cases that are asked of QEMU", () => {
  const asked = cases(qemu, 5000);
  const comparison = new Comparison(coreModel(qemu.abilities), []);
  comparison.add(asked, asked.map(naiveModel(qemu.abilities)));
  assertEquals(comparison.firstDifferences, [], `seed ${SEED}`);
});
