/** More real states: addresses randomised, tables isolated, code left writable, protection keys (tests/fixtures/states). */
import { assert, assertEquals } from "@std/assert";
import { audit, explain } from "@pagetable-init/textbook";
import { G, P, RW, US } from "@pagetable-init/textbook/mmu";
import { readState } from "../../chapters/recorded/files/state.ts";
import { auditCommand } from "../../tools/audit.ts";
import { runHere } from "../tools/run_here.ts";

const FOLDER = "tests/fixtures/states/";

async function audited(name: string, ...args: string[]) {
  const { code, out, err } = await runHere(auditCommand, "--json", `${FOLDER}${name}.json`, ...args);
  assertEquals([code, err], [0, ""]);
  return JSON.parse(out);
}

const ids = ({ findings }: { findings: readonly { id: string; severity: string }[] }) =>
  findings.map(({ id, severity }) => `${severity} ${id}`);

Deno.test("the regions of a 5-level Linux whose addresses are randomised are found, and nothing is wrong with it", async () => {
  const state = await audited("kaslr5");
  const first = Object.fromEntries(
    state.regions.map(({ name, first }: { name: string; first: string }) => [name, first]),
  );
  assertEquals(first, {
    "user half": "0x00400000",
    "direct map": "0xff351902c0000000",
    "vmalloc": "0xff5739c300000000",
    "vmemmap": "0xffaa642c40000000",
    "cpu entry area": "0xfffffe0000000000",
    "ESPFIX": "0xffffff5800008000",
    "kernel text": "0xffffffff87400000",
    "kernel data": "0xffffffff88202000",
    "modules": "0xffffffffc003f000",
    "fixmap": "0xffffffffff5fc000",
  });
  assertEquals(ids(state), ["note page-table-writable"]);
});

Deno.test("of isolated tables either root is recognised, names the other, and raises no alarm", async () => {
  const kernel = await audited("linux61-amd64-pti");
  assertEquals(kernel.isolation, { root: "kernel", other: "0x29e7000" });
  const user = await audited("linux61-amd64-pti", "--cr3", "0x29e7000");
  assertEquals(user.isolation, { root: "user", other: "0x29e6000" });
  assertEquals([ids(kernel), ids(user)], [["note page-table-writable"], []]);
  assert(user.leaves < kernel.leaves && user.regions.some(({ name }: { name: string }) => name === "cpu entry area"));
  const users = ({ map }: { map: { rights: string }[] }) => map.filter(({ rights }) => rights.startsWith("u"));
  assert(users(kernel).length > 0 && users(kernel).every(({ rights }) => rights.endsWith("-")));
  assert(users(user).some(({ rights }) => rights.endsWith("x")));
});

Deno.test("another root must be in the state", async () => {
  const { code, err } = await runHere(auditCommand, `${FOLDER}linux61-amd64-pti.json`, "--cr3", "0x1000");
  assertEquals(code, 2);
  assert(err.startsWith("audit: Expected a table at CR3 0x1000 but found none in this state"), err);
});

Deno.test("a kernel with rodata=off has writable code, and nothing else of high severity", async () => {
  const state = await audited("linux61-amd64-rodata");
  assertEquals(ids(state), ["high kernel-write-exec", "note page-table-writable"]);
  assertEquals(state.findings[0].address, "0xffffffff81000000");
});

Deno.test("protection keys are shown, and entries that are PROT_NONE are told", async () => {
  const state = await audited("pkey");
  const key = state.map.filter(({ protectionKey }: { protectionKey: number }) => protectionKey !== 0);
  assertEquals(
    key.map(({ first, protectionKey }: { first: string; protectionKey: number }) => [first, protectionKey]),
    [["0x20001000", 1]],
  );
  assertEquals(state.absent, [{ kind: "prot-none", entries: 1, address: "0x20000000" }]);
});

