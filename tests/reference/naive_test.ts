import { assertEquals } from "@std/assert";
import type { NaiveAccess, NaiveAnswer, NaiveState } from "./naive/state.ts";
import { naiveAccess } from "./naive/walk.ts";

const CR0_WP = 1n << 16n;
const CR4_PSE = 1n << 4n;
const CR4_SMEP = 1n << 20n;
const CR4_SMAP = 1n << 21n;
const CR4_PKE = 1n << 22n;
const EFER_NXE = 1n << 11n;
const NX = 1n << 63n;
const SUPERVISOR_READ = { kind: "read", user: false } as const;
const EVERYTHING = { pse36: true, pat: true, nx: true, gbPages: true };

/** A state whose memory holds the entries given and zeros, its root at 0x1000. */
function state(entries: Readonly<Record<number, bigint>>, registers: Partial<NaiveState>): NaiveState {
  return {
    mode: "4-level",
    cr0: 0n,
    cr3: 0x1000n,
    cr4: 0n,
    efer: 0n,
    pkru: 0n,
    ac: false,
    maxPhyAddr: 40,
    has: EVERYTHING,
    memory: (physical) => entries[Number(physical)] ?? 0n,
    ...registers,
  };
}

/** The entries for linear address 0 in 4-level paging, root first. */
function chain(pml4e: bigint, pdpte: bigint, pde: bigint, pte: bigint): Record<number, bigint> {
  return { 0x1000: pml4e | 0x2000n, 0x2000: pdpte | 0x3000n, 0x3000: pde | 0x4000n, 0x4000: pte };
}

function ask(s: NaiveState, access: Partial<NaiveAccess> = {}): string {
  return text(naiveAccess(s, { linear: 0n, ...SUPERVISOR_READ, ...access }));
}

function text(answer: NaiveAnswer): string {
  if (answer.outcome === "done") return `${answer.physical.toString(16)} in ${answer.pageBytes}`;
  return `${answer.outcome} ${answer.code.toString(16)}${answer.outcome === "#GP" ? ` ${answer.phase}` : ""}`;
}

Deno.test("of the PSE-36 bits of a 4M page those beyond the physical width are reserved", () => {
  const pde = (bit: number) => ({ 0x1000: 0x83n | (1n << BigInt(bit)) });
  const at = (bit: number, changes: Partial<NaiveState>) =>
    ask(state(pde(bit), { mode: "two-level", cr4: CR4_PSE, ...changes }));
  assertEquals(at(13, { maxPhyAddr: 36 }), "100000000 in 4194304");
  assertEquals(at(16, { maxPhyAddr: 36 }), "800000000 in 4194304");
  assertEquals(at(17, { maxPhyAddr: 36 }), "#PF 9");
  assertEquals(at(20, { maxPhyAddr: 52 }), "8000000000 in 4194304"); // never more than 40 bits
  assertEquals(at(21, { maxPhyAddr: 52 }), "#PF 9");
  assertEquals(at(13, { maxPhyAddr: 36, has: { ...EVERYTHING, pse36: false } }), "#PF 9");
});

Deno.test("without a PAT the PAT bit is reserved, in two-level paging only with CR4.PSE", () => {
  const without = { has: { ...EVERYTHING, pat: false } };
  const small = { 0x1000: 0x2003n, 0x2000: 0x5083n };
  const large = { 0x1000: 0x1083n };
  assertEquals(ask(state(small, { mode: "two-level", ...without })), "5000 in 4096");
  assertEquals(ask(state(small, { mode: "two-level", cr4: CR4_PSE, ...without })), "#PF 9");
  assertEquals(ask(state(large, { mode: "two-level", cr4: CR4_PSE, ...without })), "#PF 9");
  assertEquals(ask(state(large, { mode: "two-level", cr4: CR4_PSE })), "0 in 4194304");
  assertEquals(ask(state(chain(3n, 3n, 3n, 0x5083n), without)), "#PF 9");
});

Deno.test("PDPTE registers that are given are not read from memory", () => {
  const pdptes = [0x3001n, 0n, 0n, 0n];
  const tables = { 0x1000: 0x7001n, 0x3000: 0x4003n, 0x4000: 0x5003n };
  assertEquals(ask(state(tables, { mode: "pae", pdptes })), "5000 in 4096");
  assertEquals(ask(state(tables, { mode: "pae" })), "#PF 0");
});

