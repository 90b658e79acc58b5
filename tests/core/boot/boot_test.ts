import { assert, assertEquals, assertThrows } from "@std/assert";
import { boot, explain, matrix, PLATFORMS, STRATEGIES, type Strategy } from "@pagetable-init/textbook";
import { nearestOf } from "../../../core/ids.ts";
import { findPlatform, parseMemory } from "@pagetable-init/textbook/boot";
import { findStrategy } from "@pagetable-init/textbook/strategies";

const row = (strategy: string, platform: string) => {
  const [cell] = matrix({ strategies: [strategy], platforms: [platform] });
  assert(cell !== undefined);
  return cell.row;
};
const clean = (strategy: string, platform: string) => {
  const { booted, permissionErrors, coverage } = row(strategy, platform);
  return booted && coverage.mapped === coverage.lowmemPages &&
    Object.values(permissionErrors).every((pages) => pages === 0);
};

Deno.test("the outcome matrix of the field comes out: where each proposal is good", () => {
  const native = ["native-486", "native-pentium", "native-p6", "native-p6-pae", "native-k8-pae"];
  const xen = ["xen-2level", "xen-pae"];
  for (const id of ["write-always", "ask-callback", "query-special", "filter-set-pte", "linux-2.6.21"]) {
    for (const platform of native) assert(clean(id, platform), `${id} on ${platform}`);
  }
  for (const id of ["ask-callback", "query-special", "keep-template", "keep-template-pse-fix", "filter-set-pte"]) {
    for (const platform of xen) assert(clean(id, platform), `${id} on ${platform}`);
  }
  for (const platform of xen) {
    assertEquals([row("write-always", platform).booted, row("linux-2.6.21", platform).booted], [false, false]);
  }
  for (const platform of ["native-486", "native-pentium", "native-p6"]) {
    assert(!clean("keep-template", platform), platform);
  }
  for (const platform of ["native-p6-pae", "native-k8-pae"]) assert(clean("keep-template", platform), platform);
  assertEquals([clean("keep-template-pse-fix", "native-486"), clean("keep-template-pse-fix", "native-pentium")], [
    false,
    true,
  ]);
});

Deno.test("DEBUG_PAGEALLOC turns the PSE column into the 4K one", () => {
  assertEquals(row("write-always", "native-k8-pae-4k").coverage.largePages, 0);
  assertEquals(row("write-always", "native-k8-pae").coverage.largePages, 16384);
});

Deno.test("lguest has no read-only rule and an empty root: proposals 1, 4 and 5 come to the same", () => {
  const coverage = (id: string) => row(id, "lguest").coverage;
  for (const id of ["write-always", "keep-template", "filter-set-pte"]) {
    assert(clean(id, "lguest"), id);
    assertEquals(coverage(id), coverage("write-always"));
  }
});

Deno.test("a VMI host refuses an entry in a page that it was not told of", () => {
  const { kernel } = boot({ platform: "vmi", strategy: "write-always" });
  const stray = kernel.va(0x700);
  assertThrows(() => kernel.setPte(stray, 1, 0x063, false), Error, "never announced");
});

Deno.test("every strategy and platform has an id of its own, and a cell is computed or says why not", () => {
  const ids = [...STRATEGIES, ...PLATFORMS].map(({ id }) => id);
  assertEquals(new Set(ids).size, ids.length);
  for (const { row } of matrix({ strategies: ["linux-2.6.21"] })) {
    assertEquals(row.void !== undefined, row.platform === "xen-4level");
  }
});

Deno.test("boot stops after as many writes as asked, and the machine is as it was then", () => {
  const at = (until: number) => boot({ platform: "xen-pae", strategy: "filter-set-pte", until });
  assertEquals(at(10).trace.length, 10);
  assertEquals([...at(10).trace], [...boot({ platform: "xen-pae", strategy: "filter-set-pte" }).trace].slice(0, 10));
});

Deno.test("memory that the kernel cannot map is high memory: lowmem ends at MAXMEM", () => {
  const lowmem = (platform: string) =>
    [...matrix({ platforms: [platform], strategies: ["filter-set-pte"], memory: "1G" })][0]?.row.coverage;
  assertEquals(lowmem("native-p6")?.lowmemPages, 0x3800_0000 / 4096);
  assertEquals(lowmem("xen-pae")?.lowmemPages, 0x2d7f_e000 / 4096);
  assertEquals(lowmem("xen-pae")?.unmapped, 0);
});

