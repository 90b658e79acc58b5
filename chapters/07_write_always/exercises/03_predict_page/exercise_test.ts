import { assert, assertEquals } from "@std/assert";
import { boot, type BootOptions } from "@pagetable-init/textbook";
import {
  FrameTable,
  Hypervisor,
  PGT_GDT,
  PGT_L1,
  PGT_VALIDATED,
  PGT_WRITABLE,
} from "@pagetable-init/textbook/xen";
import { predictPage } from "./exercise.ts";

const hex = (pfn: number | undefined) =>
  pfn === undefined ? "no page" : `page 0x${pfn.toString(16)}`;

/** What is predicted after the set-up hook, and what happens. */
function predicted(setUpWrites: number, options: Omit<BootOptions, "strategy">) {
  let xen: Hypervisor | undefined;
  const all = { ...options, strategy: "write-always", memory: "32M" };
  boot({ ...all, until: setUpWrites, hypervisor: (made) => xen = new Hypervisor(made) });
  const run = boot(all);
  const last = run.trace.at(run.trace.length);
  return {
    predicted: xen === undefined ? undefined : predictPage(xen.frames, xen.domain.p2m),
    happened: run.kernel.ops.toPfn(last.asked.lo >>> 12),
  };
}

/** A frame table of four frames with one odd one, and a p2m that is no identity. */
function smallTable(info: number) {
  const frames = new FrameTable(4);
  for (let mfn = 0; mfn < 4; mfn++) {
    frames.typeInfo[mfn] = PGT_WRITABLE | PGT_VALIDATED | 1;
  }
  frames.typeInfo[2] = info;
  return { frames, p2m: [3, 2, 1, 0] };
}

Deno.test("with PAE it is page 1", () => {
  const { predicted: pfn, happened } = predicted(4, { platform: "xen-pae" });
  assert(
    pfn === undefined || pfn < 0x1000,
    "That is a machine frame: the kernel goes through memory in the order of pfns",
  );
  assertEquals(hex(pfn), hex(happened), "The kernel is refused at another page");
});

Deno.test("with two levels it is the root, wherever the kernel ends", () => {
  for (const kernelEnd of [0x30_0000, 0x50_0000, 0x80_0000]) {
    const { predicted: pfn, happened } = predicted(2, {
      platform: "xen-2level",
      kernelEnd,
    });
    assertEquals(
      hex(pfn),
      hex(happened),
      `The kernel that ends at 0x${kernelEnd.toString(16)} is refused at another page`,
    );
  }
});

Deno.test("a frame that nobody uses as a table may become writable", () => {
  const { frames, p2m } = smallTable(PGT_L1);
  assertEquals(
    predictPage(frames, p2m),
    undefined,
    "That frame was a table and is none now: its count is zero, so its type may change",
  );
});

Deno.test("pages that are writable already are no obstacle", () => {
  const { frames, p2m } = smallTable(PGT_WRITABLE | PGT_VALIDATED | 2);
  assertEquals(
    predictPage(frames, p2m),
    undefined,
    "A writable page may be mapped writable again",
  );
});

Deno.test("a table is an obstacle whatever its frame number", () => {
  const { frames, p2m } = smallTable(PGT_L1 | PGT_VALIDATED | 1);
  assertEquals(
    predictPage(frames, p2m),
    1,
    "Frame 2 is page 1 of this guest: go through the pfns, and look their frames up",
  );
});

Deno.test("a pin without uses is no obstacle, a use without a pin is one", () => {
  const unused = smallTable(PGT_L1 | PGT_VALIDATED);
  assertEquals(
    predictPage(unused.frames, unused.p2m),
    undefined,
    "That frame is validated and has no use: the count alone decides",
  );
  const used = smallTable(PGT_L1 | 1);
  assertEquals(
    predictPage(used.frames, used.p2m),
    1,
    "That frame has one use as a table, validated or not: the count alone decides",
  );
});

Deno.test("tables are not the only frames that cannot be writable", () => {
  const { frames, p2m } = smallTable(PGT_GDT | PGT_VALIDATED | 1);
  assertEquals(
    predictPage(frames, p2m),
    1,
    "A descriptor table is a type of its own, and as little writable as a page table",
  );
});

Deno.test("page 0 is a page", () => {
  const { frames } = smallTable(PGT_L1 | PGT_VALIDATED | 1);
  assertEquals(
    hex(predictPage(frames, [2, 3, 1, 0])),
    "page 0x0",
    "Frame 2 is page 0 of this guest: 0 is a pfn, not the absence of one",
  );
});

Deno.test("frames that are not the guest's are no obstacle", () => {
  const { frames } = smallTable(PGT_L1 | PGT_VALIDATED | 1);
  let said: string;
  try {
    said = hex(predictPage(frames, [3, 1]));
  } catch (error) {
    said = `${error}`;
  }
  assertEquals(
    said,
    "no page",
    "The machine has four frames, this guest two of them: go through p2m to its end",
  );
});

Deno.test("two uses as a table are as good as one", () => {
  const { frames, p2m } = smallTable(PGT_L1 | PGT_VALIDATED | 2);
  assertEquals(
    hex(predictPage(frames, p2m)),
    "page 0x1",
    "That table has two uses: every count above zero is an obstacle",
  );
});
