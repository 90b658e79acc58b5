import { assertEquals } from "@std/assert";
import {
  type Contract,
  CONTRACTS,
  DATA,
  EINVAL,
  named,
  OTHER,
  SampleDomain,
} from "../../../chapters/guests/sample_domain.ts";
import { writableFrames } from "../../../chapters/guests/scan.ts";
import { pinnedL2, PROOF, TARGET } from "./attack_parts.ts";
import { MMU_MACHPHYS_UPDATE, MMUEXT, XEN_RELEASES } from "../../../core/xen/mod.ts";

/**
 * A copy of the PAE root whose words beyond the four entries were written by the guest: as the root Xen never looks at them, and as an L2 the CPU does.
 * One word leads by a large page to Xen's frames, one by a table to the root that is pinned.
 */
function rootWithTail(domain: SampleDomain): { readonly root: number; readonly load: number } {
  const { xen } = domain;
  const { memory } = xen.machine;
  const [root, l2, forged] = [0x610, 0x611, 0x612];
  memory.copyFrame(domain.mfn(root), xen.domain.rootMfn);
  memory.copyFrame(domain.mfn(l2), xen.domain.entryLo(xen.domain.rootMfn, 3) >>> 12);
  memory.write(domain.mfn(root), 6, (domain.mfn(l2) << 12) | (xen.domain.entryLo(xen.domain.rootMfn, 3) & 1));
  domain.storeEntry(root, 4, 0x0020_00e7); // a large page over the first frames of Xen's
  domain.storeEntry(root, 5, (domain.mfn(forged) << 12) | 0x67);
  domain.storeEntry(forged, 0, (xen.domain.rootMfn << 12) | 0x67);
  assertEquals([domain.map(root, root, 0x61), domain.map(l2, l2, 0x61)], [0, 0]);
  return { root, load: xen.mmuextOp(MMUEXT.NEW_BASEPTR, domain.mfn(root)).rc };
}

Deno.test("in 2007 a PAE root could map itself, and the words that nobody had validated became a table (XSA-185; Xen 3.1, pae)", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const { xen } = domain;
  const builders = xen.domain.rootMfn;
  const { root, load } = rootWithTail(domain);
  assertEquals([load, domain.update(root, 1, root, 0x01)], [0, 0]);
  const through = (0x4000_0000 + 4 * 0x20_0000 + (TARGET - 0x200) * 4096) | 0;
  assertEquals(xen.store32(0, through, PROOF).ok, true);
  assertEquals(xen.machine.memory.read(TARGET, 0), PROOF, "the guest has written a frame of Xen's");
  assertEquals(writableFrames(xen).has(builders), true, "and the root that the domain builder pinned can be written");
});

Deno.test("a PAE root may not map itself, and what is beyond its entries is cleared (XSA-185; Xen 4.17, pae)", () => {
  const domain = new SampleDomain(["4.17", "pae"]);
  const { root, load } = rootWithTail(domain);
  assertEquals([load, domain.update(root, 1, root, 0x01)], [0, EINVAL]);
  const tail = Array.from({ length: 508 }, (_, i) => domain.xen.domain.entryLo(domain.mfn(root), 4 + i));
  assertEquals(tail.every((word) => word === 0), true);
});

Deno.test("the same release with no linear map at the root's level refuses that one entry (XSA-185; Xen 3.1, pae)", () => {
  const { pae, ...others } = XEN_RELEASES["3.1"].contracts;
  if (pae === undefined) throw new TypeError("Expected a PAE contract of Xen 3.1 but found none");
  const levels = pae.levels.map((level) => level.depth === 3 ? { ...level, linear: false } : level);
  const release = { ...XEN_RELEASES["3.1"], contracts: { ...others, pae: { ...pae, levels } } };
  const domain = new SampleDomain(["3.1", "pae"], { release });
  const { root, load } = rootWithTail(domain);
  assertEquals([load, domain.update(root, 1, root, 0x01)], [0, EINVAL]);
});

/** Whether A maps B, then B maps C; and the other way round. */
function chains(contract: Contract): readonly (readonly number[])[] {
  const link = (domain: SampleDomain, from: number, to: number) => domain.update(from, 5, to, 0x21);
  return [[0, 1, 1, 2], [1, 2, 0, 1]].map(([a = 0, b = 0, c = 0, d = 0]) => {
    const domain = new SampleDomain(contract);
    [0, 1, 2].forEach((i) => pinnedL2(domain, DATA + i));
    return [link(domain, DATA + a, DATA + b), link(domain, DATA + c, DATA + d)];
  });
}

