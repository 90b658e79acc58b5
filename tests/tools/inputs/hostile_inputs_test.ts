/** Cores, dumps and listings from strangers: whatever is in them, there is an audit or one line, in bounded time and memory. */
import { assert, assertEquals } from "@std/assert";
import { bytesOf } from "../../../tools/inputs/bytes.ts";
import { auditListing } from "../../../tools/inputs/listing/audit_listing.ts";
import { readBytes } from "../../../tools/inputs/read_input.ts";
import type { KnownRegisters } from "../../../tools/inputs/known_registers.ts";
import { audit, CPUS, Machine, PhysicalMemory } from "../../../mod.ts";
import { Random } from "../../../chapters/guests/random.ts";
import { auditText } from "../../../tools/states/report.ts";
import { reportedOf } from "../../../tools/states/reported.ts";
import { spoilBytes, spoilText } from "../../properties/mutations.ts";
import { coreHead, note, qemuNote } from "./dumps.ts";

const SEED = 20_070_428;
/** Mutated files of each kind: texts are read faster. */
const [DUMPS, TEXTS] = [3_000, 10_000];
const MEMORY = 16 * 4096;
const REGISTERS = { cr0: 0x8001_0011, cr2: 0n, cr3: 0x1000n, cr4: 0x20, efer: 0xd00 };

/** 64 KiB of memory with 4-level tables: some pages, a large one, the root once more as a table of itself. */
function smallMemory(): Uint8Array<ArrayBuffer> {
  const machine = new Machine(CPUS.today, new PhysicalMemory(MEMORY));
  for (
    const [frame, index, entry] of [[1, 0, 0x2067], [1, 300, 0x1067], [2, 0, 0x3067], [3, 0, 0x4067], [
      3,
      1,
      0x20_00e7,
    ]] as const
  ) {
    machine.memory.write(frame, 2 * index, entry);
  }
  for (let i = 0; i < 8; i++) machine.memory.write(4, 2 * i, (i << 12) | 0x67);
  const bytes = new DataView(new ArrayBuffer(MEMORY));
  for (let word = 0; word < MEMORY / 4; word++) {
    bytes.setInt32(word * 4, machine.memory.read(word >>> 10, word & 1023), true);
  }
  return new Uint8Array(bytes.buffer);
}

function core(): Uint8Array<ArrayBuffer> {
  const memory = { frames: new Map(), bytes: MEMORY, registers: REGISTERS, long: true };
  const parts = {
    notes: [note("CORE", 1, new Uint8Array(32)), qemuNote(memory)],
    ranges: [{ first: 0, bytes: 0x4000 }, { first: 0x4000, bytes: MEMORY - 0x4000 }],
  };
  const { head, size } = coreHead(parts);
  const bytes = new Uint8Array(size);
  bytes.set(head);
  bytes.set(smallMemory(), head.length);
  return bytes;
}

function vmcore(): Uint8Array<ArrayBuffer> {
  const info =
    "OSRELEASE=6.1.0\nSYMBOL(init_top_pgt)=ffffffff81001000\nNUMBER(phys_base)=-16777216\nNUMBER(pgtable_l5_enabled)=0\n";
  const { head, size } = coreHead({
    notes: [note("VMCOREINFO", 0, new TextEncoder().encode(info))],
    ranges: [{ first: 0, bytes: MEMORY }],
  });
  const bytes = new Uint8Array(size);
  bytes.set(head);
  bytes.set(smallMemory(), head.length);
  return bytes;
}

function lime(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * 32 + MEMORY);
  const view = new DataView(bytes.buffer);
  for (const [at, first, last] of [[0, 0, 0x3fff], [32 + 0x4000, 0x4000, MEMORY - 1]] as const) {
    view.setUint32(at, 0x4c694d45, true);
    view.setUint32(at + 4, 1, true);
    view.setBigUint64(at + 8, BigInt(first), true);
    view.setBigUint64(at + 16, BigInt(last), true);
    bytes.set(smallMemory().subarray(first, last + 1), at + 32);
  }
  return bytes;
}

const TLB = Array.from(
  { length: 40 },
  (_, i) =>
    `ffff8880${(i * 4096).toString(16).padStart(8, "0")}: ${(i * 4096).toString(16).padStart(16, "0")} X${
      i % 3 === 0 ? "G" : "-"
    }-DA---W`,
);
const MEM = Array.from(
  { length: 40 },
  (_, i) =>
    `ffff8880${(i * 8192).toString(16).padStart(8, "0")}-ffff8880${
      (i * 8192 + 4096).toString(16).padStart(8, "0")
    } 0000000000001000 ${i % 2 === 0 ? "u" : "-"}rw`,
);
const TABLES = [
  "---[ Kernel Space ]---",
  ...Array.from(
    { length: 40 },
    (_, i) =>
      `0xffff8880${(i * 8192).toString(16).padStart(8, "0")}-0xffff8880${
        (i * 8192 + 4096).toString(16).padStart(8, "0")
      }           4K     RW                 GLB ${i % 2 === 0 ? "NX" : "x "} pte`,
  ),
];

/** Audits, or refuses in one line. Says which. */
async function outcome(bytes: Uint8Array<ArrayBuffer>, registers: KnownRegisters): Promise<"audited" | "refused"> {
  try {
    const input = await readBytes(bytesOf(bytes), { registers });
    if (input === undefined) return "refused";
    const found = input.state === undefined ? auditListing(input.listed, undefined) : audit(input.state.machine);
    assert(auditText(reportedOf(input, found)).length < 100_000);
    return "audited";
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    assert(
      /^Expected [^\n]{1,500}$/.test(error.message),
      `Expected one line but found ${JSON.stringify(error.message)}`,
    );
    return "refused";
  }
}

const text = (lines: readonly string[]) => new TextEncoder().encode(`${lines.join("\n")}\n`);

for (
  const [name, file, registers, isText] of [
    ["an ELF core", core(), {}, false],
    ["a vmcore", vmcore(), {}, false],
    ["LiME", lime(), REGISTERS, false],
    ["raw memory", smallMemory(), REGISTERS, false],
    ["info tlb", text(TLB), {}, true],
    ["info mem", text(MEM), {}, true],
    ["page_tables", text(TABLES), {}, true],
  ] as const
) {
  const files = isText ? TEXTS : DUMPS;
  Deno.test(`${files} mutated files are audited or refused in one line: ${name}`, async () => {
    const random = new Random(SEED);
    assertEquals(await outcome(file, registers), "audited");
    const count = { audited: 0, refused: 0 };
    for (let i = 0; i < files; i++) {
      const spoiled = isText
        ? new TextEncoder().encode(spoilText(random, new TextDecoder().decode(file)))
        : spoilHead(random, file);
      count[await outcome(spoiled, registers)]++;
    }
    assert(count.audited > files / 1000 && count.refused > files / 100, JSON.stringify(count));
  });
}

/** Spoils a file, mostly its beginning, where headers are, and its length. */
function spoilHead(random: Random, file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (random.chance(0.1)) return file.slice(0, random.below(file.length));
  if (random.chance(0.3)) return spoilBytes(random, file);
  const head = spoilBytes(random, file.subarray(0, 1024));
  const spoiled = new Uint8Array(head.length + file.length - 1024);
  spoiled.set(head);
  spoiled.set(file.subarray(1024), head.length);
  return spoiled;
}