Deno.test("unknown ids name the nearest and the known ones; sizes that do not fit name the range", () => {
  assertThrows(() => findStrategy("filter-setpte"), RangeError, "did you mean filter-set-pte?");
  assertThrows(() => findPlatform("zzz"), RangeError, "Known: native-486");
  assertThrows(() => boot({ platform: "xen-4level", strategy: "linux-2.6.21" }), RangeError, "32-bit kernels only");
  for (const size of ["8M", "64", "5G", "", "64MB", "-64M", NaN, 67108865]) {
    assertThrows(() => parseMemory(size), RangeError, "16M to 4G");
  }
  assertEquals([parseMemory("16m"), parseMemory("4G"), parseMemory(1 << 26)], [2 ** 24, 2 ** 32, 2 ** 26]);
});

Deno.test("the nearest word is looked for among words only", () => {
  assertEquals(nearestOf("nativ-p6", PLATFORMS.map(({ id }) => id)), "native-p6");
  assertEquals(nearestOf("quite something else", ["xen-pae"]), undefined);
  assertThrows(() => nearestOf(5 as never, ["a"]), TypeError, "Expected a word but found number");
  assertThrows(() => nearestOf("a", "a" as never), TypeError, "Expected a list of words but found string");
});

Deno.test("a proposal of one's own boots like those of the debate", () => {
  const mine = { ...findStrategy("write-always"), id: "clean-pages" };
  const run = boot({
    platform: "native-486",
    strategy: { ...mine, mapPage: (kernel, entry, pfn, flags, nx) => kernel.setPte(entry, pfn, flags & ~0x40, nx) },
  });
  assertEquals(run.outcome.ok, true);
});

Deno.test("an exception of a strategy that is no stop passes through, and comes out of boot", () => {
  const broken: Strategy = {
    ...findStrategy("write-always"),
    id: "broken",
    mapPage: () => {
      throw new TypeError("a mistake");
    },
  };
  assertThrows(() => boot({ platform: "native-486", strategy: broken, memory: "16M" }), TypeError, "a mistake");
});

Deno.test("query-special keeps a large page from mixing memory types: it is built of small ones", () => {
  const special = [{ first: 0xa0, end: 0xc0, property: "uncached" }] as const;
  const { machine } = boot({ platform: "native-p6", strategy: "query-special", special });
  const found = (address: number) => {
    const { outcome } = explain(machine, address);
    return outcome.ok ? [outcome.pageBytes, outcome.memoryType] : outcome.fault.vector;
  };
  assertEquals(found(0xc00a_0000), [4096, "UC"]);
  assertEquals(found(0xc00c_0000), [4096, "WB"]);
  assertEquals(found(0xc040_0000), [1 << 22, "WB"]);
});

Deno.test("query-special shows PAT as PAT where the CPU has one: write-combining by entry 4, uncached elsewhere", () => {
  const special = [{ first: 0x800, end: 0xc00, property: "write-combining" }] as const;
  const typeAt = (platform: string, address: number) => {
    const { outcome } = explain(boot({ platform, strategy: "query-special", special }).machine, address);
    return outcome.ok ? [outcome.pageBytes, outcome.memoryType] : outcome.fault.vector;
  };
  assertEquals(typeAt("native-p6", 0xc080_0000), [1 << 22, "WC"]);
  assertEquals(typeAt("native-k8-pae-4k", 0xc080_0000), [4096, "WC"]);
  assertEquals(typeAt("native-p6", 0xc0c0_0000), [1 << 22, "WB"]);
  assertEquals(typeAt("native-pentium", 0xc080_0000), [1 << 22, "UC"]);
});

Deno.test("a boot that keeps no trace stops where it was told to all the same", () => {
  const { outcome } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M", trace: false, until: 5 });
  assertEquals(!outcome.ok && [outcome.stop.kind, outcome.stop.step], ["until", 6]); // the write that did not happen
});
