import { assert, assertEquals } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import type { Kernel } from "@pagetable-init/textbook/kernel";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { type BackEnd, makeBackEnd } from "./exercise.ts";

const TEMPLATE = { first: 0x513, end: 0x519 };

/** Expects the flags that a page may be mapped with; `why` is what to think about. */
function expectFlags(
  { permissions }: BackEnd,
  pfn: number,
  asked: number,
  expected: number,
  why: string,
): void {
  const hex = (word: number) => `0x${word.toString(16).padStart(3, "0")}`;
  const question = `page 0x${pfn.toString(16)}, asked for with ${hex(asked)}`;
  assertEquals(hex(permissions(pfn, asked)), hex(expected), `${why} (${question})`);
}

Deno.test("an ordinary page gets what the kernel wants", () => {
  const backEnd = makeBackEnd(TEMPLATE);
  expectFlags(backEnd, 0x100, 0x063, 0x063, "An ordinary page lost flags");
  expectFlags(backEnd, 0x512, 0x063, 0x063, "The page before the range is ordinary");
  expectFlags(
    backEnd,
    0x519,
    0x063,
    0x063,
    "0x519 is the boot stack: the range ends before its end",
  );
});

Deno.test("the builder's tables get no RW, and keep every other flag", () => {
  const backEnd = makeBackEnd(TEMPLATE);
  const first = "The first of the builder's tables may not be writable";
  expectFlags(backEnd, 0x513, 0x063, 0x061, first);
  const last = "The last of them may not either, and G is not the back-end's business";
  expectFlags(backEnd, 0x518, 0x163, 0x161, last);
  const user = "US is not the back-end's business either: RW alone is taken away";
  expectFlags(backEnd, 0x517, 0x067, 0x065, user);
  const never = "RW that was not asked for must not appear";
  expectFlags(backEnd, 0x514, 0x061, 0x061, never);
});

Deno.test("a page that was protected is known", () => {
  const backEnd = makeBackEnd(TEMPLATE);
  for (const pfn of [0x1, 0x480]) backEnd.protect(pfn);
  for (const pfn of [0x1, 0x480]) {
    const why = "A page that a hook has protected was allowed to become writable";
    expectFlags(backEnd, pfn, 0x063, 0x061, why);
  }
});

Deno.test("a page that was released is ordinary again", () => {
  const backEnd = makeBackEnd(TEMPLATE);
  backEnd.protect(0x1);
  backEnd.release(0x1);
  const lost =
    "A released page stays read-only for ever: the kernel cannot use its memory";
  expectFlags(backEnd, 0x1, 0x063, 0x063, lost);
  backEnd.release(0x515);
  const builders = "A page of the builder's was released, and is still read-only";
  expectFlags(backEnd, 0x515, 0x063, 0x063, builders);
  for (const pfn of [0x514, 0x516]) {
    const others = "Page 0x515 alone was released: the builder's others are tables still";
    expectFlags(backEnd, pfn, 0x063, 0x061, others);
  }
});

Deno.test("a page may become a table again", () => {
  const backEnd = makeBackEnd(TEMPLATE);
  backEnd.release(0x515);
  backEnd.protect(0x515);
  const why = "The last word counts: released, then protected, so it is a table again";
  expectFlags(backEnd, 0x515, 0x063, 0x061, why);
});

Deno.test("a page that was protected twice is released at once", () => {
  const backEnd = makeBackEnd(TEMPLATE);
  backEnd.protect(0x2);
  backEnd.protect(0x2);
  backEnd.release(0x2);
  const why = "A page is a table or none: it is not counted how often that was said";
  expectFlags(backEnd, 0x2, 0x063, 0x063, why);
});

Deno.test("two back-ends do not share what they know", () => {
  makeBackEnd(TEMPLATE).protect(0x2);
  const why = "One domain's tables are known to the next: keep what is known in the call";
  expectFlags(makeBackEnd(TEMPLATE), 0x2, 0x063, 0x063, why);
});

Deno.test("a kernel boots on it", () => {
  const backEnd = makeBackEnd(TEMPLATE);
  const prepare = ({ ops }: Kernel) => {
    // what the set-up hook will protect
    for (const pfn of [0x1, 0x480, 0x481]) backEnd.protect(pfn);
    const { allocPt } = ops;
    ops.allocPt = (pfn) => {
      backEnd.protect(pfn);
      allocPt(pfn);
    };
    ops.pagePermissions = backEnd.permissions;
  };
  const { outcome } = boot({
    platform: "xen-pae",
    strategy: { ...findStrategy("ask-callback"), prepare },
  });
  const said = outcome.ok ? "" : outcome.stop.message;
  assert(outcome.ok, `A kernel that asks this back-end is refused by Xen: ${said}`);
});
