import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Guest, intendedRanges } from "../../../core/audit/mod.ts";
import { findPlatform } from "../../../core/mod.ts";
import { findStrategy } from "../../../core/strategies/mod.ts";
import { audit, boot, type BootOptions, CPUS, matrix, PLATFORMS } from "../../../mod.ts";
import { STRATEGIES } from "../../../mod.ts";
import type { PlatformId, StrategyId } from "../../../mod.ts";
import { IS_QUICK } from "../../properties/share.ts";

const GOOD: BootOptions = { platform: "xen-pae", strategy: "filter-set-pte", memory: "16M" };

/** Options that are wrong in one place, the kind of error, and what its message says. */
const WRONG: readonly (readonly [options: object, Kind: typeof TypeError | typeof RangeError, said: string])[] = [
  [{ ...GOOD, templateBytes: NaN }, RangeError, "templateBytes to be an integer from 0 to 4294967296 but found NaN"],
  [{ ...GOOD, templateBytes: -1 }, RangeError, "but found -1"],
  [{ ...GOOD, templateBytes: 0.5 }, RangeError, "but found 0.5"],
  [{ ...GOOD, templateBytes: Infinity }, RangeError, "but found Infinity"],
  [{ ...GOOD, templateBytes: 2 ** 25 }, RangeError, "templateBytes to be an integer from 0 to 16777216"],
  [{ ...GOOD, templateBytes: "4M" }, TypeError, 'but found "4M"'],
  [{ ...GOOD, templateBytes: 4096n }, TypeError, "but found 4096n"],
  [{ ...GOOD, p2m: "random" }, TypeError, 'p2m to be one of permuted, identity but found "random"'],
  [{ ...GOOD, p2m: "idenity" }, TypeError, "did you mean identity?"],
  [{ ...GOOD, makePte: "2.6.22" }, TypeError, "did you mean 2.6.23?"],
  [{ ...GOOD, bootmem: "lowest-fist" }, TypeError, "did you mean lowest-first?"],
  [{ ...GOOD, until: -1 }, RangeError, "until"],
  [{ ...GOOD, until: 1.5 }, RangeError, "but found 1.5"],
  [{ ...GOOD, until: NaN }, RangeError, "but found NaN"],
  [{ ...GOOD, until: "10" }, TypeError, 'but found "10"'],
  [{ ...GOOD, trace: 1 }, TypeError, "trace to be true or false but found 1"],
  [{ ...GOOD, hypervisor: {} }, TypeError, "hypervisor to be a function but found an object"],
  [{ ...GOOD, special: {} }, TypeError, "special to be a list but found an object"],
  [{ ...GOOD, special: [{ first: 1, end: 2, property: "red" }] }, TypeError, "special[0].property"],
  [{ ...GOOD, special: [{ first: 1.5, end: 2, property: "uncached" }] }, RangeError, "special[0].first"],
  [
    { ...GOOD, special: [{ first: 3, end: 2, property: "uncached" }] },
    RangeError,
    "special[0] not to end before it begins",
  ],
  [{ ...GOOD, reserved: {} }, TypeError, "reserved to be a list but found an object"],
  [{ ...GOOD, reserved: [{ first: 1 }] }, TypeError, "reserved[0].end"],
  [
    { ...GOOD, reserved: [{ first: 3, end: 2 }] },
    RangeError,
    "reserved[0] not to end before it begins but found pages 3 to 2",
  ],
  [{ ...GOOD, kernelEnd: NaN }, RangeError, "kernelEnd"],
  [{ ...GOOD, kernelEnd: 0x50_0001 }, RangeError, "multiple of 4096"],
  [{ ...GOOD, kernelEnd: 2 ** 31 }, RangeError, "kernelEnd to be a multiple of 4096 from 2097152 to 8388608"],
  [{ ...GOOD, memory: 2 ** 24 + 1 }, RangeError, "16M to 4G"],
  [{ ...GOOD, memory: [64] }, TypeError, "memory size"],
  [{ ...GOOD, platform: "xen-pea" }, RangeError, "did you mean xen-pae?"],
  [{ ...GOOD, platform: null }, TypeError, "but found null"],
  [{ ...GOOD, platform: {} }, TypeError, "platform.id to be text but found nothing"],
  [{ ...GOOD, platform: 5 }, TypeError, "the id of a platform"],
  [{ ...GOOD, strategy: {} }, TypeError, "strategy.id to be text but found nothing"],
  [{ ...GOOD, strategy: { ...findStrategy("write-always"), mapPage: undefined } }, TypeError, "strategy.mapPage"],
  [{ ...GOOD, strategy: { ...findStrategy("write-always"), release: "2.6.22" } }, TypeError, "strategy.release"],
  [{ platform: "xen-pae", strategi: "x" }, TypeError, 'an option of boot but found "strategi"; did you mean strategy?'],
  [{}, TypeError, "platform to be the id of a platform, or a platform of one's own but found nothing"],
  [{ platform: {} }, TypeError, "platform.id"],
  [[], TypeError, "the options of boot but found a list"],
];

