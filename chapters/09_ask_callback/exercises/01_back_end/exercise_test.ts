import { assert, assertEquals } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import type { Kernel } from "@pagetable-init/textbook/kernel";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { makeBackEnd } from "./exercise.ts";

const TEMPLATE = { first: 0x513, end: 0x519 };

Deno.test("an ordinary page gets what the kernel wants", () => {
  const { permissions } = makeBackEnd(TEMPLATE);
  assertEquals(permissions(0x100, 0x063), 0x063, "An ordinary page lost flags");
  assertEquals(
    permissions(0x519, 0x063),
    0x063,
    "0x519 is the boot stack: the range ends before its end",
  );
});

Deno.test("the builder's tables get no RW, and keep every other flag", () => {
  const { permissions } = makeBackEnd(TEMPLATE);
  assertEquals(
    permissions(0x513, 0x063),
    0x061,
    "The first of the builder's tables may not be writable",
  );
  assertEquals(
    permissions(0x518, 0x163),
    0x161,
    "The last of them may not either, and G is not the back-end's business",
  );
  assertEquals(
    permissions(0x514, 0x061),
    0x061,
    "RW that was not asked for must not appear",
  );
});

Deno.test("a page that was protected is known", () => {
  const { protect, permissions } = makeBackEnd(TEMPLATE);
  protect(0x1);
  protect(0x480);
  const flags = [0x1, 0x480].map((pfn) => permissions(pfn, 0x063));
  assertEquals(
    flags,
    [0x061, 0x061],
    "A page that a hook has protected was allowed to become writable",
  );
});

Deno.test("a page that was released is ordinary again", () => {
  const { protect, release, permissions } = makeBackEnd(TEMPLATE);
  protect(0x1);
  release(0x1);
  assertEquals(
    permissions(0x1, 0x063),
    0x063,
    "A released page stays read-only for ever: its memory is lost to the kernel",
  );
  release(0x515);
  assertEquals(
    permissions(0x515, 0x063),
    0x063,
    "A page of the builder's was released, and is still read-only",
  );
});

Deno.test("a page that was protected twice is released at once", () => {
  const { protect, release, permissions } = makeBackEnd(TEMPLATE);
  protect(0x2);
  protect(0x2);
  release(0x2);
  assertEquals(
    permissions(0x2, 0x063),
    0x063,
    "A page is a table or none: it is not counted how often that was said",
  );
});

Deno.test("two back-ends do not share what they know", () => {
  makeBackEnd(TEMPLATE).protect(0x2);
  assertEquals(
    makeBackEnd(TEMPLATE).permissions(0x2, 0x063),
    0x063,
    "One domain's tables are known to the next",
  );
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
  assert(outcome.ok, outcome.ok ? "" : outcome.stop.message);
});
