import { assert, assertEquals } from "@std/assert";
import { CPUS, MODES, XEN_RELEASES } from "@pagetable-init/textbook";
import { NX } from "@pagetable-init/textbook/mmu";
import { buildDomain, Hypervisor } from "@pagetable-init/textbook/xen";
import { type Entry, isHarmless } from "./exercise.ts";

const DATA: Entry = { lo: 0x04cf3023, hi: 0 };

Deno.test("NX, A, D and US are the guest's business", () => {
  assert(
    isHarmless(DATA, { ...DATA, hi: NX }),
    "NX is a flag, and Xen counts no executable pages: setting it is harmless",
  );
  for (const bit of [0x004, 0x020, 0x040, 0x200]) {
    assert(
      isHarmless(DATA, { ...DATA, lo: DATA.lo ^ bit }),
      `Bit 0x${bit.toString(16)} is not counted: its change is harmless`,
    );
  }
});

Deno.test("RW is counted, in both directions", () => {
  const readOnly = { ...DATA, lo: DATA.lo & ~0x002 };
  assert(!isHarmless(readOnly, DATA), "RW is added: the frame may be a page table");
  assert(
    !isHarmless(DATA, readOnly),
    "RW is taken away: the frame is mapped writable once less, and that must be counted",
  );
});

Deno.test("another frame is another page", () => {
  assert(
    !isHarmless(DATA, { ...DATA, lo: DATA.lo + 0x1000 }),
    "The entry leads to another frame",
  );
  assert(
    !isHarmless(DATA, { ...DATA, hi: 0x1 }),
    "The frame has upper bits, in hi: this is another frame, above 4 GiB",
  );
  assert(
    !isHarmless(DATA, { lo: DATA.lo + 0x1000, hi: NX }),
    "The entry leads to another frame",
  );
});

Deno.test("to come and to go is counted", () => {
  assert(
    !isHarmless({ lo: DATA.lo & ~1, hi: 0 }, DATA),
    "An entry without P counted for nothing: what it leads to was never checked",
  );
  assert(
    !isHarmless(DATA, { lo: DATA.lo & ~1, hi: 0 }),
    "The entry goes: what it counted for must be dropped",
  );
  assert(
    !isHarmless(DATA, { lo: 0, hi: 0 }),
    "The entry goes: what it counted for must be dropped",
  );
});

Deno.test("what is harmless changes no count in Xen's books", () => {
  const p2m = (pfn: number) => 0x4fff - pfn;
  const size = { guestPages: 0x4000, machineFrames: 0x5000, p2m };
  const xen = new Hypervisor({
    release: XEN_RELEASES["3.1"],
    mode: MODES.pae,
    cpu: CPUS.k8,
    ...size,
  });
  buildDomain(xen);
  const mfn = p2m(0x20);
  const counts = () => [xen.frames.at(mfn).count, xen.frames.at(mfn).typeCount].join();
  let old = { lo: mfn * 4096 | 0x023, hi: 0 };
  for (const flags of [0x063, 0x067, 0x027, 0x021, 0x061, 0x023, 0x020, 0x021]) {
    for (const hi of [0, NX]) {
      const wanted = { lo: mfn * 4096 | flags, hi };
      const before = counts();
      assertEquals(xen.updateVaMapping(0, 0xc0020000 | 0, wanted.hi, wanted.lo).rc, 0);
      const same = counts() === before;
      if (!same) {
        assert(
          !isHarmless(old, wanted),
          `You call 0x${flags.toString(16)} harmless, and a count changed`,
        );
      } else if ((old.lo & wanted.lo & 1) !== 0) {
        assert(isHarmless(old, wanted), `No count changed at 0x${flags.toString(16)}`);
      }
      old = wanted;
    }
  }
});
