// Parts of a boot that a caller may bring: a strategy of a class, a memory of one's own.
import { assertEquals, assertThrows } from "@std/assert";
import { boot, MODES, type Strategy } from "@pagetable-init/textbook";
import { findPlatform } from "@pagetable-init/textbook/boot";
import { PhysicalMemory } from "@pagetable-init/textbook/mmu";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { GuestMachine } from "../../../core/environment.ts";
import { parseMemory } from "../../../core/memory_size.ts";
import { CPUS } from "../../../core/mmu/mod.ts";

class Counting implements Strategy {
  #pages = 0;
  readonly id = "counting";
  readonly does = "write-always, and counts";
  readonly who = "a test";
  readonly release = findStrategy("write-always").release;
  readonly mapPage: Strategy["mapPage"] = (kernel, entry, pfn, flags, nx) => {
    this.#pages++;
    kernel.setPte(entry, pfn, flags, nx);
  };
  readonly mapLargePage: Strategy["mapLargePage"] = (kernel, entry, pfn, flags, nx) =>
    kernel.setPmd(entry, pfn, flags, nx);
  get pages(): number {
    return this.#pages;
  }
}

Deno.test("a strategy may be an object of a class: its private fields are its own, in each boot", () => {
  const strategy = new Counting();
  assertEquals(boot({ platform: "native-486", strategy, memory: "16M" }).outcome.ok, true);
  const first = strategy.pages;
  assertEquals(first, 4096);
  boot({ platform: "native-486", strategy, memory: "16M" });
  assertEquals(strategy.pages, 2 * first);
});

Deno.test("a native machine boots in a memory of the caller's, and a machine without a kernel has nothing to audit", () => {
  const made: PhysicalMemory[] = [];
  const physicalMemory = (bytes: number) => {
    made.push(new PhysicalMemory(bytes));
    return made.at(-1) as PhysicalMemory;
  };
  const { machine, outcome } = boot({
    platform: "native-486",
    strategy: "write-always",
    memory: "16M",
    physicalMemory,
  });
  assertEquals([outcome.ok, made.length, machine.memory === made[0]], [true, 1, true]);
  const bare = new GuestMachine(CPUS.i486, new PhysicalMemory(2 ** 24));
  assertThrows(() => bare.guest, TypeError, "but found a bare one");
});

Deno.test("a memory size is bytes, or text in K, M or G of 1,024, with any space around it", () => {
  const sizes = ["16384K", "16384k", "16M", " 16M\n", "16777216", 16_777_216].map(parseMemory);
  assertEquals(sizes, sizes.map(() => 2 ** 24));
  assertEquals(parseMemory("4G"), 2 ** 32);
});

Deno.test("the last step of a run has the run's outcome, the one before it stopped as it was asked to", () => {
  const run = boot({ platform: "native-486", strategy: "write-always", memory: "16M" });
  const last = run.trace.length;
  const kindAt = (step: number) => {
    const { outcome } = run.at(step);
    return outcome.ok ? "ok" : outcome.stop.kind;
  };
  assertEquals([kindAt(last), kindAt(last - 1)], ["ok", "until"]);
});

Deno.test("a range that its caller changes after the boot is what it was to the steps that are booted again", () => {
  const range = { first: 0x800, end: 0x810 };
  const options = { platform: "native-486", strategy: "write-always", memory: "16M", reserved: [range] } as const;
  const run = boot(options);
  range.end = 0x900;
  const usableOf = ({ kernel }: Pick<typeof run, "kernel">) => kernel.layout.usable;
  assertEquals(usableOf(run.at(run.trace.length)), usableOf(run));
  assertEquals(usableOf(boot(options)).some(({ first }) => first === 0x900), true);
});

Deno.test("a platform that was sent to a worker has a copy of its mode, and boots in the mode itself", () => {
  const platform = structuredClone(findPlatform("native-p6-pae"));
  const { kernel, machine, outcome } = boot({ platform, strategy: "write-always" });
  assertEquals([outcome.ok, kernel.mode === MODES.pae, machine.mode === MODES.pae], [true, true, true]);
});
