import { assertEquals } from "@std/assert";
import { KERNEL_STATES } from "../../chapters/recorded/states.ts";
import { readBounded } from "../../chapters/recorded/files/read_bounded.ts";

interface Header {
  readonly frames: readonly string[];
  readonly frameDataSha256: string;
  readonly leafCount: number;
}

const lines = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trimEnd().split(/\r?\n/);

for (const name of KERNEL_STATES) {
  Deno.test(`the state ${name} is what its header says`, async () => {
    const path = `tests/fixtures/kernels/${name}`;
    const header: Header = JSON.parse(await Deno.readTextFile(`${path}.json`));
    const data = await readBounded(`${path}.pt.gz`);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
    assertEquals(data.length, 4096 * header.frames.length);
    assertEquals(digest.toHex(), header.frameDataSha256);
    assertEquals(lines(await readBounded(`${path}.tlb.gz`)).length, header.leafCount);
  });
}

Deno.test("the 47 named accesses have 47 different names", async () => {
  const names = lines(await Deno.readFile("tests/fixtures/mmu/named47.txt"));
  assertEquals(new Set(names).size, 47);
});

for (const seed of [101, 102, 103]) {
  Deno.test(`the hypercalls of seed ${seed} are 3,000 lines of JSON`, async () => {
    const text = lines(await readBounded(`tests/fixtures/xen/pv32-xen417-seed${seed}.jsonl.gz`));
    assertEquals(text.length, 3_000);
    for (const line of text) JSON.parse(line);
  });
}
