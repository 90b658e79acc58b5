import { assertEquals, assertRejects } from "@std/assert";
import { Workers } from "../../tools/command/workers.ts";

const module = (code: string) => new URL(`data:application/javascript,${encodeURIComponent(code)}`);

Deno.test("answers come in the order of the parts, whichever worker is first; each is told as it comes", async () => {
  const slow = "self.onmessage = ({ data }) => setTimeout(() => self.postMessage(data * 2), data);";
  using workers = new Workers<number, number>(module(slow), 2);
  const told: number[] = [];
  assertEquals(await workers.map([300, 1, 2, 3], (answer) => told.push(answer)), [600, 2, 4, 6]);
  assertEquals(told.toSorted((a, b) => a - b), [2, 4, 6, 600]);
});

Deno.test("a worker that stops fails all, and says why", async () => {
  using workers = new Workers<number, number>(
    module('self.onmessage = () => { throw new Error("no such part"); };'),
    1,
  );
  await assertRejects(() => workers.map([1, 2]), Error, "A worker stopped: Uncaught Error: no such part");
});
