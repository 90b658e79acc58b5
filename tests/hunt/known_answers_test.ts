import { assert, assertEquals } from "@std/assert";
import { P, US } from "../../core/mmu/mod.ts";
import { findStrategy } from "../../core/strategies/mod.ts";
import { type PlatformId, PLATFORMS, type Strategy } from "../../mod.ts";
import { CHUNK, huntChunk, type RawFinding } from "../../chapters/hunting/chunk.ts";
import { explained, type Finding, propertyOf } from "../../chapters/hunting/finding.ts";
import type { Space } from "../../chapters/hunting/machine.ts";
import { PROPERTIES, THROWS } from "../../chapters/hunting/properties.ts";
import { PLANTED } from "./planted.ts";

const SEED = 20070428;
const ALL: readonly PlatformId[] = PLATFORMS.map(({ id }) => id);
const ANY: Space = { platforms: ALL, maxMemory: 8192, of2007: false };

/** Machines of a chunk that are made at first: most of what there is to find is found on them. */
const FIRST_MACHINES = 25;

const found = new Map<string, Finding>();

/** Searches chunk by chunk, at most `runs` machines; what was found before is not searched again. */
function hunt(strategy: Strategy, id: string, space: Space, runs: number): Finding | undefined {
  const name = JSON.stringify([strategy.id, id, space]);
  const finding = found.get(name) ?? search(strategy, id, space, runs);
  if (finding !== undefined) found.set(name, finding);
  return finding;
}

function search(strategy: Strategy, id: string, space: Space, runs: number): Finding | undefined {
  const property = propertyOf(id, PROPERTIES);
  const properties = property === undefined ? [] : [property];
  for (let chunk = 0; chunk * CHUNK < runs; chunk++) {
    const all = Math.min(CHUNK, runs - chunk * CHUNK);
    for (const runs of [Math.min(FIRST_MACHINES, all), all]) {
      const raw = huntChunk({ seed: SEED, chunk, runs, space, pairs: false }, [strategy], properties)
        .findings.find((it: RawFinding) => it.property === id);
      if (raw !== undefined) return explained(raw, { strategy, property }, space);
    }
  }
  return undefined;
}

/** What is known, the machines that it may take, and the machine that it is found on. */
const KNOWN: readonly {
  readonly claim: string;
  readonly strategy: string;
  readonly property: string;
  readonly space: Space;
  readonly runs: number;
  readonly boot: string;
}[] = [
  {
    claim: "the bug of the subject line: what head.S mapped in small pages stays small",
    strategy: "keep-template",
    property: "all-large",
    space: { ...ANY, of2007: true },
    runs: 100,
    boot: `boot({ platform: "native-pentium", strategy: "keep-template", memory: "16M" })`,
  },
  {
    claim: "the 486 whose kernel is open to user mode",
    strategy: "keep-template",
    property: "no-user-access",
    space: { ...ANY, of2007: true },
    runs: 100,
    boot: `boot({ platform: "native-486", strategy: "keep-template", memory: "16M" })`,
  },
  {
    claim: "make_pte of 2007 loses NX under Xen",
    strategy: "filter-set-pte",
    property: "no-executable-data",
    space: { ...ANY, of2007: true },
    runs: 200,
    boot:
      `boot({ platform: { ...findPlatform("xen-pae-nx"), cpu: { ...findPlatform("xen-pae-nx").cpu, pse: false, pge: false } }, ` +
      `strategy: "filter-set-pte", memory: "16M" })`,
  },
  {
    claim: "a table from memory that nothing maps has no entry that says it is one",
    strategy: "filter-set-pte",
    property: "no-refusal",
    space: ANY,
    runs: 400,
    boot:
      `boot({ platform: { ...findPlatform("xen-2level"), cpu: { ...findPlatform("xen-2level").cpu, pse: false, pge: false } }, ` +
      `strategy: "filter-set-pte", memory: "16M", bootmem: "highest-first", earlyIoremap: true })`,
  },
  {
    claim: "without early_ioremap such a table cannot even be zeroed, natively",
    strategy: "filter-set-pte",
    property: "boots",
    space: { ...ANY, platforms: ["native-486"] },
    runs: 100,
    boot: `boot({ platform: "native-486", strategy: "filter-set-pte", memory: "16M", bootmem: "highest-first" })`,
  },
  {
    claim: "the filter by the letter takes RW from what was absent",
    strategy: "filter-literal",
    property: "all-writable",
    space: { ...ANY, of2007: true },
    runs: 100,
    boot:
      `boot({ platform: { ...findPlatform("xen-2level"), cpu: { ...findPlatform("xen-2level").cpu, pse: false, pge: false } }, ` +
      `strategy: "filter-literal", memory: "16M" })`,
  },
  {
    claim: "reservations that leave no free page mapped: a kernel of 2007 cannot zero its next table",
    strategy: "filter-set-pte",
    property: "boots",
    space: { ...ANY, platforms: ["xen-2level", "xen-pae"], of2007: true },
    runs: 200,
    boot:
      `boot({ platform: { ...findPlatform("xen-2level"), cpu: { ...findPlatform("xen-2level").cpu, pse: false, pge: false } }, ` +
      `strategy: "filter-set-pte", memory: "16M", reserved: [{ first: 0x1, end: 0x800 }] })`,
  },
];

