import { assert, assertEquals } from "@std/assert";
import { audit, boot, type Outcome } from "@pagetable-init/textbook";
import { PERMISSION_ERRORS } from "@pagetable-init/textbook/audit";
import { RW } from "@pagetable-init/textbook/mmu";
import { repaired } from "./exercise.ts";

const memory = "32M";
const ended = new Map<string, ReturnType<typeof endOf>>();

/** How a boot ends. It is booted once, however many tests ask. */
function bootOn(platform: string, kernelEnd = 0x50_0000) {
  const id = `${platform} ${kernelEnd}`;
  const end = ended.get(id) ?? endOf(platform, kernelEnd);
  ended.set(id, end);
  return end;
}

/** Boots: the outcome, and the errors in the map. */
function endOf(platform: string, kernelEnd: number) {
  const { outcome, machine } = boot({ platform, strategy: repaired, memory, kernelEnd });
  const { permissionErrors, coverage } = audit(machine);
  const errors = PERMISSION_ERRORS.filter((name) => permissionErrors[name].pages > 0);
  const whole = coverage.mapped === coverage.lowmemPages;
  return { whole, errors, outcome };
}

const said = (outcome: Outcome): string => outcome.ok ? "" : outcome.stop.message;

function wantedWritable(outcome: Outcome): boolean {
  if (outcome.ok || outcome.stop.kind !== "refused-by-xen") return false;
  const { rule, wanted } = outcome.stop.refusal;
  return rule === "type-conflict" && wanted === "writable page";
}

for (const platform of ["xen-pae", "xen-2level"]) {
  Deno.test(`it boots on ${platform}`, () => {
    const { outcome } = bootOn(platform);
    assert(
      !wantedWritable(outcome),
      `A page table was asked for writable: ${said(outcome)}`,
    );
    assert(
      outcome.ok,
      `The kernel took RW away from pages that it must write to itself: ${said(outcome)}`,
    );
  });

  Deno.test(`its map on ${platform} is perfect`, () => {
    const { whole, errors } = bootOn(platform);
    assert(
      !errors.includes("notWritable"),
      "Ordinary pages are read-only: an absent entry has no RW either, and means nothing",
    );
    assert(whole, "Not all of lowmem is mapped");
    assertEquals(errors, [], `The map on ${platform} has permission errors`);
  });
}

Deno.test("it boots under Xen wherever the kernel ends", () => {
  for (const platform of ["xen-pae", "xen-2level"]) {
    for (const kernelEnd of [0x20_0000, 0x80_0000]) {
      const { outcome, errors } = bootOn(platform, kernelEnd);
      const where = `${platform}, a kernel that ends at 0x${kernelEnd.toString(16)}`;
      assert(
        outcome.ok,
        `${where}: the tables lie at other pages now, and no list may be kept: ` +
          said(outcome),
      );
      assertEquals(errors, [], `${where}: the map has permission errors`);
    }
  }
});

Deno.test("NX gets through on Xen", () => {
  assertEquals(
    bootOn("xen-pae-nx-2008").errors,
    [],
    "Only RW may be kept: the template has no NX, and data stayed executable",
  );
});

Deno.test("a 486 is as it was: the kernel is closed to user mode", () => {
  assertEquals(
    bootOn("native-486").errors,
    [],
    "Only RW may be kept: what head.S left is open to user mode",
  );
});

Deno.test("large pages are as they were", () => {
  assertEquals(
    bootOn("native-p6"),
    { outcome: { ok: true }, whole: true, errors: [] },
    "A Pentium III should boot with a whole map and no errors, as with write-always",
  );
});

Deno.test("a page that is to be read-only becomes so", () => {
  const { kernel } = boot({ platform: "native-486", strategy: "write-always", memory });
  const entry = kernel.lookupAddress(kernel.va(0x300)) ?? 0;
  repaired.mapPage(kernel, entry, 0x300, 0x061, false);
  assertEquals(
    kernel.bus.load(entry) & 0xfff & RW,
    0,
    "Page 0x300 was writable and is asked for without RW: RW may be kept away, not added",
  );
});