/** Two tables that map each other lose their last users while one of them is updated. */
function brokenCircle(contract: Contract): { readonly linked: readonly number[]; readonly left: readonly number[] } {
  const domain = new SampleDomain(contract);
  const { xen } = domain;
  [DATA, OTHER].forEach((pfn) => pinnedL2(domain, pfn));
  const linked = [domain.update(DATA, 5, OTHER, 0x21), domain.update(OTHER, 5, DATA, 0x21)];
  [DATA, OTHER].forEach((pfn) => xen.mmuextOp(MMUEXT.UNPIN_TABLE, domain.mfn(pfn)));
  xen.mmuUpdate(domain.mfn(DATA), 5, 0, 0);
  return { linked, left: [DATA, OTHER].map((pfn) => xen.frames.at(domain.mfn(pfn)).typeCount) };
}

/** A table whose first entries are good and whose last one is not is validated again and again. */
function failedValidations(contract: Contract): readonly (number | undefined)[] {
  const domain = new SampleDomain(contract);
  const { xen } = domain;
  const [mapping, used] = [domain.mfn(DATA), domain.mfn(OTHER)];
  pinnedL2(domain, OTHER);
  xen.mmuUpdate(mapping, 5, 0, (used << 12) | 0x21);
  xen.mmuUpdate(mapping, 9, 0, (TARGET << 12) | 0x21);
  assertEquals(domain.map(DATA, DATA, 0x61), 0);
  for (let i = 0; i < 50; i++) assertEquals(xen.mmuextOp(MMUEXT.PIN_L2_TABLE, mapping).rc, EINVAL);
  return [xen.frames.linear[mapping], xen.frames.linear[used], xen.frames.at(used).typeCount];
}

for (const contract of CONTRACTS) {
  const old = contract[0] === "3.1";

  Deno.test(`a chain of linear page tables is ${old ? "allowed" : "refused, in either order"} (XSA-240; ${named(contract)})`, () => {
    assertEquals(chains(contract), old ? [[0, 0], [0, 0]] : [[0, EINVAL], [0, EINVAL]]);
  });

  Deno.test(`a circle that loses its last users during an update leaves no count behind (XSA-242; ${named(contract)})`, () => {
    const { linked, left } = brokenCircle(contract);
    assertEquals(linked, old ? [0, 0] : [0, EINVAL]);
    assertEquals(left, [0, 0]);
  });

  Deno.test(`MACHPHYS_UPDATE takes no reference that it keeps, refused or not (XSA-113; ${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const mfn = domain.mfn(DATA);
    const before = domain.xen.frames.at(mfn).count;
    for (let i = 0; i < 9; i++) assertEquals(domain.xen.mmuUpdate(mfn, 0, 0, 7, MMU_MACHPHYS_UPDATE).rc, 0);
    assertEquals(domain.xen.mmuUpdate(TARGET, 0, 0, 7, MMU_MACHPHYS_UPDATE).rc, EINVAL);
    assertEquals([domain.xen.frames.at(mfn).count, domain.xen.frames.at(TARGET).count], [before, 0]);
  });

  Deno.test(`dom0 maps I/O space ${old ? "cached if it likes" : "uncached, whatever it asks"} (XSA-154; ${named(contract)})`, () => {
    const domain = new SampleDomain(contract, { privileged: true });
    const { hi, lo } = domain.linear(DATA);
    assertEquals(domain.xen.updateVaMapping(hi, lo, 0, (0xb8 << 12) | 0x63).rc, 0);
    assertEquals(domain.leaf(DATA) & 0x18, old ? 0 : 0x18);
  });

  Deno.test(`no superpage is made by a hypercall (XSA-167; ${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const marked = [MMUEXT.MARK_SUPER, MMUEXT.UNMARK_SUPER].map((command) =>
      domain.xen.mmuextOp(command, domain.mfn(DATA))
    );
    assertEquals(marked.map(({ rc }) => rc), old ? [-38, -38] : [-95, -95]);
  });

  Deno.test(`a validation that fails after a linear entry gives its counts back (XSA-309; ${named(contract)})`, () => {
    assertEquals(failedValidations(contract), [0, 0, 1]);
  });
}
