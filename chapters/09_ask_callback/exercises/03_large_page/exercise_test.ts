import { assert, assertEquals } from "@std/assert";
import { audit, boot, explain } from "@pagetable-init/textbook";
import { PCD, RW } from "@pagetable-init/textbook/mmu";
import { careful } from "./exercise.ts";

/** A Pentium III on which some pages are special. */
function bootWith(answer: (pfn: number, flags: number) => number) {
  const strategy = {
    ...careful,
    prepare: (
      { ops }: Parameters<NonNullable<typeof careful.prepare>>[0],
    ) => (ops.pagePermissions = answer),
  };
  const { machine, outcome } = boot({ platform: "native-p6", strategy, memory: "32M" });
  const flagsOf = (pfn: number) =>
    (explain(machine, 0xc0000000 + pfn * 4096).steps.at(-1)?.lo ?? 0) & 0xfff;
  return { outcome, flagsOf, ...audit(machine) };
}

Deno.test("where all pages are alike, all of lowmem is large", () => {
  const { coverage } = bootWith((_, flags) => flags);
  assertEquals(
    [coverage.largePages, coverage.mapped],
    [8192, 8192],
    "Large pages are lost although every answer is the same",
  );
});

for (const pfn of [0x480, 0x800, 0xfff, 0x1480]) {
  Deno.test(`page 0x${pfn.toString(16)} alone may not be writable`, () => {
    const { flagsOf, permissionErrors, coverage } = bootWith((page, flags) =>
      page === pfn ? flags & ~RW : flags
    );
    assert(
      (flagsOf(pfn) & RW) === 0,
      `The leaf of page 0x${pfn.toString(16)} has 0x${flagsOf(pfn).toString(16)}, RW ` +
        "in it. Nobody asked about that page: it is mapped with the answer for another",
    );
    assert(
      permissionErrors.notWritable.pages <= 1,
      `${permissionErrors.notWritable.pages} pages are read-only for the sake of ` +
        "one: map them one by one instead",
    );
    assertEquals(
      coverage.unmapped,
      0,
      "Every page is to be mapped, in a large page or in a small one",
    );
    assertEquals(
      coverage.largePages,
      7168,
      "Only the 1,024 pages around it need be small",
    );
  });
}

Deno.test("a large page that is special as a whole stays large", () => {
  const { flagsOf, coverage } = bootWith((page, flags) =>
    page >= 0x1000 && page < 0x1400 ? flags | PCD : flags
  );
  assertEquals(
    coverage.largePages,
    8192,
    "All its pages have the same answer: it can be large",
  );
  assert(
    (flagsOf(0x1200) & PCD) !== 0,
    `The leaf of page 0x1200 has 0x${flagsOf(0x1200).toString(16)}, without PCD. ` +
      "The answer was asked for and not used",
  );
});

Deno.test("a large page of data is not executable where the CPU has NX", () => {
  const { machine } = boot({
    platform: "native-k8-pae",
    strategy: careful,
    memory: "16M",
  });
  const { pages } = audit(machine).permissionErrors.executableData;
  assert(pages === 0, `${pages} pages of data can be executed: hand nx on to setPmd`);
});

Deno.test("it still boots on Xen", () => {
  const { outcome } = boot({ platform: "xen-pae", strategy: careful, memory: "16M" });
  const said = outcome.ok ? "" : outcome.stop.message;
  assert(outcome.ok, `There are no large pages under Xen, but the boot stops: ${said}`);
});

Deno.test("a page that differs in another flag than RW is mapped by itself", () => {
  const { flagsOf, coverage } = bootWith((page, flags) =>
    page === 0x555 ? flags | PCD : flags
  );
  assert(
    (flagsOf(0x555) & PCD) !== 0,
    `The leaf of page 0x555 has 0x${flagsOf(0x555).toString(16)}, without PCD. Ask ` +
      "about every page, not about some; and an answer has more flags than RW: " +
      "compare all of it",
  );
  assertEquals(
    coverage.largePages,
    7168,
    "Only the 1,024 pages around page 0x555 need be small",
  );
});