for (const [options, Kind, said] of WRONG) {
  Deno.test(`boot refuses what it cannot take: ${said}`, () => {
    const error = assertThrows(() => boot(options as BootOptions), Kind, said);
    assert(error.message.startsWith("Expected "), error.message);
    assertStringIncludes(error.message, " but found ");
  });
}

Deno.test("options of matrix and the step of at are checked before anything runs", () => {
  const wrong = (options: object) => () => matrix(options);
  assertThrows(wrong({ strategy: ["write-always"] }), TypeError, "did you mean strategies?");
  assertThrows(wrong({ strategies: "write-always" }), TypeError, "strategies to be a list");
  assertThrows(wrong({ platforms: ["xen-pea"] }), RangeError, "did you mean xen-pae?");
  assertThrows(wrong({ memory: "4G" }), RangeError, "at most 4080M on xen-2level but found");
  const run = boot(GOOD);
  for (const step of [NaN, -1, 0.5, 1e9]) assertThrows(() => run.at(step), RangeError, "Expected step");
});

/** Sizes about the limits of lowmem and of 32-bit addresses; a run between two edits takes the ends. */
const SIZES = IS_QUICK ? ["16M", "4G"] : ["16M", "1028M", "4081M", "4G"];

Deno.test("every platform boots at every size, or refuses the size by name before anything runs", () => {
  const refused: string[] = [];
  for (const platform of PLATFORMS) {
    for (const memory of SIZES) {
      const options = { platform: platform.id, strategy: "filter-set-pte", memory, trace: false };
      try {
        const { outcome, machine } = boot(options);
        assertEquals(outcome.ok, true, `${platform.id} at ${memory}`);
        const { lowmemPages, mapped } = audit(machine).coverage;
        assertEquals(mapped, lowmemPages, `${platform.id} at ${memory}`);
      } catch (error) {
        assert(error instanceof RangeError, `${platform.id} at ${memory}: ${error}`);
        assertStringIncludes(error.message, ` on ${platform.id} but found "${memory}"`);
        refused.push(`${platform.id} ${memory}`);
      }
    }
  }
  const expected = ["xen-2level 4081M", "xen-2level 4G", "lguest 1028M", "lguest 4081M", "lguest 4G"];
  assertEquals(refused, expected.filter((it) => SIZES.some((size) => it.endsWith(` ${size}`))));
});

Deno.test("the unions of ids are those of the tables", () => {
  const platforms: { readonly [id in PlatformId]: true } = {
    "native-486": true,
    "native-pentium": true,
    "native-p6": true,
    "native-p6-pae": true,
    "native-k8-pae": true,
    "native-k8-pae-4k": true,
    "xen-2level": true,
    "xen-pae": true,
    "xen-pae-nx": true,
    "xen-pae-nx-2008": true,
    lguest: true,
    vmi: true,
    "xen-4level": true,
  };
  const strategies: { readonly [id in StrategyId]: true } = {
    "linux-2.6.21": true,
    "write-always": true,
    "ask-callback": true,
    "query-special": true,
    "stash-in-struct-page": true,
    "keep-template": true,
    "keep-template-pse-fix": true,
    "filter-literal": true,
    "filter-set-pte": true,
    "filter-with-list": true,
    "panic-on-remap": true,
    "table-range": true,
    "map-from-mapped": true,
  };
  assertEquals(PLATFORMS.map(({ id }) => id).sort(), Object.keys(platforms).sort());
  assertEquals(STRATEGIES.map(({ id }) => id).sort(), Object.keys(strategies).sort());
});

