import { assertEquals } from "@std/assert";
import { longestRun } from "./exercise.ts";

// The pages that three recorded kernels made page tables, in their order; the records are
// tests/fixtures/boots/2.6.20-486-nopse-64M, 3.2.65-486-pentium3-nopse-128M and
// 3.16.7-586-pentium3-nopse-128M.
const LINUX_2_6_20 = [
  0x2c4,
  0x1,
  0x2,
  0x3,
  0x4,
  0x5,
  0x6,
  0x7,
  0x8,
  0x9,
  0xa,
  0xb,
  0xc,
  0xd,
  0xe,
  0xf,
  0x10,
];
const LINUX_3_2 = [
  0x14be,
  0x14bf,
  0x14c0,
  0x14c1,
  0x14c2,
  0x14c3,
  0x1442,
  0x1445,
  0x17dc,
  0x17dd,
  0x17de,
  0x17df,
  0x17e0,
  0x17e1,
  0x17e2,
  0x17e3,
  0x17e4,
  0x17e5,
  0x17e6,
  0x17e7,
  0x17e8,
  0x17e9,
  0x17ea,
  0x17eb,
  0x17ec,
  0x17ed,
  0x17ee,
  0x17ef,
  0x17f0,
  0x17f1,
  0x17f2,
  0x17f3,
  0x17f4,
  0x17f5,
  0x7fff,
];
const LINUX_3_16 = [
  0x1712,
  0x1713,
  0x1714,
  0x1715,
  0x1716,
  0x1717,
  0x1718,
  0x16ac,
  0x16b1,
  0x171a,
  0x7fff,
  0x7ffe,
  0x7ffd,
  0x7ffc,
  0x7ffb,
  0x7ffa,
  0x7ff9,
  0x7ff8,
  0x7ff7,
  0x7ff6,
  0x7ff5,
  0x7ff4,
  0x7ff3,
  0x7ff2,
  0x7ff1,
  0x7ff0,
  0x7fef,
  0x7fee,
  0x7fed,
  0x7fec,
  0x7feb,
  0x7fea,
  0x7fe9,
  0x7fe8,
  0x171b,
];

/** Expects a run, in words; `why` is what to think about. */
function expectRun(tables: readonly number[], expected: string, why: string): void {
  const hex = (pfn: number) => `0x${pfn.toString(16)}`;
  const run = longestRun(tables);
  const found = run === undefined
    ? "none"
    : `${run.pages} from ${hex(run.first)} ${run.step === 1 ? "upwards" : "downwards"}`;
  const input = tables.length > 8 ? "a real kernel" : tables.map(hex).join(" ") || "none";
  assertEquals(found, expected, `${why} (tables: ${input})`);
}

Deno.test("2.6.20 takes the lowest free pages", () => {
  const why = "One table of head.S, then sixteen pages from page 1 on";
  expectRun(LINUX_2_6_20, "16 from 0x1 upwards", why);
});

Deno.test("3.2 takes them from one range", () => {
  const why = "The longest run is that of the range, not the first one, of head.S";
  expectRun(LINUX_3_2, "26 from 0x17dc upwards", why);
});

Deno.test("3.16 takes them from the top of what it has mapped", () => {
  const why = "A run may go downwards: its first page is the highest";
  expectRun(LINUX_3_16, "24 from 0x7fff downwards", why);
});

Deno.test("a run has no gap", () => {
  const why = "0x12 is missing: pages that only grow are no run";
  expectRun([0x10, 0x11, 0x13, 0x20, 0x21, 0x22], "3 from 0x20 upwards", why);
});

Deno.test("a run is one in time: what comes between ends it", () => {
  const why = "Another page came between 0x11 and 0x12";
  expectRun([0x10, 0x11, 0x80, 0x12], "2 from 0x10 upwards", why);
});

Deno.test("the page at which it turns belongs to both runs", () => {
  const why = "0x13 ends a run upwards and begins one downwards";
  expectRun([0x12, 0x13, 0x12, 0x11, 0x10], "4 from 0x13 downwards", why);
});

Deno.test("of two equals the earlier is returned", () => {
  const why = "Both runs have two pages: return the earlier";
  expectRun([0x10, 0x11, 0x30, 0x31], "2 from 0x10 upwards", why);
  const down = "Both runs have two pages: return the earlier, here the one downwards";
  expectRun([0x31, 0x30, 0x10, 0x11], "2 from 0x31 downwards", down);
});

Deno.test("a run may end with the list, and the list may be short", () => {
  expectRun([0x30, 0x10, 0x11], "2 from 0x10 upwards", "The last run counts too");
  expectRun([0x30], "1 from 0x30 upwards", "A page alone is a run of one, upwards");
  expectRun([], "none", "Without a page there is no run");
});

Deno.test("a page that comes twice is no step", () => {
  const why = "0x10 comes twice: that is no step, and a run begins anew";
  expectRun([0x10, 0x10, 0x11], "2 from 0x10 upwards", why);
});
