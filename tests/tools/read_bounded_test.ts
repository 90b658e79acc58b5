import { assert, assertEquals, assertRejects } from "@std/assert";
import { readBounded, UnreadableFile } from "../../chapters/recorded/files/read_bounded.ts";

const folder = await Deno.makeTempDir();
const text = "pagetable_init\n".repeat(1_000);
const plain = new TextEncoder().encode(text);
const packed = await gzip(plain);

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function stored(name: string, bytes: Uint8Array): Promise<string> {
  const path = `${folder}/${name}`;
  await Deno.writeFile(path, bytes);
  return path;
}

/** Checks that the file is refused for this reason, in one line that names it. */
async function assertUnreadable(path: string, reason: string, limit?: number): Promise<void> {
  const error = await assertRejects(() => readBounded(path, limit), UnreadableFile);
  assertEquals(error.message, `cannot read ${path}: ${reason}`);
  assert(!error.message.includes("\n"));
}

Deno.test("a gzip file is unpacked, whatever its name", async () => {
  assertEquals(await readBounded(await stored("a.gz", packed)), plain);
  assertEquals(await readBounded(await stored("a.json", packed)), plain);
});

Deno.test("any other file is read as it is", async () => {
  assertEquals(await readBounded(await stored("b.json", plain)), plain);
  assertEquals(await readBounded(await stored("empty.json", new Uint8Array())), new Uint8Array());
  assertEquals(await readBounded(await stored("one.json", plain.subarray(0, 1))), plain.subarray(0, 1));
});

Deno.test("a file as large as the limit is read, one byte more is not", async () => {
  for (const path of [await stored("c.json", plain), await stored("c.gz", packed)]) {
    assertEquals((await readBounded(path, plain.length)).length, plain.length);
    await assertUnreadable(path, `larger than ${plain.length - 1} bytes`, plain.length - 1);
  }
});

Deno.test("a small file that unpacks to a huge one stops at the limit", async () => {
  const path = await stored("bomb.gz", await gzip(new Uint8Array(64 << 20)));
  assert((await Deno.stat(path)).size < 100_000);
  await assertUnreadable(path, "larger than 1000000 bytes", 1_000_000);
});

Deno.test("a file named .gz that is not gzip is refused", async () => {
  await assertUnreadable(await stored("d.gz", plain), "not a gzip file");
  await assertUnreadable(await stored("empty.gz", new Uint8Array()), "not a gzip file");
});

Deno.test("a damaged gzip file is refused", async () => {
  const reason = "damaged, cut short or followed by something else";
  await assertUnreadable(await stored("cut.gz", packed.subarray(0, packed.length >> 1)), reason);
  await assertUnreadable(await stored("tail.gz", new Uint8Array([...packed, 1])), reason);
  const flipped = packed.slice();
  flipped[flipped.length - 6] = ~packed.at(-6)! & 0xff; // a byte of the checksum
  await assertUnreadable(await stored("flip.gz", flipped), reason);
});

Deno.test("a missing file, a folder and an impossible name are refused", async () => {
  await assertUnreadable(`${folder}/none.json`, "no such file");
  await assertUnreadable(folder, "it is a folder");
  await assertUnreadable(`${await stored("file", plain)}/in`, "no such file");
});

Deno.test("a name cannot write to the terminal through the message", async () => {
  const error = await assertRejects(() => readBounded(`${folder}/a\n\x1b[31mb\0`), UnreadableFile);
  assertEquals(error.message, `cannot read ${folder}/a [31mb : not a file name`);
});
