import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { decodeBootRecord } from "../../../core/recording/boot_record.ts";
import { NOBODY } from "../../../core/recording/log.ts";
import { blame, loadRecording, Recording, stepOf, Stores } from "../../../core/recording/mod.ts";
import { countLeaves, tablesOf } from "../../../core/tables/mod.ts";
import { audit } from "../../../mod.ts";

const FOLDER = "tests/fixtures/boots/";
const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => name.endsWith(".jsonl.gz"));

async function recorded(name: string): Promise<Recording> {
  return await loadRecording(await Deno.readFile(`${FOLDER}${name}.jsonl.gz`));
}

/** Leaves of lowmem and of fixmap that these kernels end with: 16 pages of 4M; 896M and 64M in pages of 4K. */
const LEAVES: Readonly<Record<string, number>> = {
  "2.6.20-pentium3-64M": 16,
  "2.6.20-pentium3-128M": 32,
  "2.6.20-486-nopse-1024M": 229_376,
  "2.6.20-486-nopse-16M": 4096,
};

Deno.test("every record of a real kernel's boot is a recording whose last machine pages", async () => {
  assert(names.length > 20);
  for (const name of names) {
    const recording = await recorded(name.replace(/\.jsonl\.gz$/, ""));
    const last = recording.at(stepOf(recording, "end"));
    assert(last.header.mode !== undefined && countLeaves(tablesOf(last.machine)) > 10, name);
    assert(recording.end !== undefined && recording.length > 1000, name);
  }
});

Deno.test("the tables rebuilt from a record have the leaves that the kernel had", async () => {
  for (const [name, leaves] of Object.entries(LEAVES)) {
    const recording = await recorded(name);
    assertEquals(audit(recording.at(recording.length)).leaves, leaves, name);
  }
});

Deno.test("2.6.20 takes user mode out of the kernel when kernel_physical_mapping_init lays a 4M page over the table of head.S", async () => {
  const recording = await recorded("2.6.20-pentium3-64M");
  const last = blame(recording, 0xc0100000).at(-1);
  assertEquals([last?.write?.op, last?.lost, last?.before.pageBytes, last?.after.pageBytes, last?.stale], [
    "kernel_physical_mapping_init",
    ["user"],
    0x1000,
    0x40_0000,
    false,
  ]);
});

Deno.test("under Xen both writers are told apart, and the root is found by who set it", async () => {
  const recording = await recorded("2.6.32-el6-xen-pv32-56M");
  const writers = new Set([...recording.trace].map(({ op }) => op.slice(0, op.indexOf(":"))));
  assertEquals([...writers].sort(), ["guest", "xen"]);
  assertEquals(recording.registersAt(recording.length).cr3, 0xa77000);
});

Deno.test("a record that was cut opens up to its last whole line, one that makes no sense is refused", async () => {
  const lines = [
    `{"kind":"page-table writes of a real kernel","kernel":"a","memory_mb":16,"mode":"two-level","roots":["0x1000"],"tables":{"0x1":2}}`,
    `{"n":1,"who":"a","frame":1,"index":0,"value":"0x0"}`,
    `{"n":2,"who":"a","frame":1,"index":1,"value":"0x1","count":1`,
  ];
  const load = (text: string) => loadRecording(new TextEncoder().encode(text));
  assertEquals((await load(lines.join("\n"))).length, 1);
  for (
    const bad of [
      '{"n":1}',
      '{"n":1,"who":"a","frame":-1,"index":0,"value":"0x0"}',
      '{"n":1,"who":"a","frame":1,"index":1023,"value":"0x0","count":4096}',
      "[]",
    ]
  ) {
    await assertRejects(() => load([lines[0], bad, lines[1]].join("\n")), RangeError, "Expected");
  }
});

Deno.test("a record's last line counts when it is whole, with a line's end behind it or without; no whole line is no record", async () => {
  const gzipped = await Deno.readFile(`${FOLDER}2.6.20-486-nopse-16M.jsonl.gz`);
  const text = await new Response(new Blob([gzipped]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  const stores = (record: string) => decodeBootRecord(new TextEncoder().encode(record)).stores.length;
  const whole = text.trimEnd().split("\n").slice(0, 20).join("\n");
  assertEquals([stores(`${whole}\n`), stores(whole.slice(0, -3))], [
    stores(whole),
    stores(whole.slice(0, whole.lastIndexOf("\n"))),
  ]);
  for (const record of ["", "{"]) assertThrows(() => stores(record), RangeError, "no whole line");
});

Deno.test("a record that names no memory has 4 GiB; a cr3 in its header is loaded last, by nobody", async () => {
  const header = { kind: "page-table writes of a real kernel", name: "small", mode: "two-level", roots: ["0x1000"] };
  const write = { n: 1, who: "kernel", frame: 1, index: 768, value: "0x2063" };
  const lines = [{ ...header, cr3: "0x5000", tables: { "0x1": 2, "0x2": 1 } }, write];
  const recording = await loadRecording(new TextEncoder().encode(lines.map((it) => JSON.stringify(it)).join("\n")));
  assertEquals([recording.header.ramBytes, recording.header.description], [2 ** 32, "small"]);
  const roots = recording.events.flatMap((it) => it.kind === "register" && it.register === "cr3" ? [it] : []);
  assertEquals(roots.map(({ value, writer }) => [value.lo, writer.name]), [[0x1000, "no store"], [0x5000, "no store"]]);
});

Deno.test("a record without roots, in which nobody sets one, has its root at 0; an image that is none is refused", async () => {
  const header = {
    kind: "page-table writes of a real kernel",
    kernel: "small",
    mode: "two-level",
    tables: { "0x1": 2 },
  };
  const write = { n: 1, who: "kernel", frame: 1, index: 768, value: "0x2063" };
  const read = (more: object) =>
    loadRecording(new TextEncoder().encode([{ ...header, ...more }, write].map((it) => JSON.stringify(it)).join("\n")));
  const { events } = await read({});
  assertEquals(events.flatMap((it) => it.kind === "register" && it.register === "cr3" ? [it.value.lo] : []), [0]);
  await assertRejects(() => read({ image: [5] }), RangeError, "image[0]");
});

Deno.test("a frame that is a table of two levels at once counts as one of the higher level, whichever was told first", () => {
  for (const levels of [[1, 2], [2, 1]]) {
    const stores = new Stores();
    stores.add(5, 0x1004, 1, 4, 0, 0x2067, 0);
    const events = levels.map((level) => ({ kind: "table", stores: 1, frame: 1, level, mode: "two-level" }) as const);
    const header = { description: "two roles", ramBytes: 1 << 24 };
    const log = { header, writers: [NOBODY, NOBODY], stores, events, marks: [], hasFlushes: false, end: undefined };
    assertEquals(new Recording(log).trace.at(1).level?.entry, "PDE");
  }
});