const NX_HI = 0x8000_0000 | 0;
/** A page of the fixmap and one of vmalloc whose tables are there and that map nothing. */
const [FIXMAP, VMALLOC] = [0xffff_ffff_ff5f_0000n, 0xffff_c900_0000_4000n];

/** The findings that an entry adds, put where an address of Linux has its last. */
async function planted(address: bigint, hi: number, lo: number): Promise<string[]> {
  const { machine } = await readState("tests/fixtures/kernels/linux61-amd64-4level.json");
  const before = audit(machine).findings.map(({ id, pages }) => `${id} ${pages}`);
  const last = explain(machine, address).steps.at(-1);
  assertEquals([last?.level.entry, last?.lo], ["PTE", 0]);
  machine.memory.writePair(last?.table ?? 0, 2 * (last?.index ?? 0), hi, lo);
  return audit(machine).findings.filter(({ id, pages }) => !before.includes(`${id} ${pages}`)).map(({ id }) => id);
}

Deno.test("each defect that is planted in a kernel's tables is found, and nothing else is called one", async () => {
  const free = 0x1234_5000; // a frame of data
  const text = 0x0100_0000; // the first of the kernel's text
  const { cr3 } = (await readState("tests/fixtures/kernels/linux61-amd64-4level.json")).header.registers;
  assertEquals(await planted(VMALLOC, NX_HI, free | P | RW | G), []);
  assertEquals(await planted(VMALLOC, NX_HI | 0x10_0000, free | P), []); // bit 52 means nothing
  assertEquals(await planted(FIXMAP, 0, 0x7000_0000 | P | RW | G), ["kernel-write-exec"]);
  assertEquals(await planted(FIXMAP, 0, free | P | G), ["alias-write-exec"]); // the direct map can write it
  assertEquals(await planted(VMALLOC, NX_HI, text | P | RW), ["alias-write-exec"]);
  assertEquals(await planted(VMALLOC, NX_HI | 0x800, free | P | RW), ["beyond-memory"]);
  assertEquals(await planted(VMALLOC, NX_HI, cr3 | P | RW), ["page-table-writable"]);
});

Deno.test("a defect above the leaves is found too: a reserved bit, a table that is not there, a kernel page open to user mode", async () => {
  const spoilt = async (depth: number, change: (lo: number) => number) => {
    const { machine } = await readState("tests/fixtures/kernels/linux61-amd64-4level.json");
    const steps = explain(machine, VMALLOC - 0x4000n).steps;
    for (const { table, index, lo } of depth < 0 ? steps : steps.slice(depth, depth + 1)) {
      machine.memory.write(table, 2 * index, change(lo) | 0);
    }
    return audit(machine).findings.map(({ id }) => id).filter((id) =>
      id !== "user-write-exec" && id !== "page-table-writable"
    );
  };
  assertEquals(await spoilt(0, (lo) => lo | 0x80), ["reserved-bits"]); // PS where no page can be
  assertEquals(await spoilt(2, (lo) => (lo & 0xfff) | 0x1ff0_0000), ["missing-table"]);
  assertEquals(await spoilt(-1, (lo) => lo | US), ["kernel-user-accessible"]);
});

Deno.test("Debian's Xen with a Debian dom0, 484,457 leaves: all regions of both are named, and nothing is wrong", async () => {
  const { leaves, owner, regions, findings } = await audited("xen417-debian-dom0");
  assertEquals([leaves, owner], [484_457, "xen"]);
  assertEquals(regions.map(({ name }: { name: string }) => name), [
    "user half",
    "Xen M2P (read-only)",
    "Xen linear page table",
    "Xen per-domain",
    "Xen M2P",
    "Xen vmap and fixmap",
    "Xen text and data",
    "Xen frame table",
    "Xen directmap",
    "direct map",
    "vmalloc",
    "vmemmap",
    "cpu entry area",
    "ESPFIX",
    "kernel text",
    "kernel data",
    "modules",
    "fixmap",
  ]);
  assertEquals(ids({ findings }), ["note kernel-user-accessible", "note alias-write-exec", "note page-table-writable"]);
});
