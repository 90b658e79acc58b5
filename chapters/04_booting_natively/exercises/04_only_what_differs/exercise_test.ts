import { assert, assertEquals } from "@std/assert";
import { audit, boot, type Strategy } from "@pagetable-init/textbook";
import type { Kernel } from "@pagetable-init/textbook/kernel";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { mapPage } from "./exercise.ts";

const STRATEGY: Strategy = {
  ...findStrategy("write-always"),
  id: "only-what-differs",
  mapPage,
};
const DATA = 0x3000; // a page of data, far from the kernel's text

/** A kernel that has booted with "write always", and the entry of a page of it. */
function booted(
  platform: string,
  pfn: number,
): { readonly kernel: Kernel; readonly entry: number } {
  const { kernel } = boot({ platform, strategy: "write-always", memory: "64M" });
  return { kernel, entry: kernel.lookupAddress(kernel.va(pfn)) ?? 0 };
}

/** Writes that a call makes. */
function writesOf(kernel: Kernel, call: () => void): number {
  const before = kernel.step;
  call();
  return kernel.step - before;
}

Deno.test("a 486 boots and is closed to user mode", () => {
  const { machine, outcome } = boot({
    platform: "native-486",
    strategy: STRATEGY,
    memory: "64M",
  });
  assert(outcome.ok, "The kernel does not boot");
  const open = audit(machine).permissionErrors.userAccessible.pages;
  assertEquals(
    open,
    0,
    "An entry that is there may be wrong: head.S's have US, and must be written over",
  );
  assertEquals(
    audit(machine).coverage.mapped,
    16384,
    "Pages are missing, or lead to other frames",
  );
});

Deno.test("an entry that is right is not written", () => {
  const { kernel, entry } = booted("native-486", DATA);
  assertEquals(
    writesOf(kernel, () => mapPage(kernel, entry, DATA, 0x063, false)),
    0,
    "The entry holds just this: nothing to write",
  );
});

Deno.test("A and D do not count", () => {
  const { kernel, entry } = booted("native-486", DATA);
  const message =
    "Only A and D differ, and the CPU sets those by itself: nothing to write";
  assertEquals(
    writesOf(kernel, () => mapPage(kernel, entry, DATA, 0x003, false)),
    0,
    message,
  );
});

Deno.test("any other flag and the frame do", () => {
  for (const flags of [0x061, 0x067, 0x073, 0x163]) {
    const { kernel, entry } = booted("native-486", DATA);
    const message = `Flags 0x063 should become 0x${flags.toString(16)}: they differ`;
    assertEquals(
      writesOf(kernel, () => mapPage(kernel, entry, DATA, flags, false)),
      1,
      message,
    );
  }
  const { kernel, entry } = booted("native-486", DATA);
  assertEquals(
    writesOf(kernel, () => mapPage(kernel, entry, DATA + 1, 0x063, false)),
    1,
    "Another frame is another entry",
  );
});

Deno.test("NX counts", () => {
  const { kernel, entry } = booted("native-k8-pae-4k", DATA);
  const message = "The entry has NX and should not: that bit is in the high word";
  assertEquals(
    writesOf(kernel, () => mapPage(kernel, entry, DATA, 0x163, false)),
    1,
    message,
  );
});

Deno.test("an entry with NX that is right is not written", () => {
  const { kernel, entry } = booted("native-k8-pae-4k", DATA);
  const message = "Both words are as they should be: nothing to write";
  assertEquals(
    writesOf(kernel, () => mapPage(kernel, entry, DATA, 0x163, true)),
    0,
    message,
  );
});

Deno.test("without PAE there is no high word", () => {
  const { kernel, entry } = booted("native-486", DATA);
  const message = "Without PAE what is at entry + 4 is the next entry, not a high word";
  assertEquals(
    writesOf(kernel, () => mapPage(kernel, entry, DATA, 0x063, false)),
    0,
    message,
  );
});

Deno.test("a K8 gets the map that it should have", () => {
  const { machine } = boot({
    platform: "native-k8-pae-4k",
    strategy: STRATEGY,
    memory: "64M",
  });
  const errors = Object.entries(audit(machine).permissionErrors).filter(([, { pages }]) =>
    pages > 0
  ).map(([name]) => name);
  assertEquals(errors, [], "The map of a booted K8 has errors");
});

Deno.test("the upper bits of the frame count", () => {
  const { kernel, entry } = booted("native-k8-pae-4k", DATA);
  const message =
    "The frame moves up by 4 GiB: its upper bits are in the high word, beside NX";
  assertEquals(
    writesOf(kernel, () => mapPage(kernel, entry, DATA + 0x10_0000, 0x163, true)),
    1,
    message,
  );
});
