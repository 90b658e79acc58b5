import { assert, assertEquals } from "@std/assert";
import { audit, boot, explain, type Run } from "@pagetable-init/textbook";
import type { SpecialRange } from "@pagetable-init/textbook/paravirt";
import { repaired } from "./exercise.ts";

const display: SpecialRange = { first: 0xa0, end: 0xc0, property: "uncached" };

function bootWith(platform: string, ...special: SpecialRange[]): Run {
  const run = boot({ platform, strategy: repaired, special });
  const said = run.outcome.ok ? "" : run.outcome.stop.message;
  assert(run.outcome.ok, `The boot on ${platform} was expected to finish, but: ${said}`);
  return run;
}

function typeAt({ machine }: Run, pfn: number): string {
  const { outcome } = explain(machine, 0xc0000000 + pfn * 4096);
  return outcome.ok ? outcome.memoryType : "nothing: it is not mapped";
}

function largePages({ machine }: Run): number {
  return audit(machine).coverage.largePages;
}

Deno.test("nothing special: large pages everywhere", () => {
  assertEquals(
    largePages(bootWith("native-p6")),
    16384,
    "An empty list gives one answer for every page: no small ones are needed",
  );
});

Deno.test("a display in a large page splits that one, and no other", () => {
  const run = bootWith("native-p6", display);
  assertEquals(
    typeAt(run, 0xa0),
    "UC",
    "The first page of the display is cached: its large page was not split, or setPmd " +
      "has put a large page in the place of the new table",
  );
  assertEquals(typeAt(run, 0xbf), "UC", "The last page of the display is cached");
  assertEquals(
    typeAt(run, 0x100),
    "WB",
    "Kernel text became uncached: it shares a large page with the display, but not " +
      "its answer",
  );
  assertEquals(
    largePages(run),
    16384 - 1024,
    "One large page of 1,024 small ones is to be split, and the others kept",
  );
});

Deno.test("a range that begins with a large page does not take all of it", () => {
  const run = bootWith("native-p6", { first: 0x400, end: 0x420, property: "uncached" });
  assertEquals(
    [typeAt(run, 0x400), typeAt(run, 0x420)],
    ["UC", "WB"],
    "The answer for page 0x400 is not the answer for page 0x420",
  );
});

Deno.test("a large page that is special as a whole stays large, with its flags", () => {
  const run = bootWith("native-p6", { first: 0x400, end: 0x800, property: "uncached" });
  assertEquals(
    typeAt(run, 0x5b8),
    "UC",
    "A large page of special pages must have their flags",
  );
  assertEquals(
    largePages(run),
    16384,
    "All pages of it have one answer: it need not be split. uniform takes a first page " +
      "and a number of pages",
  );
});

Deno.test("with PAE a large page is half as large", () => {
  const run = bootWith("native-k8-pae", display);
  assertEquals(
    largePages(run),
    16384 - 512,
    "In PAE a large page is 2 MiB: 512 small ones",
  );
});

Deno.test("large pages of data are not executable where the CPU has NX", () => {
  const { pages } =
    audit(bootWith("native-k8-pae").machine).permissionErrors.executableData;
  assert(pages === 0, `${pages} pages of data can be executed: hand nx on to setPmd`);
});

Deno.test("one page anywhere in a large page splits it", () => {
  const run = bootWith("native-p6", { first: 0x2537, end: 0x2538, property: "uncached" });
  assertEquals(
    [typeAt(run, 0x2536), typeAt(run, 0x2537), typeAt(run, 0x2538)],
    ["WB", "UC", "WB"],
    "Page 0x2537 alone is special: the answer of every page counts",
  );
  assertEquals(
    audit(run.machine).coverage.unmapped,
    0,
    "Pages are not mapped: a large page is kernel.pagesPerTable small ones, 1,024 here",
  );
});
