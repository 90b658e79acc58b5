import { assert, assertEquals } from "@std/assert";
import { CPUS, MODES, XEN_RELEASES, type XenRelease } from "@pagetable-init/textbook";
import { buildDomain, Hypervisor } from "@pagetable-init/textbook/xen";
import { A, D, G, needsFullCheck, P, PCD, PS, PWT, RW, US } from "./exercise.ts";

const ENTRY = 0x0030_0000 | P;

/** Expects an answer for a change; `why` is what to think about if it is another. */
function expectCheck(before: number, after: number, due: boolean, why: string): void {
  const hex = (lo: number) => `0x${(lo >>> 0).toString(16).padStart(8, "0")}`;
  const found = needsFullCheck(before, after);
  assert(
    found === due,
    `${hex(before)} to ${hex(after)}: expected ${due} but found ${found}. ${why}`,
  );
}

Deno.test("another frame is checked", () => {
  const next = "The entry leads to another frame, and nothing is known of that one";
  expectCheck(ENTRY, ENTRY + 0x1000, true, next);
  const highest = "Compare all of the frame number, its highest bit too";
  expectCheck(ENTRY, 0x8000_0000 + ENTRY, true, highest);
});

Deno.test("an entry that appears or goes is checked", () => {
  const appears = "The entry appears: the frame must become a table, with a count";
  expectCheck(ENTRY & ~P, ENTRY, true, appears);
  expectCheck(ENTRY, ENTRY & ~P, true, "The entry goes: the frame's count must go down");
});

Deno.test("RW is checked in both directions", () => {
  const linear = "RW is not harmless: the entry may be a linear map (XSA-182)";
  expectCheck(ENTRY, ENTRY | RW, true, linear);
  const back =
    "The check must be symmetric: what RW allowed is counted and must be uncounted";
  expectCheck(ENTRY | RW, ENTRY, true, back);
});

Deno.test("PS is checked", () => {
  const page =
    "PS is not harmless: the table becomes a page, and can be written (XSA-148)";
  expectCheck(ENTRY, ENTRY | PS, true, page);
  const table = "PS is not harmless: the page becomes a table that nobody has checked";
  expectCheck(ENTRY | PS, ENTRY, true, table);
});

Deno.test("cache attributes are checked", () => {
  for (const bit of [PWT, PCD]) {
    expectCheck(
      ENTRY,
      ENTRY | bit,
      true,
      "A cache attribute is not harmless: it has rules",
    );
    expectCheck(ENTRY | bit, ENTRY, true, "A cache attribute counts when it goes, too");
  }
});

Deno.test("whatever is not named is checked", () => {
  const user = "US is not among the bits that may skip the check";
  expectCheck(ENTRY, ENTRY | US, true, user);
  expectCheck(ENTRY | US, ENTRY, true, user);
  const global = "G is not among them: a global translation survives a switch of CR3";
  expectCheck(ENTRY, ENTRY | G, true, global);
  expectCheck(ENTRY | G, ENTRY, true, global);
});

Deno.test("A, D and the free bits pass", () => {
  const why = "A, D and bits 9 to 11 change all the time: do not check them";
  for (const bit of [A, D, 0x200, 0x400, 0x800, A | D | 0x800]) {
    expectCheck(ENTRY, ENTRY | bit, false, why);
    expectCheck(ENTRY | RW | bit, ENTRY | RW, false, why);
  }
  expectCheck(ENTRY, ENTRY, false, "Nothing has changed");
});

Deno.test("harmless and harmful at once is harmful", () => {
  const why = "A harmless bit in the same change does not make RW harmless";
  expectCheck(ENTRY, ENTRY | A | RW, true, why);
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
