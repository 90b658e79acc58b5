/** Dumps as other programs write them: whatever the format, the same tables give the same audit. */
import { assert, assertEquals } from "@std/assert";
import { auditCommand } from "../../../tools/audit.ts";
import { explainCommand } from "../../../tools/explain.ts";
import { runHere } from "../run_here.ts";
import { coreDump, limeDump, type Memory, memoryOf, note, qemuNote, rawDump, writeSparse } from "./dumps.ts";

const STATES = "tests/fixtures/kernels/";
const LONG = "linux61-amd64-4level";
const PAE = "linux61-686-pae";
const TWO = "linux61-686-2level";

/** What an audit finds, without what the header alone tells. */
async function auditOf(...args: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await runHere(auditCommand, "--json", ...args);
  assertEquals([code, err], [0, ""]);
  const { description: _, remarks: __, unknown: ___, ...found } = JSON.parse(out);
  return found;
}

async function remarks(...args: string[]): Promise<string[]> {
  return JSON.parse((await runHere(auditCommand, "--json", ...args)).out).remarks;
}

function registerOptions({ cr0, cr3, cr4, efer }: { cr0: number; cr3: bigint; cr4: number; efer: number }): string[] {
  return Object.entries({ cr0, cr3, cr4, efer }).flatMap(([name, value]) => [`--${name}`, `0x${value.toString(16)}`]);
}

for (const name of [TWO, PAE, LONG, "linux61-amd64-5level"]) {
  Deno.test(`raw memory with registers on the command line is the state that it came from: ${name}`, async () => {
    const memory = await memoryOf(name);
    assertEquals(
      await auditOf(await rawDump(memory), ...registerOptions(memory.registers)),
      await auditOf(`${STATES}${name}.json`),
    );
  });

  Deno.test(`an ELF core by QEMU is the state that it came from, EFER inferred: ${name}`, async () => {
    const memory = await memoryOf(name);
    const path = await coreDump(memory, {
      notes: [note("CORE", 1, new Uint8Array(336)), qemuNote(memory)],
      ranges: [{ first: 0, bytes: 0xa_0000 }, { first: 0xa_0000, bytes: memory.bytes - 0xa_0000 }],
      machine: memory.long ? 62 : 3,
      is64: memory.long,
    });
    assertEquals(await auditOf(path), await auditOf(`${STATES}${name}.json`));
    assert((await remarks(path)).some((line) => line.startsWith("EFER is not known")));
  });
}

Deno.test("of registers that are not given the report says what it takes", async () => {
  const { registers: { cr3, cr4 } } = await memoryOf(TWO);
  const raw = await rawDump(await memoryOf(TWO));
  assertEquals(await remarks(raw, "--cr3", `0x${cr3.toString(16)}`, "--cr4", `0x${cr4.toString(16)}`), [
    "CR0 is not known: taken with PG, WP and PE",
    "EFER is not known: taken as 0, since CR4.PAE is clear",
  ]);
});

Deno.test("LiME with a hole in memory is the state that it came from", async () => {
  const memory = await memoryOf(LONG);
  const ranges = [{ first: 0x1000, bytes: 0x9_e000 }, { first: 0x10_0000, bytes: memory.bytes - 0x10_0000 }];
  assertEquals(
    await auditOf(await limeDump(memory, ranges), ...registerOptions(memory.registers)),
    await auditOf(`${STATES}${LONG}.json`),
  );
});

Deno.test("the registers may be the text of info registers, of one CPU or of several", async () => {
  const memory = await memoryOf(PAE);
  const { cr0, cr3, cr4, efer } = memory.registers;
  const text = (root: bigint) =>
    `EAX=00000000 EIP=c1000000 EFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1\n` +
    `CR0=${cr0.toString(16)} CR2=00000000 CR3=${root.toString(16)} CR4=${cr4.toString(16)}\nEFER=000000000000${
      efer.toString(16).padStart(4, "0")
    }\n`;
  const one = await Deno.makeTempFile();
  await Deno.writeTextFile(one, text(cr3));
  const two = await Deno.makeTempFile();
  await Deno.writeTextFile(two, `\nCPU#0\n${text(0x1000n)}\nCPU#1\n${text(cr3)}`);
  const raw = await rawDump(memory);
  const expected = await auditOf(`${STATES}${PAE}.json`);
  assertEquals(await auditOf(raw, "--registers", one), expected);
  assertEquals(await auditOf(raw, "--registers", two, "--cpu", "1"), expected);
  const { code, err } = await runHere(auditCommand, raw, "--registers", two, "--cpu", "2");
  assertEquals([code, err], [2, "audit: Expected the registers of CPU 2 but found those of 2 others\n"]);
});

