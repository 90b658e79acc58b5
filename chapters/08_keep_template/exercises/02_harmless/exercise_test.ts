import { assert, assertEquals } from "@std/assert";
import { CPUS, MODES, XEN_RELEASES } from "@pagetable-init/textbook";
import { NX } from "@pagetable-init/textbook/mmu";
import { buildDomain, Hypervisor } from "@pagetable-init/textbook/xen";
import { type Entry, isHarmless } from "./exercise.ts";

const DATA: Entry = { lo: 0x04cf3023, hi: 0 };

/** An entry as the two words that it is, high first. */
const words = ({ hi, lo }: Entry) =>
  [hi, lo].map((word) => `0x${(word >>> 0).toString(16).padStart(8, "0")}`).join(":");

/** Expects an answer for a change; `why` is what to think about if it is another. */
function expectThat(old: Entry, wanted: Entry, harmless: boolean, why: string): void {
  const found = isHarmless(old, wanted);
  const [expected, answer] = [harmless, found].map((it) => it ? "harmless" : "harmful");
  assert(
    found === harmless,
    `${words(old)} to ${words(wanted)}: expected ${expected} but found ${answer}. ${why}`,
  );
}

Deno.test("NX, A, D, US and the like are the guest's business", () => {
  expectThat(
    DATA,
    { ...DATA, hi: NX },
    true,
    "NX is a flag, and Xen counts no executable pages",
  );
  for (const bit of [0x100_000, 0x4000_0000]) {
    const why = "The frame number ends at bit 19 of hi; above it there are flags";
    expectThat(DATA, { ...DATA, hi: bit }, true, why);
  }
  for (const bit of [0x004, 0x008, 0x010, 0x020, 0x040, 0x080, 0x100, 0x200, 0x800]) {
    expectThat(
      DATA,
      { ...DATA, lo: DATA.lo ^ bit },
      true,
      `Nothing is counted for bit 0x${bit.toString(16)}`,
    );
  }
});

Deno.test("RW is counted, in both directions", () => {
  const readOnly = { ...DATA, lo: DATA.lo & ~0x002 };
  expectThat(readOnly, DATA, false, "RW is added: the frame may be a page table");
  expectThat(
    DATA,
    readOnly,
    false,
    "RW is taken away: the frame is mapped writable once less, and that must be counted",
  );
});

Deno.test("another frame is another page", () => {
  const next = { ...DATA, lo: DATA.lo + 0x1000 };
  const high = { ...DATA, lo: DATA.lo ^ 0x8000_0000 };
  expectThat(DATA, next, false, "The entry leads to another frame");
  expectThat(DATA, high, false, "Bit 31 is a bit of the frame number too");
  expectThat(
    DATA,
    { ...DATA, hi: 0x1 },
    false,
    "The frame has upper bits, in hi: this is another frame, above 4 GiB",
  );
  for (const hi of [0x10, 0x8_0000]) {
    const why = "All of bits 0 to 19 of hi belong to the frame number, up to the last";
    expectThat(DATA, { ...DATA, hi }, false, why);
  }
  expectThat(DATA, { ...next, hi: NX }, false, "The entry leads to another frame");
});

Deno.test("to come and to go is counted", () => {
  const absent = { ...DATA, lo: DATA.lo & ~1 };
  expectThat(
    absent,
    DATA,
    false,
    "An entry without P counted for nothing: what it leads to was never checked",
  );
  const why = "The entry goes: what it counted for must be dropped";
  expectThat(DATA, absent, false, why);
  expectThat(DATA, { lo: 0, hi: 0 }, false, why);
});

Deno.test("an absent entry counts for nothing, whatever else is in it", () => {
  const why = "Neither entry has P, so neither counts for anything";
  expectThat({ lo: 0, hi: 0 }, { lo: 0x00123042, hi: NX }, true, why);
  expectThat({ lo: 0x00123042, hi: 0 }, { lo: 0, hi: 0x5 }, true, why);
});

Deno.test("what is harmless changes no count in Xen's books, and the rest does", () => {
  const p2m = (pfn: number) => 0x4fff - pfn;
  const size = { guestPages: 0x4000, machineFrames: 0x5000, p2m };
  const release = XEN_RELEASES["3.1"];
  const xen = new Hypervisor({ release, mode: MODES.pae, cpu: CPUS.k8, ...size });
  buildDomain(xen);
  const mfn = p2m(0x20);
  const counts = () => [xen.frames.at(mfn).count, xen.frames.at(mfn).typeCount].join();
  let old = { lo: mfn * 4096 | 0x023, hi: 0 };
  for (const flags of [0x063, 0x067, 0x027, 0x021, 0x061, 0x023, 0x020, 0x042, 0x021]) {
    for (const hi of [0, NX]) {
      const wanted = { lo: mfn * 4096 | flags, hi };
      const before = counts();
      const { rc } = xen.updateVaMapping(0, 0xc0020000 | 0, wanted.hi, wanted.lo);
      assertEquals(rc, 0, `Xen is expected to accept ${words(wanted)}`);
      const same = counts() === before;
      const why = `Xen's counts were ${before} and are ${counts()}`;
      expectThat(old, wanted, same, why);
      old = wanted;
    }
  }
});
