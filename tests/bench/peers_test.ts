import { assert, assertEquals, assertRejects } from "@std/assert";
import { LineProcess } from "../../tools/bench/line_process.ts";
import { measurePeer, order, ownSide, startPeer } from "../../tools/bench/peer.ts";
import { Different, type Side, type Workload } from "../../tools/bench/rounds.ts";

/** Answers each line of JSON with a list of it, until it reads "end". */
const ECHO = `
import { stdin } from "node:process";
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: stdin })) {
  if (line === '"end"') Deno.exit();
  console.log("[" + line + "]");
}`;
const DENO = Deno.execPath();

/** A side whose measurements take these nanoseconds, over and over. */
function workload(nanoseconds: readonly number[], checksum = 7, passes = 1): Workload {
  let at = 0;
  const measure: Side["measure"] = () =>
    Promise.resolve({ nanoseconds: nanoseconds[at++ % nanoseconds.length] ?? NaN, checksum });
  return { passes, operations: 10, side: { measure } };
}

Deno.test("a process is asked a line at a time; one that has ended has no answer", async () => {
  const asked = new LineProcess(DENO, ["eval", ECHO]);
  assertEquals([await asked.ask("1"), await asked.ask("2")], ["[1]", "[2]"]);
  assertEquals(await asked.ask('"end"'), undefined);
  assertEquals(await asked.ask("3"), undefined);
  await asked.close();
});

Deno.test("a peer reads its task, then orders; an order to one that has ended is an error", async () => {
  const peer = await startPeer<unknown>([DENO], ["eval", ECHO], { cr3: 5 });
  assert(peer !== undefined);
  assertEquals(peer.answer, [{ cr3: 5 }]);
  assertEquals(await order<unknown>(peer.asked, { pages: 2 }), [{ pages: 2 }]);
  await assertRejects(() => order(peer.asked, "end"), Error, "has ended");
  await peer.asked.close();
});

Deno.test("there is no peer where no program can run it: its package is missing", async () => {
  const missing = 'import("./no_such_package.ts").catch(() => Deno.exit(1));';
  assertEquals(await startPeer([DENO, DENO], ["eval", missing], {}), undefined);
});

Deno.test("our side adds up what its passes find, modulo 2^32", async () => {
  const { checksum, nanoseconds } = await ownSide(() => 2 ** 31 + 1).measure(3);
  assertEquals([checksum, nanoseconds >= 0], [2 ** 31 + 3, true]);
});

Deno.test("a line has the median of both sides by the operation, and of the ratios by the round", async () => {
  const line = { name: "a load", peer: "Unicorn 2.1.4" };
  const found = await measurePeer({ ...line, aim: 4 }, workload([200]), workload([1000]), 3);
  assertEquals(found, { ...line, aim: 4, here: 20, there: 100, times: 5, spread: 0 });
  assertEquals("aim" in await measurePeer(line, workload([200]), workload([1000]), 3), false);
});

Deno.test("a peer that finds something else is no peer; where passes differ, sums are not compared", async () => {
  const line = { name: "a load", peer: "Unicorn 2.1.4" };
  await assertRejects(() => measurePeer(line, workload([1]), workload([1], 8), 1), Different, "7 here and 8 there");
  assertEquals((await measurePeer(line, workload([20], 7, 2), workload([20], 8), 1)).times, 2);
});
