import { assert, assertEquals } from "@std/assert";
import { CPUS, explain, MODES, XEN_RELEASES } from "@pagetable-init/textbook";
import { buildDomain, Hypervisor } from "@pagetable-init/textbook/xen";
import { shrink } from "./exercise.ts";

const includes = (...wanted: string[]) => (some: readonly string[]) =>
  wanted.every((it) => some.includes(it));

Deno.test("what has nothing to do with it is left out", () => {
  const left = shrink(["a", "x", "b", "c", "y", "d"], includes("x", "y"));
  assert(
    left.length < 6,
    "Nothing was left out: try the list without each of its requests",
  );
  assertEquals(
    left,
    ["x", "y"],
    "a, b, c and d have nothing to do with it, and x and y both are needed",
  );
});

Deno.test("the list still fails", () => {
  const fails = includes("x", "y", "z");
  const left = shrink([..."axbyczd"], fails);
  assert(
    fails(left),
    `The list that is left (${left}) does not fail any more: put back what was needed`,
  );
});

Deno.test("the order stays", () => {
  const inOrder = (some: readonly string[]) =>
    some.join("").includes("q") && some.join("").indexOf("p") === 0;
  assertEquals(
    shrink([..."pabqc"], inOrder).join(""),
    "pq",
    "The requests that are left are in another order",
  );
});

Deno.test("equal requests are told apart by their places", () => {
  const twice = (some: readonly string[]) => some.filter((it) => it === "x").length >= 2;
  assertEquals(
    shrink([..."xaxbx"], twice),
    ["x", "x"],
    "Leave out one request at a time, not all that are equal to it",
  );
});

Deno.test("a request that was needed may not be needed later", () => {
  // "unlock" repairs what "lock" prevents: without "lock" it is idle
  const fails = (some: readonly string[]) =>
    some.includes("attack") && (!some.includes("lock") || some.includes("unlock"));
  assertEquals(
    shrink(["unlock", "lock", "attack"], fails),
    ["attack"],
    "One round is not enough: a request that was needed in a longer list is not " +
      "needed in a shorter one",
  );
  // "a" is allowed only with "b", "b" with "c", "c" with "d": one can go, then the next
  const chain = (some: readonly string[]) =>
    some.includes("!") &&
    ["ab", "bc", "cd"].every(([one = "", other = ""]) =>
      !some.includes(one) || some.includes(other)
    );
  for (const requests of ["dcba!", "!abcd"]) {
    assertEquals(
      shrink([...requests], chain),
      ["!"],
      "A request that was needed may be free later, several times over, from either " +
        "end: go on until a whole round leaves out none",
    );
  }
});

Deno.test("a list of one is as short as it gets", () => {
  assertEquals(
    shrink(["x"], includes("x")),
    ["x"],
    "The only request is needed: do not leave it out",
  );
  assertEquals(
    shrink(["x"], () => true),
    [],
    "It fails without any request: then the last one can be left out too",
  );
});

/** A request: flags with which entry 100 or 101 of the root is to name the root. */
type Request = readonly [index: number, flags: number];

/** Whether a guest of Xen 3.1 can write its root through slot 100 after some requests. */
function writesRoot(requests: readonly Request[]): boolean {
  const xen = new Hypervisor({
    release: XEN_RELEASES["3.1"],
    mode: MODES["two-level"],
    cpu: CPUS.k8,
    guestPages: 0x4000,
    machineFrames: 0x6000,
    p2m: (pfn) => 0x5fff - pfn,
  });
  const root = xen.domain.p2m[buildDomain(xen).pageTables[0] ?? 0] ?? 0;
  for (const [index, flags] of requests) {
    xen.mmuUpdate(root, index, 0, (root << 12) | flags);
  }
  return explain(xen.machine, (100 * 1024 + 100) * 4096, "write").outcome.ok;
}

Deno.test("of fourteen requests to Xen 3.1 two are the attack", () => {
  const requests: Request[] = [
    [101, 1],
    [100, 3],
    [100, 0],
    [101, 3],
    [100, 1],
    [101, 0],
    [100, 0],
    [101, 1],
    [100, 1],
    [101, 0],
    [100, 7],
    [101, 3],
    [101, 5],
    [100, 3],
  ];
  assert(writesRoot(requests), "the fourteen make the root writable");
  const left = shrink(requests, writesRoot);
  assertEquals(
    left.length,
    2,
    "The attack is two requests: a read-only entry, and the same with RW",
  );
  assert(
    writesRoot(left),
    "The two that are left do not fail any more: put back what was needed",
  );
});
