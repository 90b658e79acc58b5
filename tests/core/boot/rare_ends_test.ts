import { assertEquals, assertThrows } from "@std/assert";
import { audit, boot, CPUS, type Platform, type Strategy } from "@pagetable-init/textbook";
import { findPlatform } from "@pagetable-init/textbook/boot";
import { KERNEL_RELEASES, testWpBit } from "@pagetable-init/textbook/kernel";
import { describeFault, Stopped } from "@pagetable-init/textbook/paravirt";
import { findStrategy, pgtBufOf } from "@pagetable-init/textbook/strategies";
import { CR0_WP } from "../../../core/mmu/mod.ts";
import { nearestOf } from "../../../core/ids.ts";

const writeAlways = findStrategy("write-always");

Deno.test("a fault is told with who did what, and why", () => {
  const told = (errorCode: number, fetch = false) =>
    describeFault({ vector: 14, errorCode, cr2: { hi: 0, lo: 0x1000 }, reason: "not-present", entry: "PTE" }, fetch)
      .replace(/^.*: /, "");
  assertEquals([told(0), told(2), told(7), told(4), told(9), told(0x10, true)], [
    "read of a page that is not present",
    "write to a page that is not present",
    "user write to a page that forbids it",
    "user read of a page that is not present",
    "read of an entry with a reserved bit",
    "instruction fetch from a page that is not present",
  ]);
});

Deno.test("the test of CR0.WP finds a CPU that does not honour it, and a slot that cannot be read", () => {
  const { kernel, machine } = boot({ platform: "native-p6", strategy: "write-always", memory: "16M" });
  machine.writeCr0((machine.cr0 & ~CR0_WP) >>> 0);
  assertThrows(() => testWpBit(kernel), Stopped, "does not honour CR0.WP");
  const other = boot({ platform: "native-p6", strategy: "write-always", memory: "16M" }).kernel;
  other.ops.setPte = () => {};
  assertThrows(() => testWpBit(other), Stopped, "a fixmap slot cannot be read");
});

Deno.test("an exception of a strategy that is no stop passes through, and comes out of boot", () => {
  const broken: Strategy = {
    ...writeAlways,
    id: "broken",
    mapPage: () => {
      throw new TypeError("a mistake");
    },
  };
  assertThrows(() => boot({ platform: "native-486", strategy: broken, memory: "16M" }), TypeError, "a mistake");
});

Deno.test("the page-table range of 2.6.39 ends: a table more than there is room for is a stop", () => {
  const { kernel } = boot({ platform: "native-486", strategy: "table-range", memory: "16M" });
  const { end, top } = pgtBufOf(kernel);
  const take = () => findStrategy("table-range").allocTable?.(kernel);
  for (let pfn = end; pfn < top; pfn++) assertEquals(take(), pfn);
  assertThrows(take, Stopped, "the page-table range is used up");
});

Deno.test("a kernel of 3.16 maps the ends of memory in small pages, its text alone executable, in two passes", () => {
  for (const platform of ["native-k8-pae", "native-pentium"]) {
    const strategy: Strategy = { ...writeAlways, id: "later", release: KERNEL_RELEASES["3.16"] };
    const { outcome, machine } = boot({ platform, strategy, memory: 4096 * 4097 });
    assertEquals(outcome.ok, true, platform);
    const { coverage, permissionErrors } = audit(machine);
    assertEquals([coverage.unmapped, coverage.wrongFrame], [0, 0]);
    const small = platform === "native-pentium" ? 1024 + 1 : 512 + 1;
    assertEquals(coverage.lowmemPages - coverage.largePages, small, platform);
    const { executableData, nonExecutableText } = permissionErrors;
    assertEquals([executableData.pages, nonExecutableText.pages], [0, 0], platform);
  }
});

Deno.test("CPU, mode and host of a platform must go together", () => {
  const wrong: readonly (readonly [Platform, string])[] = [
    [{ ...findPlatform("xen-4level"), id: "mine", cpu: CPUS.p6 }, "a CPU with long mode"],
    [{ ...findPlatform("native-p6-pae"), id: "mine", host: "lguest" }, "native or Xen, or two-level paging"],
    [{ ...findPlatform("native-p6-pae"), id: "mine", host: "vmi" }, "native or Xen, or two-level paging"],
    [{ ...findPlatform("native-p6-pae"), id: "mine", cpu: CPUS.i486 }, "a CPU with PAE"],
  ];
  for (const [platform, said] of wrong) {
    assertThrows(() => boot({ platform, strategy: "write-always" }), RangeError, said);
  }
});

Deno.test("the nearest word is looked for among words only", () => {
  assertEquals(nearestOf("xen-pea", ["xen-pae", "vmi"]), "xen-pae");
  assertEquals(nearestOf("quite something else", ["xen-pae"]), undefined);
  assertThrows(() => nearestOf(5 as never, ["a"]), TypeError, "Expected a word but found number");
  assertThrows(() => nearestOf("a", "a" as never), TypeError, "Expected a list of words but found string");
});
