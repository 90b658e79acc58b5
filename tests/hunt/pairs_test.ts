import { assert, assertEquals, assertMatch } from "@std/assert";
import { KERNEL_RELEASES } from "../../core/kernel/mod.ts";
import { boot as bootIt, findPlatform } from "../../core/mod.ts";
import { findStrategy, STRATEGIES } from "../../core/strategies/mod.ts";
import { verdictOf } from "../../chapters/hunting/judge.ts";
import { isOfDebate, type MachineCase } from "../../chapters/hunting/machine.ts";
import { bootedOf } from "../../chapters/hunting/properties.ts";
import { machineOf, PAIRS, PAIRS_TRIED } from "../../chapters/recorded/pairs.ts";
import type { BootOptions, Run } from "../../mod.ts";

/** What names the recorded calls use. */
const NAMES = { findPlatform, findStrategy, KERNEL_RELEASES };

/** The options of a recorded call. */
function optionsOf(call: string): BootOptions {
  const names = ["boot", ...Object.keys(NAMES)];
  const evaluate = new Function(...names, `return ${call};`);
  return evaluate((options: BootOptions) => options, ...Object.values(NAMES)) as BootOptions;
}

/** The verdict on a recorded machine under a strategy. */
function verdictOn(options: BootOptions, id: string): string {
  const { strategy } = options;
  const own = findStrategy(id);
  const other = typeof strategy === "object" && isOfDebate(own) ? { ...own, release: strategy.release } : own;
  const run: Run = bootIt({ ...options, strategy: other, trace: false });
  // The verdict looks at the run alone.
  return verdictOf({ kind: "booted", booted: bootedOf({} as MachineCase, run, undefined) });
}

Deno.test("every two strategies are a recorded pair, tried on thousands of machines", () => {
  const ids = STRATEGIES.map(({ id }) => id);
  const all = ids.flatMap((a, at) => ids.slice(at + 1).map((b) => `${a} ${b}`));
  assertEquals(PAIRS.map(({ a, b }) => `${a} ${b}`), all);
  assert(Math.min(PAIRS_TRIED.of2007, PAIRS_TRIED.any) >= 3_000);
});

Deno.test("what was recorded of a pair is so: on that machine, and in those words, its two rules differ", () => {
  for (const { a, b, of2007, any, why } of PAIRS) {
    for (const call of new Set([of2007, any])) {
      if (call === null) continue;
      const options = optionsOf(call);
      const [one, other] = [verdictOn(options, a), verdictOn(options, b)];
      assert(one !== other, `${a} and ${b} are alike on ${call}: ${one}`);
      if (call === (of2007 ?? any)) assertEquals(`${a} ${one}; ${b} ${other}`, why);
    }
    if (of2007 === null && any === null) assertMatch(why, /^none in \d+ machines$/);
  }
});

Deno.test("a pair that differs in 2007 differs on some machine of any time", () => {
  const lost = PAIRS.filter(({ of2007, any }) => of2007 !== null && any === null).map(({ a, b }) => `${a} ${b}`);
  assertEquals(lost, []);
});

Deno.test("of a recorded call the platform is read, and whether anything unusual is chosen", () => {
  const plain = `boot({ platform: "native-486", strategy: "write-always", memory: "16M" })`;
  assertEquals(machineOf(plain), { platform: "native-486", plain: true });
  const less = `{ ...findPlatform("xen-pae"), cpu: { ...findPlatform("xen-pae").cpu, pse: false } }`;
  assertEquals(machineOf(`boot({ platform: ${less}, strategy: "write-always", memory: "16M" })`), {
    platform: "xen-pae",
    plain: true,
  });
  const odd = plain.replace(" })", `, reserved: [{ first: 0x1, end: 0x2 }] })`);
  assertEquals(machineOf(odd), { platform: "native-486", plain: false });
});
