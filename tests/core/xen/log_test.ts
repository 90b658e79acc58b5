import { assertEquals, assertThrows } from "@std/assert";
import {
  formatLog,
  formatTypeInfo,
  kindOfLog,
  PGT_L1,
  PGT_L2,
  PGT_L3,
  PGT_PAE_XEN_L2,
  PGT_PINNED,
  PGT_VALIDATED,
  PGT_WRITABLE,
  XEN_RELEASES,
  type XenLogKind,
} from "../../../core/xen/mod.ts";

const TYPES: readonly (readonly [string, number, string, string])[] = [
  ["writable, one mapping", PGT_WRITABLE | PGT_VALIDATED | 1, "e8000001", "e400000000000001"],
  ["an L1 linked once", PGT_L1 | PGT_VALIDATED | 1, "28000001", "2400000000000001"],
  ["the PAE L2 in slot 3", PGT_L2 | PGT_VALIDATED | PGT_PAE_XEN_L2 | 1, "4c000001", "4600000000000001"],
  ["an L3 pinned and in CR3", PGT_L3 | PGT_VALIDATED | PGT_PINNED | 2, "78000002", "6c00000000000002"],
  ["a two-level root in CR3, not pinned", PGT_L2 | PGT_VALIDATED | 1, "48000001", "4400000000000001"],
];

for (const [what, typeInfo, old, today] of TYPES) {
  Deno.test(`type_info of ${what} is ${old}, today ${today}`, () => {
    assertEquals(formatTypeInfo(XEN_RELEASES["3.1"], typeInfo), old);
    assertEquals(formatTypeInfo(XEN_RELEASES["4.17"], typeInfo), today);
  });
}

Deno.test("a field is written in the format of C that the text gives it", () => {
  const fields = { n: 255, s: "as it is" };
  assertEquals(
    formatLog("{n} {n:d} {n:x} {n:04X} {n:#x} {n:08x} {s:x}", fields),
    "255 255 ff 00FF 0xff 000000ff as it is",
  );
  assertEquals(formatLog("{z:#x}", { z: 0 }), "0");
  assertThrows(() => formatLog("{missing}", {}), TypeError, "Expected a value for {missing}");
});

Deno.test("the kind of every text that a release prints is found again", () => {
  const fields = new Proxy({}, { get: () => 1 });
  for (const { texts } of Object.values(XEN_RELEASES)) {
    for (const [kind, template] of Object.entries(texts) as [XenLogKind, string][]) {
      assertEquals(kindOfLog(texts, formatLog(template, fields)), kind, template);
    }
  }
  assertEquals(kindOfLog(XEN_RELEASES["3.1"].texts, "something else"), undefined);
});

Deno.test("the rows of the releases cannot be changed", () => {
  const { contracts, texts } = XEN_RELEASES["3.1"];
  const level = contracts.pae?.levels[0];
  assertThrows(() => Object.assign(level ?? {}, { disallowed: 0 }), TypeError);
  assertThrows(() => Object.assign(texts, { pin: "" }), TypeError);
});
