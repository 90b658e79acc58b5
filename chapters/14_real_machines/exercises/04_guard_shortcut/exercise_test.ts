import { assert, assertEquals } from "@std/assert";
import { CPUS, MODES, XEN_RELEASES, type XenRelease } from "@pagetable-init/textbook";
import { buildDomain, Hypervisor } from "@pagetable-init/textbook/xen";
import { A, D, G, needsFullCheck, P, PCD, PS, PWT, RW, US } from "./exercise.ts";

const ENTRY = 0x0030_0000 | P;

Deno.test("another frame is checked", () => {
  assert(
    needsFullCheck(ENTRY, ENTRY + 0x1000),
    "The entry leads to another frame, and nothing is known of that one",
  );
  assert(
    needsFullCheck(ENTRY, 0x8000_0000 + ENTRY),
    "Compare all of the frame number, its highest bit too",
  );
});

Deno.test("an entry that appears or goes is checked", () => {
  assert(
    needsFullCheck(ENTRY & ~P, ENTRY),
    "The entry appears: the frame must become a table, with a count",
  );
  assert(
    needsFullCheck(ENTRY, ENTRY & ~P),
    "The entry goes: the frame's count must go down",
  );
});

Deno.test("RW is checked in both directions", () => {
  assert(
    needsFullCheck(ENTRY, ENTRY | RW),
    "RW is not harmless: the entry may be a linear map (XSA-182)",
  );
  assert(
    needsFullCheck(ENTRY | RW, ENTRY),
    "The check must be symmetric: what RW allowed is counted and must be uncounted",
  );
});

Deno.test("PS is checked", () => {
  assert(
    needsFullCheck(ENTRY, ENTRY | PS),
    "PS is not harmless: the table becomes a page, and can be written (XSA-148)",
  );
  assert(
    needsFullCheck(ENTRY | PS, ENTRY),
    "PS is not harmless: the page becomes a table that nobody has checked",
  );
});

Deno.test("cache attributes are checked", () => {
  for (const bit of [PWT, PCD]) {
    assert(
      needsFullCheck(ENTRY, ENTRY | bit),
      "A cache attribute is not harmless: it has rules",
    );
  }
});

Deno.test("A, D and the free bits pass", () => {
  for (const bit of [A, D, 0x200, 0x400, 0x800, A | D | 0x800]) {
    assert(
      !needsFullCheck(ENTRY, ENTRY | bit),
      "A, D and bits 9 to 11 change all the time: do not check them",
    );
    assert(
      !needsFullCheck(ENTRY | RW | bit, ENTRY | RW),
      "A, D and bits 9 to 11 change all the time: do not check them",
    );
  }
  assert(!needsFullCheck(ENTRY, ENTRY), "Nothing has changed");
});

Deno.test("harmless and harmful at once is harmful", () => {
  assert(
    needsFullCheck(ENTRY, ENTRY | A | RW),
    "A harmless bit in the same change does not make RW harmless",
  );
});

/** Xen 3.1 with your shortcut; PS may be set, as after 2008. */
function releaseOf(): XenRelease {
  const bits = [P, RW, US, PWT, PCD, A, D, PS, G, 0x200, 0x400, 0x800];
  const recheck = bits.filter((bit) => needsFullCheck(ENTRY & ~bit, ENTRY | bit)).reduce(
    (all, bit) => all | bit,
    0,
  );
  const contract = XEN_RELEASES["3.1"].contracts["two-level"];
  assert(contract !== undefined, "Xen 3.1 has a two-level contract");
  const levels = contract.levels.map((level) =>
    level.depth === 1 ? level : { ...level, recheck }
  );
  return { ...XEN_RELEASES["3.1"], contracts: { "two-level": { ...contract, levels } } };
}

Deno.test("with your shortcut Xen 3.1 withstands the attack of the chapter", () => {
  const xen = new Hypervisor({
    release: releaseOf(),
    mode: MODES["two-level"],
    cpu: CPUS.k8,
    guestPages: 0x4000,
    machineFrames: 0x6000,
    p2m: (pfn) => 0x5fff - pfn,
  });
  const root = xen.domain.p2m[buildDomain(xen).pageTables[0] ?? 0] ?? 0;
  const answers = [P, P | RW].map((flags) =>
    xen.mmuUpdate(root, 100, 0, (root << 12) | flags).rc
  );
  assertEquals(
    answers,
    [0, -22],
    "The second request makes a linear map writable and must be refused",
  );
});
