import { assert, assertEquals, assertThrows } from "@std/assert";
import { decodeRecording } from "../../../core/recording/decode.ts";
import { loadRecording, Recording, stepOf } from "../../../core/recording/mod.ts";
import { access, explain } from "../../../mod.ts";
import { encodeRecording } from "../../../tools/record/encode.ts";
import { Random } from "../../../chapters/guests/random.ts";
import { sampleLog } from "./sample_log.ts";

const bytes = encodeRecording(sampleLog());
const sample = new Recording(sampleLog());

/** What a recording says, comparable. */
function content(recording: Recording): unknown {
  return [recording.header, [...recording.trace], recording.events, recording.marks, recording.end];
}

Deno.test("a recording that was encoded says what it said before", () => {
  assertEquals(content(new Recording(decodeRecording(bytes))), content(sample));
});

Deno.test("a write has the entry before and after it, whatever its width, and who made it", () => {
  const rows = [...sample].map((
    { step, op, pfn, index, old, stored, bytes },
  ) => [step, op, pfn, index, old.lo, stored.lo, bytes]);
  assertEquals(rows, [
    [1, "head", 1, 768, 0, 0x2067, 4],
    [2, "head", 2, 1, 0, 0x5067, 4],
    [3, "set_pte", 2, 2, 0, 0x6067, 4],
    [4, "set_pte", 2, 2, 0x6067, 0x6065, 1],
    [5, "set_pte", 2, 1, 0x5067, 0, 4],
    [6, "0xffffffff81000000", 2, 1, 0, 0x7000, 2],
    [7, "set_pte", 2, 1, 0x7000, 0x7067, 1],
  ]);
  assertEquals([sample.trace.at(2).known, sample.trace.at(3).known, sample.trace.at(1).level?.entry], [
    "earlier",
    "seen",
    "PDE",
  ]);
});

Deno.test("the machine at a step is a target of the verbs, with the registers of that time", () => {
  const frames = Array.from({ length: 8 }, (_, step) => {
    const found = access(sample.at(step), 0xc0001000);
    return found.ok ? found.frame : -1;
  });
  assertEquals(frames, [0xc0001, 0xc0001, 5, 5, 5, -1, -1, 7].map((frame, step) => step < 2 ? 0xc0001 : frame));
  assertEquals(explain(sample.at(7), 0xc0002000, "write").outcome.ok, false);
  assertEquals(sample.at(0).header.mode, undefined);
});

Deno.test("moments have names: numbers, the end, functions, and the last write to an address", () => {
  const names = ["0", "7", "end", "head", "set_pte", "set_pte+3", "write-to 0xc0002000", "write-to c0001000"];
  assertEquals(names.map((name) => stepOf(sample, name)), [0, 7, 7, 1, 3, 7, 4, 7]);
  assertThrows(() => stepOf(sample, "8"), RangeError, "Expected a step of 0 to 7 but found 8");
  assertThrows(() => stepOf(sample, "set_pta"), RangeError, "did you mean set_pte?");
  assertThrows(() => stepOf(sample, "set_pte+4"), RangeError, "set_pte+3");
  assertThrows(() => stepOf(sample, "write-to 0x1000"), RangeError, "a write that changed the walk");
});

Deno.test("a step that is none is refused", () => {
  for (const step of [-1, 8, 0.5, NaN]) assertThrows(() => sample.at(step), RangeError, "Expected step");
  assertThrows(() => sample.at(JSON.parse('"1"')), TypeError, "Expected step");
});

Deno.test("a recording that was cut anywhere opens up to where it is whole", () => {
  const start = bytes.indexOf(10, bytes.indexOf(10) + 1) + 1;
  const all = [...sample.trace];
  let longest = 0;
  for (let end = start; end < bytes.length; end++) {
    const cut = new Recording(decodeRecording(bytes.subarray(0, end)));
    assertEquals(cut.end, undefined);
    for (const [i, write] of [...cut.trace].entries()) {
      assertEquals([write.pfn, write.offset], [all[i]?.pfn, all[i]?.offset]);
    }
    assert(cut.length >= longest);
    longest = cut.length;
  }
  assertEquals(longest, sample.length);
});

Deno.test("a packed recording that was cut opens too", async () => {
  const packed = await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))).bytes();
  assertEquals(content(await loadRecording(packed)), content(sample));
  const cut = await loadRecording(packed.slice(0, packed.length - 30)).catch((error) => error);
  assert(cut instanceof Recording || cut instanceof RangeError);
});

Deno.test("hostile bytes are refused in one line, or read, and nothing else happens", () => {
  const random = new Random(20070428);
  for (let i = 0; i < 3000; i++) {
    const changed = bytes.slice();
    for (let n = 0; n < 1 + i % 4; n++) changed[random.below(changed.length)] = random.below(256);
    try {
      const recording = new Recording(decodeRecording(changed));
      for (const write of recording) assert(write.step > 0);
      recording.at(recording.length);
    } catch (error) {
      assert(error instanceof RangeError && !error.message.includes("\n"), String(error));
    }
  }
});

Deno.test("what contradicts itself is refused by name", () => {
  const text = (text: string) => new TextEncoder().encode(text);
  const header = '{"description":"","ramBytes":8192}';
  const wrong: readonly (readonly [string, string])[] = [
    ["tar\n{}\n", "the line pagetable-recording-1"],
    ["pagetable-recording-1", "a header"],
    ["pagetable-recording-1\n[\n", "JSON"],
    [`pagetable-recording-1\n{"description":"","ramBytes":1}\n`, "ramBytes"],
    [`pagetable-recording-1\n${header}\n\x7f`, "operation"],
    [`pagetable-recording-1\n${header}\n\x42\x01\x02\x00\x00`, "a writer that it has named"],
    [`pagetable-recording-1\n${header}\n\x42\x01\x00\x01\x00`, "an address in memory"],
    [`pagetable-recording-1\n${header}\n\x05\x09\x00\x00\x00`, "a level of a paging mode"],
  ];
  for (const [file, said] of wrong) assertThrows(() => decodeRecording(text(file)), RangeError, said);
});
