import { assertEquals } from "@std/assert";
import { settleOutputs } from "../../chapters/shown/kernel.ts";

/** A runtime whose kernel notes what it was told to show. */
function kernel() {
  const shown: unknown[][] = [];
  const jupyter = { broadcastResult: (...args: unknown[]) => Promise.resolve(void shown.push(args)) };
  const internal = Symbol("internals");
  return { runtime: { internal, [internal]: { jupyter } }, jupyter, shown };
}

Deno.test("in a kernel a result is passed on, and the cell waits a while longer", async () => {
  const { runtime, jupyter, shown } = kernel();
  assertEquals(settleOutputs(runtime), true);
  let timers = 0;
  const timer = setTimeout(() => timers++, 1);
  await jupyter.broadcastResult(1, "result");
  clearTimeout(timer);
  assertEquals([shown, timers], [[[1, "result"]], 1]);
});

Deno.test("a kernel that waits already is left as it is", () => {
  const { runtime, jupyter } = kernel();
  settleOutputs(runtime);
  const { broadcastResult } = jupyter;
  assertEquals([settleOutputs(runtime), jupyter.broadcastResult === broadcastResult], [false, true]);
});

Deno.test("outside a kernel nothing is done", () => {
  const internal = Symbol("internals");
  for (const runtime of [{}, { internal }, { internal, [internal]: {} }, { internal, [internal]: { jupyter: null } }]) {
    assertEquals(settleOutputs(runtime), false);
  }
  assertEquals(settleOutputs(Deno), false);
});
