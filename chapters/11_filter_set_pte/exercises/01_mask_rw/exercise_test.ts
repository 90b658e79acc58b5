import { assert, assertEquals } from "@std/assert";
import { audit, boot, type Strategy } from "@pagetable-init/textbook";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { filterLeaf } from "./exercise.ts";

const ABSENT = 0x000;
const READ_ONLY = 0x00513021;
const WRITABLE = 0x00519023;

const hex = (lo: number) => `0x${(lo >>> 0).toString(16)}`;

Deno.test("a read-only leaf stays read-only", () => {
  const stored = filterLeaf(READ_ONLY, 0x00513063);
  assertEquals(
    hex(stored),
    "0x513061",
    "The leaf of a page table was asked for writable, and must not become so",
  );
});

Deno.test("all but RW goes through", () => {
  const stored = filterLeaf(READ_ONLY, 0x00513063);
  assert(
    (stored & 0x040) !== 0,
    `Expected D, 0x40, in what is stored but found ${hex(stored)}. D was asked for: ` +
      "this is a filter for RW, not a rule that keeps the old entry",
  );
  assertEquals(
    hex(filterLeaf(READ_ONLY, 0x00600063)),
    "0x600061",
    "The frame goes through: the filter does not compare frames",
  );
  assertEquals(
    hex(filterLeaf(READ_ONLY, 0x00513067)),
    "0x513065",
    "US was asked for and goes through: RW alone is taken away",
  );
  assertEquals(
    hex(filterLeaf(0x00519063, 0x00519003)),
    "0x519003",
    "A and D were not asked for: nothing of the old entry is carried over",
  );
});

Deno.test("an absent entry is not restrained", () => {
  assertEquals(
    hex(filterLeaf(ABSENT, 0x00800063)),
    "0x800063",
    "An entry that was never present says nothing about its page: most of memory " +
      "is mapped for the first time. (The words of the mail include it; what was " +
      "merged tests P as well.)",
  );
  assertEquals(
    hex(filterLeaf(0x00513080, 0x00513063)),
    "0x513063",
    "Without P the other bits mean nothing, whatever they are",
  );
});

Deno.test("a right may be taken away", () => {
  assertEquals(
    hex(filterLeaf(WRITABLE, 0x00519061)),
    "0x519061",
    "Nobody asked for RW: the filter never adds it",
  );
  assertEquals(
    hex(filterLeaf(READ_ONLY, 0)),
    "0x0",
    "0x513021 is to be cleared: the filter looks at what is asked for and adds nothing",
  );
});

Deno.test("a writable leaf may stay writable", () => {
  assertEquals(
    hex(filterLeaf(WRITABLE, 0x00519063)),
    "0x519063",
    "The page was writable and may stay so",
  );
});

Deno.test("Xen boots with it, and every page is right", () => {
  const strategy: Strategy = {
    ...findStrategy("filter-set-pte"),
    id: "exercise",
    initSetPte: (kernel, plain) => (entry, hi, lo) =>
      plain(entry, hi, filterLeaf(kernel.bus.load(entry), lo)),
  };
  const { machine, outcome } = boot({ platform: "xen-pae-nx-2008", strategy });
  const said = outcome.ok ? "" : outcome.stop.message;
  assert(outcome.ok, `Xen should let every write of this boot pass, but: ${said}`);
  const { executableData, notWritable } = audit(machine).permissionErrors;
  assertEquals(
    executableData.pages,
    0,
    "Pages of data can be executed: NX is in the high word, which you are not given",
  );
  assertEquals(
    notWritable.pages,
    0,
    "Pages of data cannot be written: RW was taken from more than read-only entries",
  );
});