Deno.test("a reserved bit in any present PDPTE is #GP at the load, in an absent one nothing", () => {
  const fourth = (value: bigint) => ask(state({ 0x1018: value }, { mode: "pae" }));
  for (const bit of [1n, 2n, 5n, 8n, 40n, 52n, 63n]) assertEquals(fourth(1n | (1n << bit)), "#GP 0 load");
  assertEquals(fourth(NX), "#PF 0");
});

Deno.test("a 1G page needs a processor that has it, in a PML4E bit 7 is always reserved", () => {
  const page = { 0x1000: 0x2003n, 0x2000: 0x4000_0083n };
  assertEquals(ask(state(page, {})), "40000000 in 1073741824");
  assertEquals(ask(state(page, { has: { ...EVERYTHING, gbPages: false } })), "#PF 9");
  assertEquals(ask(state({ ...page, 0x2000: 0x4000_2083n }, {})), "#PF 9");
  assertEquals(ask(state(chain(0x83n, 3n, 3n, 3n), {})), "#PF 9");
});

Deno.test("an address is canonical by bit 47 with four levels and by bit 56 with five", () => {
  const at = (mode: "4-level" | "5-level", linear: bigint) => ask(state({}, { mode }), { linear });
  assertEquals(at("4-level", 0x8000_0000_0000n), "#GP 0 access");
  assertEquals(at("5-level", 0x8000_0000_0000n), "#PF 0");
  assertEquals(at("5-level", 0x100_0000_0000_0000n), "#GP 0 access");
  assertEquals(at("5-level", 0xff00_0000_0000_0000n), "#PF 0");
});

Deno.test("a key's access-disable bit stops user and supervisor alike, PK is told beside SMAP", () => {
  const user = chain(7n, 7n, 7n, 0x5007n | (3n << 59n));
  const keyed = { cr4: CR4_PKE, pkru: 1n << 6n };
  assertEquals(ask(state(user, keyed)), "#PF 21");
  assertEquals(ask(state(user, keyed), { user: true }), "#PF 25");
  assertEquals(ask(state(user, { ...keyed, cr4: CR4_PKE | CR4_SMAP })), "#PF 21");
  assertEquals(ask(state(user, keyed), { kind: "fetch", user: true }), "5000 in 4096");
  assertEquals(ask(state(user, { ...keyed, cr4: 0n })), "5000 in 4096");
  const supervisor = chain(7n, 7n, 3n, 0x5007n | (3n << 59n));
  assertEquals(ask(state(supervisor, keyed)), "5000 in 4096");
  assertEquals(ask(state(supervisor, keyed), { user: true }), "#PF 5");
});

Deno.test("a key's write-disable bit spares a supervisor write with CR0.WP clear", () => {
  const tables = chain(7n, 7n, 7n, 0x5007n | (3n << 59n));
  const keyed = { cr4: CR4_PKE, pkru: 2n << 6n };
  assertEquals(ask(state(tables, keyed), { kind: "write" }), "5000 in 4096");
  assertEquals(ask(state(tables, { ...keyed, cr0: CR0_WP }), { kind: "write" }), "#PF 23");
  assertEquals(ask(state(tables, keyed), { kind: "write", user: true }), "#PF 27");
});

Deno.test("a fetch is told in the error code by SMEP, and by NXE where entries have 8 bytes", () => {
  const fetch = (changes: Partial<NaiveState>) => ask(state({}, changes), { kind: "fetch" });
  assertEquals(fetch({ mode: "two-level" }), "#PF 0");
  assertEquals(fetch({ mode: "two-level", efer: EFER_NXE }), "#PF 0");
  assertEquals(fetch({ mode: "two-level", cr4: CR4_SMEP }), "#PF 10");
  assertEquals(fetch({ mode: "pae", pdptes: [0n, 0n, 0n, 0n], efer: EFER_NXE }), "#PF 10");
  assertEquals(fetch({ efer: EFER_NXE, has: { ...EVERYTHING, nx: false } }), "#PF 0");
});

Deno.test("an entry that is used at two levels is updated once, with both its flags", () => {
  const itself = 0x1003n;
  const answer = naiveAccess(state({ 0x1000: itself }, { mode: "two-level" }), {
    linear: 0n,
    kind: "write",
    user: false,
  });
  assertEquals(answer.outcome === "done" && answer.updates, [{ address: 0x1000n, value: itself | 0x60n }]);
});