Deno.test("a vmcore of kdump tells the kernel's own root by VMCOREINFO, though KASLR moved it; its text segment does no harm", async () => {
  const memory = await memoryOf(LONG);
  const { cr3 } = memory.registers;
  const info = [
    "OSRELEASE=6.1.0-50-amd64",
    `SYMBOL(init_top_pgt)=${(0xffff_ffff_8100_0000n + cr3).toString(16)}`,
    `NUMBER(phys_base)=${-0x100_0000}`,
    "NUMBER(pgtable_l5_enabled)=0",
    "",
  ].join("\n");
  const path = await coreDump(memory, {
    notes: [note("CORE", 1, new Uint8Array(336)), note("VMCOREINFO", 0, new TextEncoder().encode(info))],
    ranges: [
      { first: 0x100_0000, bytes: 0x20_0000, virtual: 0xffff_ffff_8100_0000n },
      { first: 0, bytes: memory.bytes, virtual: 0xffff_8880_0000_0000n },
    ],
  });
  const { leaves, regions, cr3: root } = await auditOf(path);
  const state = await auditOf(`${STATES}${LONG}.json`);
  assertEquals([leaves, regions, root], [state["leaves"], state["regions"], state["cr3"]]);
  assert((await runHere(auditCommand, path)).out.startsWith("memory of Linux 6.1.0-50-amd64, an ELF core by kdump\n"));
});

Deno.test("pages of zeros that a core leaves out are tables that map nothing, not tables that are missing", async () => {
  const memory = await memoryOf(PAE);
  const empty = [...memory.frames].find(([, bytes]) => bytes.every((byte) => byte === 0))?.[0] ?? 0;
  assert(empty > 0);
  const ranges = [
    { first: 0, bytes: empty * 4096, zeros: 4096 },
    { first: (empty + 1) * 4096, bytes: memory.bytes - (empty + 1) * 4096 },
  ];
  const path = await coreDump(memory, { notes: [qemuNote(memory)], ranges, machine: 3, is64: false });
  assertEquals(await auditOf(path), await auditOf(`${STATES}${PAE}.json`));
});

Deno.test("a dump of 64 GiB is read by seeking: little memory, and time that follows the tables", async () => {
  const memory = await memoryOf(LONG);
  const size = 2 ** 36;
  const pieces = [...memory.frames].map(([frame, bytes]) => ({ at: frame * 4096, bytes }));
  const path = await writeSparse(size, [...pieces, { at: size - 4096, bytes: new Uint8Array(4096).fill(1) }], ".raw");
  const before = Deno.memoryUsage().rss;
  const { leaves } = await auditOf(path, ...registerOptions(memory.registers));
  assertEquals(leaves, (await auditOf(`${STATES}${LONG}.json`))["leaves"]);
  const grown = (Deno.memoryUsage().rss - before) / 2 ** 20;
  assert(grown < 300, `${grown} MiB`);
  await Deno.remove(path);
});

Deno.test("--as says what a file is whose first bytes look like something else", async () => {
  const memory = await memoryOf(PAE);
  const first = new Uint8Array(4096);
  first.set(new TextEncoder().encode("{ KDUMP"));
  const path = await rawDump({ ...memory, frames: new Map([[0, first], ...memory.frames]) });
  const options = registerOptions(memory.registers);
  assertEquals((await runHere(auditCommand, path, ...options)).code, 2);
  assertEquals(await auditOf(path, "--as", "raw", ...options), await auditOf(`${STATES}${PAE}.json`));
  const { code, err } = await runHere(auditCommand, path, "--as", "row");
  assertEquals([code, err.includes("did you mean raw?")], [2, true]);
});

Deno.test("explain walks in a dump", async () => {
  const memory = await memoryOf(PAE);
  const { code, out } = await runHere(
    explainCommand,
    await rawDump(memory),
    "0xc1000010",
    ...registerOptions(memory.registers),
  );
  assertEquals(code, 0);
  assert(out.includes("physical 0x1000010: frame 0x1000, in a page of 2M, global\n"), out);
});

Deno.test("audit --save writes a state from any of them, which is read again", async () => {
  const memory = await memoryOf(LONG);
  const folder = await Deno.makeTempDir();
  const raw = await rawDump(memory);
  const saved = await runHere(
    auditCommand,
    raw,
    ...registerOptions(memory.registers),
    "--save",
    `${folder}/saved.json`,
  );
  assertEquals([saved.code, saved.err], [0, ""]);
  assertEquals(await auditOf(`${folder}/saved.json`), await auditOf(`${STATES}${LONG}.json`));
  const again = await runHere(
    auditCommand,
    raw,
    ...registerOptions(memory.registers),
    "--save",
    `${folder}/saved.json`,
  );
  assertEquals(again.code, 2);
  assert(again.err.includes("is there already; name another file with --save"), again.err);
});

