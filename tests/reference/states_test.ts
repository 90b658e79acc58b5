import { assert, assertEquals } from "@std/assert";
import { audit, explain, type Linear } from "@pagetable-init/textbook";
import { loadState, parseStateHeader, saveState, type State } from "@pagetable-init/textbook/dump";
import { formatAddress, RIGHT_RW, RIGHT_US } from "@pagetable-init/textbook/mmu";
import { pageRanges, printLeaves, tablesOf } from "@pagetable-init/textbook/tables";
import { readBounded } from "../../chapters/recorded/files/read_bounded.ts";
import { readState } from "../../chapters/recorded/files/state.ts";

const FOLDER = "tests/fixtures/kernels/";
const LINUX = ["linux61-686-2level", "linux61-686-pae", "linux61-amd64-4level", "linux61-amd64-5level"] as const;
const XEN = ["xen417-pv32-dom0", "xen417-pv64-dom0"] as const;
const STATES = [...LINUX, ...XEN];

type Name = typeof STATES[number];

const states: Partial<Record<Name, State>> = {};

async function state(name: Name): Promise<State> {
  return states[name] ??= await readState(`${FOLDER}${name}.json`);
}

async function text(file: string): Promise<string> {
  return new TextDecoder().decode(await readBounded(`${FOLDER}${file}`));
}

/** QEMU 7.2 leaves bit 63 of the entry in the physical address. */
function withoutNx(line: string): string {
  const [linear = "", physical = "", flags = ""] = line.split(" ");
  const masked = BigInt(`0x${physical}`) & (2n ** 52n - 1n);
  return `${linear} ${masked.toString(16).padStart(16, "0")} ${flags}`;
}

for (const name of STATES) {
  Deno.test(`the leaves of ${name} are QEMU's, line by line`, async () => {
    const { machine } = await state(name);
    const expected = (await text(`${name}.tlb.gz`)).trimEnd().split(/\r?\n/).map(withoutNx);
    const found: string[] = [];
    printLeaves(tablesOf(machine), (line) => found.push(line));
    const difference = expected.findIndex((line, i) => line !== found[i]);
    assertEquals(found[difference], expected[difference]);
    assertEquals(found.length, expected.length);
  });
}

/** Ranges of `info mem`: neighbouring pages with the same U and W on all levels together. */
function ranges(name: Name, { machine }: State): string[] {
  const merged: { from: bigint; end: bigint; rights: string }[] = [];
  for (const { linear, pages, rights } of pageRanges(tablesOf(machine))) {
    const from = addressOf(linear);
    const end = from + BigInt(pages) * 4096n;
    const last = merged[merged.length - 1];
    const letters = `${(rights & RIGHT_US) !== 0 ? "u" : "-"}r${(rights & RIGHT_RW) !== 0 ? "w" : "-"}`;
    if (last?.end === from && last.rights === letters) last.end = end;
    else merged.push({ from, end, rights: letters });
  }
  assert(merged.length > 0, name);
  const digits = (value: bigint) => BigInt.asUintN(64, value).toString(16).padStart(16, "0");
  return merged.map(({ from, end, rights }) => `${digits(from)}-${digits(end)} ${digits(end - from)} ${rights}`);
}

function addressOf({ hi, lo }: Linear): bigint {
  return (BigInt(hi) << 32n) | BigInt(lo);
}

for (const name of [LINUX[0], LINUX[1], ...XEN]) {
  Deno.test(`the effective rights in ${name} are those of QEMU's info mem`, async () => {
    const { infoMem }: { infoMem: string[] } = JSON.parse(await text(`${name}.json`));
    assertEquals(ranges(name, await state(name)), infoMem);
  });
}

for (const name of STATES) {
  Deno.test(`every range of ${name} leads where the explaining walker does`, async () => {
    const { machine } = await state(name);
    machine.writeAc(true);
    const found = pageRanges(tablesOf(machine));
    for (const { linear, frame, pageShift, rights } of found.filter((_, i) => i % 7 === 0 || found.length < 1000)) {
      const { outcome } = explain(machine, linear);
      assert(outcome.ok, formatAddress(linear));
      assertEquals([outcome.frame, outcome.pageBytes, outcome.rights & 7], [frame, 2 ** pageShift, rights & 7]);
    }
  });

  Deno.test(`${name} survives being saved and loaded`, async () => {
    const { machine, header } = await state(name);
    const saved = await saveState(machine, { name, description: header.description });
    const again = await loadState(parseStateHeader(saved.header), saved.frameData);
    assertEquals(again.machine.mode, machine.mode);
    assertEquals(pageRanges(tablesOf(again.machine)), pageRanges(tablesOf(machine)));
    const { registers, frames, leafCount, frameDataSha256 } = again.header;
    assertEquals([registers, frames, leafCount], [header.registers, header.frames, header.leafCount]);
    // In PAE the marks that QEMU leaves in the PDPTEs are gone.
    assertEquals(frameDataSha256 === header.frameDataSha256, machine.mode?.id !== "pae");
  });
}

for (const name of ["linux61-amd64-4level", "linux61-amd64-5level"] as const) {
  Deno.test(`the 65,536 aliases of ${name} are one row of its map`, async () => {
    const { map, leaves } = audit(await state(name));
    assertEquals(map.filter(({ times }) => times > 1).map(({ times, stride }) => [times, stride]), [[65_536, 16]]);
    assertEquals(leaves, 73_789);
  });
}

Deno.test("Linux 6.1 opens no page of its half to user mode, and writes to its own page tables", async () => {
  for (const name of LINUX) {
    const { findings, tables } = audit(await state(name));
    assertEquals(findings.filter(({ id }) => id === "kernel-user-accessible"), [], name);
    const writable = findings.find(({ id }) => id === "page-table-writable")?.pages ?? 0;
    assert(writable >= new Set(tables.map(({ frame }) => frame)).size, name);
  }
});

Deno.test("a 64-bit guest of Xen can write to none of its page tables, under no alias; Xen itself can", async () => {
  const { findings } = audit(await state("xen417-pv64-dom0"));
  const writable = findings.find(({ id }) => id === "page-table-writable")?.ranges ?? [];
  assert(writable.length > 0);
  assertEquals(writable.filter(({ rights }) => (rights & RIGHT_US) !== 0), []);
});

Deno.test("a 32-bit guest of Xen, at 3G and above, can write to none of the page tables below its root", async () => {
  const { findings } = audit(await state("xen417-pv32-dom0"));
  const writable = findings.find(({ id }) => id === "page-table-writable")?.ranges ?? [];
  assert(writable.length > 0);
  assertEquals(writable.filter(({ linear }) => linear.hi === 0), []);
});

Deno.test("no state has a finding of high severity that is how its system works", async () => {
  for (const name of STATES) {
    const { owner, findings } = audit(await state(name));
    assertEquals(owner, name.startsWith("xen") ? "xen" : "linux", name);
    const high = findings.filter(({ severity }) => severity === "high").map(({ id }) => id);
    // the guest of the 32-bit Xen is a probe of ours that runs in ring 1 with every right on its pages
    assertEquals(high, name === "xen417-pv32-dom0" ? ["kernel-write-exec"] : [], name);
  }
});
