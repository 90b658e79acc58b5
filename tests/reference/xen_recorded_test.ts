import { assert, assertEquals, assertThrows } from "@std/assert";
import { UnreadableFile } from "../../chapters/recorded/files/read_bounded.ts";
import { parseRecording } from "../../chapters/recorded/hypercalls/operation.ts";
import { replayXen } from "../../chapters/recorded/hypercalls/play.ts";

const FIXTURES = new URL("../fixtures/xen/", import.meta.url);

async function recording(name: string): Promise<string> {
  const packed = new Blob([await Deno.readFile(new URL(`${name}.jsonl.gz`, FIXTURES))]).stream();
  return await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).text();
}

const parse = (text: string) => parseRecording("test", new TextEncoder().encode(text));

const RECORDINGS: readonly (readonly [string, number, string])[] = [
  ["pv32-xen417-seed101", 3000, "return codes, faults, flags and the kinds of all messages"],
  ["pv32-xen417-seed102", 3000, "return codes, faults, flags and the kinds of all messages"],
  ["pv32-xen417-seed103", 3000, "return codes, faults, flags and the kinds of all messages"],
  ["pv64-xen417-seed201", 3000, "return codes, faults, flags and entries"],
  ["pv64-xen417-seed202", 3000, "return codes, faults, flags and entries"],
  ["pv64-xen417-seed203", 3000, "return codes, faults, flags and entries"],
  ["claims-pv64-xen417", 190, "every claim about 64-bit guests"],
  ["bits-pv64-xen417", 560, "every flag at every level"],
];

for (const [name, count, what] of RECORDINGS) {
  Deno.test(`the hypervisor answers ${name} as Xen 4.17 did: ${what}`, async () => {
    const result = replayXen(parse(await recording(name)));
    assertEquals(result, { passed: count, failed: 0, differences: [] });
  });
}

Deno.test("the 32-bit recordings have messages of many kinds", async () => {
  const lines = parse(await recording("pv32-xen417-seed101"));
  assert(lines.filter(({ answer }) => answer.log !== undefined).length > 500);
});

const ALTERED: readonly (readonly [string, string, string])[] = [
  ["a return code", '"rc": -22', '"rc": 0'],
  ["a fault", '"fault": "0x3"', '"fault": null'],
  ["flags", '"pte_flags": "0x167"', '"pte_flags": "0x163"'],
  ["a message", "Bad type", "Bad L1 flags"],
];

for (const [what, from, to] of ALTERED) {
  Deno.test(`the replay notices ${what} that is not Xen's`, async () => {
    const text = await recording("pv32-xen417-seed101");
    assert(text.includes(from));
    const { failed, differences } = replayXen(parse(text.replace(from, to)));
    assertEquals([failed, differences.length], [1, 1]);
  });
}

Deno.test("the replay notices an entry that is not Xen's", async () => {
  const text = await recording("pv64-xen417-seed201");
  assertEquals(replayXen(parse(text.replace('"entry":"page7|0x61"', '"entry":"page7|0x63"'))).failed, 1);
});

const HOSTILE: readonly (readonly [string, string, string])[] = [
  ["no JSON", "nonsense", "line 1 is not JSON"],
  ["no object", "[1]", "line 1 is no object"],
  ["an unknown operation", '{"op":"format_disk","page":"page1","rc":0}', "expected op to be one of"],
  ["no target", '{"op":"pin","level":1,"rc":0}', "expected page to be the name of a frame"],
  ["a level out of range", '{"op":"pin","page":"page1","level":9,"rc":0}', "expected level to be 1 to 4 but found 9"],
  ["no level", '{"op":"pin","page":"page1","rc":0}', "expected level to be a value but found nothing"],
  ["an index out of range", '{"op":"mmu_update","table":"page1","index":512,"rc":0}', "expected index to be 0 to 511"],
  ["no answer", '{"op":"unpin","page":"page1"}', "expected rc to be an answer"],
  [
    "flags too wide",
    '{"op":"update_va_mapping","page":"page1","flags":"0x11111111111111111","rc":0}',
    "expected flags",
  ],
  ["a name with a path", '{"op":"unpin","page":"../../etc","rc":0}', "expected page to be text like"],
  ["a log of numbers", '{"op":"unpin","page":"page1","rc":0,"log":[1]}', "expected log to be lines of text"],
];

for (const [what, text, message] of HOSTILE) {
  Deno.test(`a recording with ${what} is refused in one line`, () => {
    const error = assertThrows(() => parse(text), UnreadableFile);
    assert(error.message.includes(message), error.message);
    assert(!error.message.includes("\n"));
  });
}

Deno.test("a recording that is empty or no text is refused", () => {
  assertThrows(() => parse(""), UnreadableFile, "no operation in it");
  assertThrows(() => parseRecording("test", Uint8Array.of(0xff, 0xfe, 0)), UnreadableFile, "not text");
});
