import { assert, assertEquals } from "@std/assert";
import { replayXenCommand } from "../../tools/replay_xen.ts";
import { runHere } from "./run_here.ts";

async function written(text: string): Promise<string> {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, text);
  return path;
}

Deno.test("replay-xen counts what is equal and exits 0", async () => {
  const said = await runHere(replayXenCommand, "tests/fixtures/xen/claims-pv64-xen417.jsonl.gz");
  assertEquals(said, { code: 0, out: "190 passed, 0 failed\n", err: "" });
});

Deno.test("replay-xen shows the first differences and exits 1", async () => {
  const line = '{"op":"unpin","page":"page1","rc":0}\n';
  const said = await runHere(replayXenCommand, await written(line.repeat(12)));
  assertEquals(said.code, 1);
  const lines = said.out.trimEnd().split("\n");
  assertEquals(lines[0], "line 1, unpin: rc is -22, Xen's 0");
  assertEquals(lines.slice(-2), ["... and 2 more", "0 passed, 12 failed"]);
});

Deno.test("replay-xen says in one line what it cannot use, and exits 2", async () => {
  for (const path of ["no/such/file", await written("x"), await written('{"op":"unpin","page":"page99","rc":0}')]) {
    const { code, out, err } = await runHere(replayXenCommand, path);
    assertEquals([code, out], [2, ""]);
    assert(/^replay-xen: [^\n]+\n$/.test(err), err);
  }
});
