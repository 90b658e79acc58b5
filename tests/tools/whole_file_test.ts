import { assertEquals, assertRejects } from "@std/assert";
import { Misuse } from "../../tools/command.ts";
import { copyFiles, makeFolder, writeWhole } from "../../tools/command/whole_file.ts";

async function names(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

Deno.test("of many who write a file at once one wins, whole, and nothing is left beside it", async () => {
  const folder = await Deno.makeTempDir();
  const texts = Array.from({ length: 8 }, (_, at) => `${at}`.repeat(100_000));
  await Promise.all(texts.map((text) => writeWhole(`${folder}/a`, text)));
  assertEquals(texts.includes(await Deno.readTextFile(`${folder}/a`)), true);
  assertEquals(await names(folder), ["a"]);
});

Deno.test("a file that cannot be put in its place is a complaint with path and reason, and leaves nothing", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/a`);
  await assertRejects(() => writeWhole(`${folder}/a`, "text"), Misuse, `cannot write ${folder}/a: Is a directory`);
  await assertRejects(() => writeWhole(`${folder}/none/a`, "text"), Misuse, "No such file or directory");
  assertEquals(await names(folder), ["a"]);
});

Deno.test("a folder below a file cannot be made, and that is a complaint", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/a`, "");
  await assertRejects(() => makeFolder(`${folder}/a/b`), Misuse, "Not a directory");
});

Deno.test("files are copied with their folders, over those that are there, and others stay", async () => {
  const [from, to] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  await Deno.mkdir(`${from}/b`);
  await Deno.writeTextFile(`${from}/b/c`, "new");
  await Deno.mkdir(`${to}/b`);
  await Deno.writeTextFile(`${to}/b/c`, "old");
  await Deno.writeTextFile(`${to}/other`, "other");
  await copyFiles(from, to);
  assertEquals([await names(to), await Deno.readTextFile(`${to}/b/c`)], [["b", "other"], "new"]);
});
