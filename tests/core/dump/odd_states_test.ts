/** States of guests that ran undisturbed in an emulator, each with one thing that is odd. */
import { assertEquals } from "@std/assert";
import { access, audit } from "@pagetable-init/textbook";
import { loadState, parseStateHeader, type State } from "@pagetable-init/textbook/dump";

const LONG = { cr0: "0x80010011", cr2: "0x0", cr3: "0x1000", cr4: "0x20", efer: "0x500" };
const RAM = 64 << 20;

interface Frame {
  readonly frame: number;
  readonly words: readonly (readonly [number, number])[];
}

async function stateOf(
  mode: string,
  registers: typeof LONG,
  frames: readonly Frame[],
  leafCount: number,
): Promise<State> {
  const bytes = new Uint8Array(frames.length * 4096);
  const view = new DataView(bytes.buffer);
  for (const [i, { words }] of frames.entries()) {
    for (const [word, value] of words) view.setInt32(i * 4096 + word * 4, value, true);
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const header = {
    format: "mmu-fixture-1",
    description: "",
    mode,
    ramBytes: RAM,
    registers,
    frameSize: 4096,
    frames: frames.map(({ frame }) => `0x${frame.toString(16)}`),
    frameData: "x.pt.gz",
    leafCount,
    frameDataSha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""),
  };
  return await loadState(parseStateHeader(JSON.stringify(header)), bytes);
}

const oddOf = (state: State) =>
  audit(state).findings.filter(({ entries }) => entries !== undefined).map(({ id, entries, ranges: [first] }) => [
    id,
    entries,
    first?.linear.lo,
    first?.entry?.name,
  ]);

Deno.test("a PAE guest whose PDPTE has RW and US is read, and the PDPTE is a finding", async () => {
  const registers = { ...LONG, cr4: "0x20", efer: "0x0" };
  const state = await stateOf(
    "PAE",
    registers,
    [{ frame: 1, words: [[0, 0x2007]] }, { frame: 2, words: [[0, 0x83]] }],
    1,
  );
  assertEquals(oddOf(state), [["reserved-bits", 1, 0, "PDPTE"]]);
  assertEquals(access(state, 0x1234), { ok: true, frame: 1, physical: 0x1234 });
});

Deno.test("an entry that points to where no memory is is a finding, and what is behind the others is read", async () => {
  const frames = [
    { frame: 1, words: [[0, 0x2003]] },
    { frame: 2, words: [[0, 0x3003], [2, 0x800_0003]] },
    { frame: 3, words: [[0, 0x83]] },
  ] as const;
  const state = await stateOf("4-level", LONG, frames, 1);
  assertEquals(oddOf(state), [["missing-table", 1, 0x4000_0000, "PDPTE"]]);
  assertEquals([access(state, 0x1000).ok, access(state, 0x4000_0000).ok], [true, false]);
});

Deno.test("a table in memory that was plugged in at 256 GiB is read like any other", async () => {
  const frames = [
    { frame: 1, words: [[0, 0x2003]] },
    { frame: 2, words: [[0, 0x3003], [2, 3], [3, 0x40]] },
    { frame: 3, words: [[0, 0x83]] },
    { frame: 0x400_0000, words: [[0, 0x83]] },
  ] as const;
  const state = await stateOf("4-level", LONG, frames, 2);
  assertEquals(oddOf(state), []);
  assertEquals(access(state, 0x4000_0abc), { ok: true, frame: 0, physical: 0xabc });
});

Deno.test("bit 63 of CR3, which asked for no flush, is no part of the register", async () => {
  const registers = { ...LONG, cr3: "0x8000000000001005" };
  const frames = [
    { frame: 1, words: [[0, 0x2003]] },
    { frame: 2, words: [[0, 0x3003]] },
    { frame: 3, words: [[0, 0x83]] },
  ] as const;
  const state = await stateOf("4-level", registers, frames, 1);
  assertEquals([state.machine.cr3, access(state, 0).ok], [0x1005, true]);
});
