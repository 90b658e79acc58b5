/** `run.at(step)`: the run as it was after so many writes. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { audit, boot, type BootOptions, type Run, type Strategy } from "@pagetable-init/textbook";
import { findStrategy } from "@pagetable-init/textbook/strategies";

const PAE: BootOptions = { platform: "xen-pae", strategy: "filter-set-pte", memory: "16M" };

/** What can be seen of a run without its trace. */
function seen(run: Run): unknown {
  const { memory, cr0, cr3, cr4, tlb } = run.machine;
  return [[...memory.words], cr0, cr3, cr4, tlb.entries(), run.log, run.cost, run.outcome, audit(run)];
}

for (const strategy of ["filter-set-pte", "write-always"] as const) {
  for (const platform of ["xen-pae", "native-486", "lguest", "vmi"] as const) {
    Deno.test(`${strategy} on ${platform}: the last step is the run itself, outcome and all`, () => {
      const run = boot({ platform, strategy, memory: "16M" });
      assertEquals(seen(run.at(run.cost.entryWrites)), seen(run));
    });
  }
}

Deno.test("step 0 is before the first write, and a step in between is a boot that stopped there", () => {
  const run = boot(PAE);
  assertEquals([run.at(0).cost.entryWrites, run.at(0).trace.length], [0, 0]);
  for (const step of [0, 1, 700, run.cost.entryWrites - 1]) {
    const then = run.at(step);
    assertEquals(seen(then), seen(boot({ ...PAE, until: step })));
    assertEquals(!then.outcome.ok && then.outcome.stop.kind, "until");
  }
});

Deno.test("the trace of a step is the first part of the run's, and none where none was recorded", () => {
  const run = boot(PAE);
  assertEquals([...run.at(40).trace], [...run.trace].slice(0, 40));
  const silent = boot({ ...PAE, trace: false });
  assertEquals(silent.at(40).trace.length, 0);
  assertEquals(seen(silent.at(40)), seen(run.at(40)));
  assertEquals(seen(silent.at(silent.cost.entryWrites)), seen(silent));
});

Deno.test("the steps of a boot that was asked to stop end where it stopped", () => {
  const run = boot({ ...PAE, until: 5 });
  assertEquals(run.cost.entryWrites, 5);
  assertEquals(seen(run.at(5)), seen(run));
  assertThrows(() => run.at(6), RangeError, "Expected step to be an integer from 0 to 5 but found 6");
});

Deno.test("a step that there is not is a misuse, with a trace and without", () => {
  for (const trace of [true, false]) {
    const run = boot({ ...PAE, trace });
    for (const step of [-1, 0.5, NaN, run.cost.entryWrites + 1]) {
      assertThrows(() => run.at(step), RangeError, "Expected");
    }
    for (const step of JSON.parse('["1", null, {}]')) assertThrows(() => run.at(step), TypeError, "Expected");
  }
});

Deno.test("what becomes of options and strategy after the boot changes no step", () => {
  const strategy: { -readonly [name in keyof Strategy]: Strategy[name] } = {
    ...findStrategy("write-always"),
    id: "mine",
  };
  const options = { platform: "native-486", strategy, memory: "16M" };
  const run = boot(options);
  const before = seen(run.at(3000)); // the strategy has mapped pages by then
  options.memory = "32M";
  strategy.mapPage = () => {};
  assertEquals(seen(run.at(3000)), before);
});

Deno.test("a step's machine is its own: what is done to it shows in no other", () => {
  const run = boot(PAE);
  const then = run.at(100);
  const before = seen(run.at(100));
  then.machine.memory.clearFrame(Math.floor(then.machine.cr3 / 4096));
  assertEquals(seen(run.at(100)), before);
  assert(then.at(50).cost.entryWrites === 50, "a step of a step");
});