for (const { claim, strategy, property, space, runs, boot } of KNOWN) {
  Deno.test(`found: ${claim}`, () => {
    const found = hunt(findStrategy(strategy), property, space, runs);
    assert(found !== undefined, `Expected a machine on which ${property} fails within ${runs}`);
    assertEquals(found.boot, boot);
    assert(/page|write|fetch|refuses/.test(found.why), found.why);
    assert(!found.why.includes("pgd -"), found.why);
  });
}

Deno.test("from nothing but 'no permission error' the bug of the subject line is found, once user mode is shut out", () => {
  const template = findStrategy("keep-template");
  const shut: Strategy = {
    ...template,
    id: "keep-template-without-user",
    mapPage: (kernel, entry, pfn, flags, nx) => {
      const old = kernel.bus.load(entry);
      kernel.setPte(entry, pfn, (old & P) === 0 ? flags : old & 0xfff & ~US, nx);
    },
    mapLargePage: (kernel, entry, pfn, flags, nx) => {
      const old = kernel.bus.load(entry);
      if ((old & P) === 0) kernel.setPmd(entry, pfn, flags, nx);
      else kernel.bus.store(entry, old & ~US);
    },
  };
  const found = hunt(
    shut,
    "no-permission-error",
    { ...ANY, platforms: ["native-486", "native-pentium"], of2007: true },
    50,
  );
  assert(found !== undefined);
  assertEquals([found.machine.platform, found.machine.pse, found.machine.memory], ["native-pentium", true, 4096]);
  assert(found.why.includes("notLarge"), found.why);
});

for (const [strategy, property] of PLANTED) {
  Deno.test(`a planted bug is found: ${strategy.id} breaks ${property}`, () => {
    const asked = strategy.id === "small-pages-only" ? THROWS : property;
    const found = hunt(strategy, asked, { ...ANY, of2007: true }, 400);
    assert(found !== undefined, `Expected a machine on which ${asked} fails`);
    const innocent = hunt(findStrategy("filter-set-pte"), asked, {
      ...ANY,
      platforms: [found.machine.platform],
      of2007: true,
    }, 20);
    if (asked !== "no-executable-data" && asked !== "no-permission-error") assertEquals(innocent, undefined);
  });
}

Deno.test("the merged filter boots on machines of 2007, and Xen refuses it nothing", () => {
  const ids = ["boots", "no-refusal", "covers", "no-writable-table", "no-user-access", "all-writable"];
  const properties = ids.map((id) => propertyOf(id, PROPERTIES)).filter((property) => property !== undefined);
  assertEquals(properties.length, ids.length);
  const request = { seed: SEED, chunk: 0, runs: 100, space: { ...ANY, of2007: true }, pairs: false };
  assertEquals(huntChunk(request, [findStrategy("filter-set-pte")], properties).findings, []);
});

Deno.test("found: the bootmem hole, on a machine with one page that the memory map leaves out", () => {
  const [forgetful] = PLANTED.find(([{ id }]) => id === "forgets-holes") ?? [];
  assert(forgetful !== undefined);
  const found = hunt(forgetful, "tables-in-memory", { ...ANY, of2007: true }, 200);
  assertEquals(
    [found?.boot, found?.why],
    [
      `boot({ platform: "native-486", strategy: "forgets-holes", memory: "16M", reserved: [{ first: 0x3, end: 0x4 }] })`,
      "pfn 0x3 is a page table and no usable memory",
    ],
  );
});
