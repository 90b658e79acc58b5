import { assertEquals } from "@std/assert";
import { type Mapped, writableAliases } from "../../../core/audit/aliases.ts";

const range = (page: number, pages: number, frame: number, rights = 0): Mapped => ({ page, pages, frame, rights });

Deno.test("an alias is the part of a writable range whose frames are code: code of neighbouring frames is one alias, wherever it is mapped", () => {
  const neighbours = [range(0x20, 1, 7), range(0x10, 2, 5), range(0x40, 1, 12)];
  for (const code of [neighbours, [...neighbours, range(0x30, 2, 6)]]) {
    assertEquals(writableAliases(code, [range(0x100, 16, 0, 3)]), [range(0x105, 3, 5, 3), range(0x10c, 1, 12, 3)]);
  }
});

Deno.test("an alias ends with its range, at both sides, and what only touches code is none", () => {
  const code = [range(0x10, 4, 8)];
  assertEquals(writableAliases(code, [range(0x100, 2, 10)]), [range(0x100, 2, 10)]);
  assertEquals(writableAliases(code, [range(0x100, 6, 4)]), [range(0x104, 2, 8)]);
  assertEquals(writableAliases(code, [range(0x100, 4, 4), range(0x200, 4, 12)]), []);
  assertEquals(writableAliases([], [range(0x100, 4, 4)]), []);
});