Deno.test("a platform of one's own boots, natively and under Xen, with a CPU of one's own", () => {
  const cpu = { ...CPUS.p6, id: "p6-no-pse", name: "Pentium III without PSE", pse: false };
  const native = boot({ ...GOOD, platform: { ...findPlatform("native-p6"), id: "mine", cpu } });
  assertEquals([native.outcome.ok, native.kernel.features.pse, native.platform.id], [true, false, "mine"]);
  assertEquals(native.machine.cpu.id, "p6-no-pse");
  const small = { ...CPUS.k8, id: "small", name: "K8 with a narrow bus", physicalBits: 33 };
  const xen = boot({ ...GOOD, platform: { ...findPlatform("xen-pae-nx"), id: "my-xen", cpu: small } });
  assertEquals([xen.outcome.ok, xen.kernel.features.nx], [true, true]);
  const narrow = { ...CPUS.i486, id: "narrow", name: "486", physicalBits: 32 };
  const cells = [...matrix({ platforms: [{ ...findPlatform("native-486"), id: "own", cpu: narrow }], memory: "16M" })];
  assertEquals(cells.map(({ row }) => row.platform), STRATEGIES.map(() => "own"));
});

Deno.test("an intent of one's own decides what counts as an error, in the matrix as in the audit", () => {
  const options = { platforms: ["native-486"], strategies: ["write-always"], memory: "16M" };
  const errors = (intent: typeof intendedRanges) => [...matrix({ ...options, intent })][0]?.row.permissionErrors;
  assertEquals(errors(intendedRanges)?.missingGlobal, 0);
  const allGlobal = (guest: Guest) => intendedRanges(guest).map((range) => ({ ...range, global: true }));
  assertEquals(errors(allGlobal)?.missingGlobal, 4096);
  assertThrows(() => matrix({ ...options, intent: 5 as never }), TypeError, "intent to be a function but found 5");
});

Deno.test("a platform whose parts do not go together is refused by name", () => {
  const p6 = findPlatform("native-p6-pae");
  const xen = findPlatform("xen-pae");
  const { release: _, ...noRelease } = xen;
  const wrong: readonly (readonly [object, typeof TypeError | typeof RangeError, string])[] = [
    [{ ...p6, id: "a", cpu: CPUS.i486 }, RangeError, "a CPU with PAE"],
    [{ ...noRelease, id: "b" }, RangeError, "a release of Xen"],
    [{ ...xen, id: "c", mode: { ...xen.mode, id: "4-level" } }, RangeError, "a mode that Xen 3.1 runs guests in"],
    [{ ...findPlatform("xen-4level"), id: "d", host: "native" }, RangeError, "Xen, or a 32-bit mode"],
    [{ ...findPlatform("xen-4level"), id: "e", cpu: CPUS.p6 }, RangeError, "a CPU with long mode"],
    [{ ...p6, id: "f", host: "lguest" }, RangeError, "native or Xen, or two-level paging"],
    [{ ...p6, id: "g", host: "vmi" }, RangeError, "native or Xen, or two-level paging"],
    [{ ...p6, id: "h", cpu: { ...p6.cpu, physicalBits: 31 } }, RangeError, "platform.cpu.physicalBits"],
    [{ ...p6, id: "i", cpu: { ...p6.cpu, nx: "yes" } }, TypeError, "platform.cpu.nx"],
    [{ ...p6, id: "j", features: { psse: true } }, TypeError, "did you mean pse?"],
    [{ ...p6, id: "k", host: "kvm" }, TypeError, "platform.host"],
  ];
  for (const [platform, Kind, said] of wrong) {
    assertThrows(() => boot({ ...GOOD, platform } as BootOptions), Kind, said);
  }
});

Deno.test("a run keeps its options: what becomes of the caller's object changes nothing", () => {
  const range = { first: 0x480, end: 0x481, property: "uncached" as const };
  const platform = { ...findPlatform("native-p6"), id: "mine", cpu: { ...CPUS.p6 } };
  const options = { platform, strategy: "query-special", memory: "16M", special: [range] };
  const run = boot(options);
  assert(Object.isFrozen(run.options));
  options.strategy = "write-always";
  options.memory = "32M";
  options.special = [];
  range.end = 0x500;
  platform.cpu.pse = false;
  const again = run.at(run.trace.length);
  assertEquals([again.strategy.id, again.memoryBytes, again.kernel.features.pse], ["query-special", 2 ** 24, true]);
  assertEquals([...again.trace], [...run.trace]);
});

Deno.test("a cell of the matrix can be posted to a worker, and comes back equal", async () => {
  const own = { ...findPlatform("native-p6"), id: "mine" };
  const cells = [
    ...matrix({ strategies: ["write-always", "filter-set-pte"], platforms: ["xen-pae", own], memory: "16M" }),
  ];
  const source = "onmessage = ({ data }) => postMessage(data)";
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onmessageerror = worker.onerror = reject;
  worker.postMessage(cells);
  assertEquals(await promise, cells);
  worker.terminate();
});
