/** Small guests of QEMU, each with one thing that a reader of page tables may get wrong (tests/fixtures/states). */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { audit, explain } from "@pagetable-init/textbook";
import { loadState, parseStateHeader, type State } from "@pagetable-init/textbook/dump";
import { readState } from "../../chapters/recorded/files/state.ts";
import { auditCommand } from "../../tools/audit.ts";
import { explainCommand } from "../../tools/explain.ts";
import { runHere } from "../tools/run_here.ts";

const pathOf = (name: string) => new URL(`../fixtures/states/${name}.json`, import.meta.url).pathname;

/** A small state, with other registers or another CPU. */
async function withFields(
  name: string,
  fields: { cpu?: unknown; registers?: Record<string, unknown> },
): Promise<State> {
  const header = JSON.parse(await Deno.readTextFile(pathOf(name)));
  const gzip = (await Deno.open(pathOf(name).replace(".json", ".pt.gz"))).readable.pipeThrough(
    new DecompressionStream("gzip"),
  );
  const frames = new Uint8Array(await new Response(gzip).arrayBuffer());
  const registers = { ...header.registers, ...fields.registers };
  const text = JSON.stringify({ ...header, format: "page-table-state", version: 2, ...fields, registers });
  return await loadState(parseStateHeader(text), frames);
}

const codeOf = ({ outcome }: ReturnType<typeof explain>) =>
  outcome.ok ? "done" : outcome.fault.vector === 14 ? outcome.fault.errorCode : "#GP";

Deno.test("a protection key denies if PKRU is known; where it is not, the walk says what it assumed", async () => {
  const unknown = explain(await readState(pathOf("pkru_unknown")), 0x40_0000);
  assertEquals([codeOf(unknown), unknown.assumed.includes("pkru")], ["done", true]);
  const known = explain(await withFields("pkru_unknown", { registers: { pkru: "0x4" } }), 0x40_0000);
  assertEquals([codeOf(known), known.assumed.includes("pkru")], [0x21, false]);
  const fetch = explain(await readState(pathOf("pkru_unknown")), 0x40_0000, "fetch");
  assert(!fetch.assumed.includes("pkru"), "keys do not bind fetches");
});

Deno.test("SMAP is suspended if AC is known to be set; where it is not known, the walk says that it took it as clear", async () => {
  const unknown = explain(await readState(pathOf("ac_unknown")), 0x40_0000);
  assertEquals([codeOf(unknown), unknown.assumed.includes("ac")], [1, true]);
  const known = explain(await withFields("ac_unknown", { registers: { ac: true } }), 0x40_0000);
  assertEquals([codeOf(known), known.assumed.includes("ac")], ["done", false]);
  const user = explain(await readState(pathOf("ac_unknown")), 0x40_0000, "read", { user: true });
  assert(!user.assumed.includes("ac"), "SMAP does not bind user mode");
});

Deno.test("address bits beyond the CPU's width are reserved if it is known; where not, the walk says that it took them as address", async () => {
  const unknown = explain(await readState(pathOf("narrow_address")), 0x40_0000);
  assertEquals([codeOf(unknown), unknown.assumed.includes("cpu")], ["done", true]);
  const header = parseStateHeader(await Deno.readTextFile(pathOf("narrow_address")));
  const cpu = { ...header.cpu, id: "qemu64", physicalBits: 40, gigabytePages: false };
  const narrow = JSON.parse(await Deno.readTextFile(pathOf("narrow_address")));
  const gzip = (await Deno.open(pathOf("narrow_address").replace(".json", ".pt.gz"))).readable
    .pipeThrough(new DecompressionStream("gzip"));
  const frames = new Uint8Array(await new Response(gzip).arrayBuffer());
  const text = JSON.stringify({
    ...narrow,
    format: "page-table-state",
    version: 2,
    cpu,
    leafCount: narrow.leafCount - 1,
  });
  const state = await loadState(parseStateHeader(text), frames);
  assertEquals([codeOf(explain(state, 0x40_0000)), explain(state, 0x40_0000).assumed.includes("cpu")], [9, false]);
  const odd = audit(state).findings.find(({ id }) => id === "reserved-bits");
  assertEquals(odd?.ranges.map(({ linear, entry }) => [linear.lo, entry?.name, entry?.bits]), [
    [0x40_0000, "PTE", { hi: 1 << (45 - 32), lo: 0 }],
  ]);
});

Deno.test("the commands say what is not known, and what was assumed", async () => {
  const audited = await runHere(auditCommand, pathOf("pkru_unknown"));
  assertMatch(audited.out, /^CPU +not known: taken to have every feature and 52 address bits$/m);
  assertMatch(audited.out, /^not known +PKRU, EFLAGS.AC, the PAT;/m);
  const explained = await runHere(explainCommand, pathOf("pkru_unknown"), "0x400000");
  assert(explained.out.includes("assumed: PKRU is not known: taken as 0"), explained.out);
});

Deno.test("a kernel at 2G is found by its direct map, and can be told; its user page is a finding then", async () => {
  const state = await readState(pathOf("kernel_at_2g"));
  const { kernelHalf, findings } = audit(state);
  assertEquals(kernelHalf, { linear: { hi: 0, lo: 0x8000_0000 }, by: "direct-map" });
  const open = findings.find(({ id }) => id === "kernel-user-accessible");
  assertEquals([open?.pages, open?.address], [1, { hi: 0, lo: 0x8040_0000 }]);
  const told = audit(state, { kernelHalf: 0x8040_1000n });
  assertEquals([told.kernelHalf.by, told.findings.some(({ id }) => id === "kernel-user-accessible")], [
    "caller",
    false,
  ]);
  const { out } = await runHere(auditCommand, pathOf("kernel_at_2g"), "--kernel", "80000000");
  assertMatch(out, /^ +high +kernel-user-accessible +1 page +0x80400000/m);
});
