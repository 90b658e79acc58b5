import { assertEquals, assertThrows } from "@std/assert";
import { CPUS, MODES } from "@pagetable-init/textbook";
import { parseStateHeader } from "@pagetable-init/textbook/dump";
import { changed, type Header, smallState } from "./states.ts";

const small = await smallState();

/** What is wrong with a header, the change, and what the message must say. */
const REFUSED: readonly (readonly [string, (header: Header) => void, string])[] = [
  [
    "another format",
    (header) => header.format = "mmu-fixture-2",
    `Expected format to be "page-table-state" but found "mmu`,
  ],
  ["a version to come", (header) => header.version = 3, "Expected version to be 2 but found 3"],
  ["no version", (header) => delete header.version, "Expected version to be"],
  ["PKRU as a number", (header) => header.registers.pkru = 4, "Expected registers.pkru to be hexadecimal text"],
  ["AC as text", (header) => header.registers.ac = "1", "Expected registers.ac to be true or false"],
  [
    "a PAT with a reserved type",
    (header) => header.registers.pat = "0x302",
    "eight memory types but found the encoding 2",
  ],
  ["no format", (header) => delete header.format, "but found nothing"],
  ["another frame size", (header) => header.frameSize = 8192, "Expected frameSize to be 4096 but found 8192"],
  ["an unknown mode", (header) => header.mode = "3-level", `one of 2-level, PAE, 4-level, 5-level but found "3-level"`],
  ["a mode that only JavaScript knows", (header) => header.mode = "toString", "Expected mode to be one of"],
  ["an unknown CPU", (header) => header.cpu = "z80", `i486, pentium, p6, k8, broadwell, today but found "z80"`],
  ["a description that is no text", (header) => header.description = { length: 1 }, "but found an object"],
  ["no memory", (header) => header.ramBytes = 0, "Expected ramBytes to be an integer"],
  ["half a page of memory", (header) => header.ramBytes = 6144, "a multiple of 4096 but found 6144"],
  ["absurd memory", (header) => header.ramBytes = 1e300, "Expected ramBytes to be an integer"],
  ["memory in text", (header) => header.ramBytes = "512M", `but found "512M"`],
  [
    "no registers",
    (header) => delete (header as Record<string, unknown>).registers,
    "Expected registers to be an object",
  ],
  [
    "no CR3",
    (header) => delete header.registers.cr3,
    "Expected registers.cr3 to be a hexadecimal address",
  ],
  ["CR3 as a number", (header) => header.registers.cr3 = 4096, "but found 4096"],
  ["CR3 beyond 52 bits", (header) => header.registers.cr3 = "0x10000000000000", "Expected registers.cr3"],
  ["CR0 beyond 32 bits", (header) => header.registers.cr0 = "0x180000011", "Expected registers.cr0"],
  ["CR2 in decimal", (header) => header.registers.cr2 = "4096", "Expected registers.cr2 to be a hexadecimal address"],
  [
    "frames that are no list",
    (header) => (header as Record<string, unknown>).frames = "0x10",
    "Expected frames to be a list",
  ],
  ["no frame", (header) => header.frames = [], "Expected frames to be a list of 1 to 65536 values but found 0"],
  ["frames without end", (header) => header.frames = Array(65_537).fill("0x1"), "but found 65537"],
  ["a frame twice", (header) => header.frames = ["0x10", "0x10"], `each once, but found "0x10" after 0x10`],
  ["unsorted frames", (header) => header.frames = ["0x20", "0x10"], `in ascending order, each once, but found "0x10"`],
  ["a frame as a number", (header) => header.frames = [16], "but found 16"],
  ["a negative frame", (header) => header.frames = ["-0x10"], `but found "-0x10"`],
  [
    "a frame beyond all memory",
    (header) => header.frames = ["0x10000000000"],
    `below 0x10000000000, as text, but found "0x10000000000"`,
  ],
  [
    "a path",
    (header) => header.frameData = "../small.pt.gz",
    "Expected frameData to be the name of a file in the same folder",
  ],
  ["an absolute path", (header) => header.frameData = "/etc/passwd", "Expected frameData"],
  ["a hidden file", (header) => header.frameData = ".ssh", "Expected frameData"],
  ["half a digest", (header) => header.frameDataSha256 = "e41", "Expected frameDataSha256 to be 64 hexadecimal digits"],
  ["a fraction of a leaf", (header) => header.leafCount = 0.5, "Expected leafCount to be an integer"],
  ["absurd leaves", (header) => header.leafCount = 2 ** 40, "Expected leafCount to be an integer"],
];

for (const [what, change, message] of REFUSED) {
  Deno.test(`a header with ${what} is refused in one line`, () => {
    const error = assertThrows(() => parseStateHeader(changed(small, change)), RangeError, message);
    assertEquals(error.message.includes("\n"), false);
    assertEquals(error.message.length < 200, true);
  });
}

for (const json of ["", "{", small.header.slice(0, 200), "not JSON\nat all"]) {
  Deno.test(`text that is no JSON is refused: ${JSON.stringify(json.slice(0, 12))}`, () => {
    assertThrows(() => parseStateHeader(json), RangeError, "Expected a state header in JSON");
  });
}

for (const json of ["null", "[]", `"state"`, "7"]) {
  Deno.test(`JSON that is no header is refused: ${json}`, () => {
    assertThrows(() => parseStateHeader(json), RangeError, "Expected");
  });
}

Deno.test("what a message repeats of a header has no control characters and an end", () => {
  const json = changed(small, (header) => header.mode = `\u001b[31m${"x".repeat(1000)}`);
  const { message } = assertThrows(() => parseStateHeader(json), RangeError);
  assertEquals([message.includes("\u001b"), message.length < 200], [false, true]);
});

Deno.test("a header is read field by field", () => {
  const { mode, cpu, ramBytes, registers, frames, leafCount, frameData } = parseStateHeader(small.header);
  assertEquals([mode, cpu, ramBytes, leafCount, frameData], [MODES.pae, CPUS.p6, 2 ** 24, 3, "small.pt.gz"]);
  assertEquals(frames, [0x10, 0x20, 0x31]);
  assertEquals([registers.cr0, registers.cr3, registers.cr4], [0x8001_0011, 0x1_0040, 0x30]);
});

Deno.test("a header that names no CPU is taken for today's", () => {
  assertEquals(parseStateHeader(changed(small, (header) => delete header.cpu)).cpu, CPUS.today);
});