Deno.test("of a core with several CPUs those with other roots are named, and one that does not page is refused", async () => {
  const memory = await memoryOf(LONG);
  const { registers } = memory;
  const note = (change: Partial<Memory["registers"]>) =>
    qemuNote({ ...memory, registers: { ...registers, ...change } });
  const off = note({ cr0: 0x6000_0010, cr3: 0n, cr4: 0 });
  const core = (...notes: Uint8Array[]) => coreDump(memory, { notes, ranges: [{ first: 0, bytes: memory.bytes }] });
  const other = note({ cr3: registers.cr3 + 0x1000n });
  const lines = await remarks(await core(note({}), other, off, note({})));
  assert(lines.includes("CPUs with other roots: 1; --cpu N takes one"), lines.join("\n"));
  assertEquals((await remarks(await core(note({}), off, note({})))).length, 1);
  const { code, err } = await runHere(auditCommand, await core(off, note({})));
  assertEquals([code, err], [
    2,
    "audit: Expected CPU 0 to use page tables but found CR0 0x60000010; --cpu takes one that does: 1\n",
  ]);
});

Deno.test("registers that do not fit the memory are refused in one line, or named where nothing is sure", async () => {
  const memory = await memoryOf(LONG);
  const raw = await rawDump(memory);
  const { cr3, ...others } = memory.registers;
  for (const registers of [{ ...others, cr3: 0x1000n }, { ...others, cr3, cr4: others.cr4 | 0x1000 }]) {
    const { code, out, err } = await runHere(auditCommand, raw, ...registerOptions(registers));
    assertEquals([code, out, err.split("\n").length], [2, "", 2]);
    assert(err.includes("found none that map a page to execute: do the registers fit this memory?"), err);
  }
  const file = async (ip: string) => {
    const path = await Deno.makeTempFile();
    const word = (value: number | bigint) => value.toString(16);
    await Deno.writeTextFile(
      path,
      `RIP=${ip} RFL=00000246 [---Z-P-] CPL=0\nCR0=${word(others.cr0)} CR2=0 CR3=${word(cr3)} CR4=${
        word(others.cr4)
      }\n` +
        `EFER=${word(others.efer)}\n`,
    );
    return await remarks(raw, "--registers", path);
  };
  assertEquals(await file("ffffffff81000000"), []);
  assertEquals(await file("ffffffff01000000"), [
    "the instruction pointer 0xffffffff01000000 cannot be executed below this root: do the registers fit it?",
  ]);
});

Deno.test("what cannot be read says in one line what to do", async () => {
  const refused = async (bytes: Uint8Array | string, ...args: string[]) => {
    const path = await Deno.makeTempFile();
    await Deno.writeFile(path, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
    const { code, out, err } = await runHere(auditCommand, path, ...args);
    assertEquals([code, out, err.split("\n").length], [2, "", 2]);
    return err;
  };
  assert((await refused("KDUMP   \x06\0\0\0")).includes("a compressed kdump: dump it as ELF"));
  assert((await refused("makedumpfile\0\0\0\0")).includes("makedumpfile -R"));
  assert((await refused(Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 0))).includes("unxz"));
  assert((await refused(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0))).includes("unzstd"));
  assert((await refused("EAX=00000000 EBX=00000000\n")).includes("give these with --registers"));
  assert((await refused("once upon a time\n")).includes("another text"));
  assert((await refused(new Uint8Array(8192))).includes("found no CR3, no CR4, no EFER: give them with --registers"));
  assert((await refused(new Uint8Array(8192), "--cr3", "0x1000", "--cr4", "0x20")).includes("found no EFER"));
  assert((await refused(new Uint8Array(8192), "--cr3", "0x9000", "--cr4", "0x10")).includes("no memory at CR3 0x9000"));
  assert((await refused("\x7fELF\x02\x01\x01" + "\0".repeat(100))).includes("Expected an ELF core (type 4)"));
});

Deno.test("a core that is cut short, or whose segments overlap or wrap, is refused in one line", async () => {
  const memory = await memoryOf(PAE);
  const core = async (ranges: { first: number; bytes: number }[]) =>
    await coreDump(memory, { notes: [qemuNote(memory)], ranges, machine: 3 });
  const refused = async (path: string) => {
    const { code, out, err } = await runHere(auditCommand, path);
    assertEquals([code, out, err.split("\n").length], [2, "", 2]);
    return err;
  };
  const short = await core([{ first: 0, bytes: memory.bytes }]);
  await Deno.truncate(short, 2 ** 28);
  assert((await refused(short)).includes("is it cut short?"));
  assert(
    (await refused(await core([{ first: 0, bytes: 0x10_0000 }, { first: 0x8_0000, bytes: 0x10_0000 }]))).includes(
      "two segments",
    ),
  );
  assert(
    (await refused(await core([{ first: 2 ** 52 - 4096, bytes: 0x10_0000 }]))).includes("Expected memory below 2^52"),
  );
});
