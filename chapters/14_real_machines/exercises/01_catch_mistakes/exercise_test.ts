import { assert, assertEquals } from "@std/assert";
import { CPUS, explain, Machine, PhysicalMemory } from "@pagetable-init/textbook";
import { writeEntry } from "@pagetable-init/textbook/mapper";
import { makeEntry, NX, P, RW, US } from "@pagetable-init/textbook/mmu";
import { type Flags, type Probe, probes } from "./exercise.ts";

/** What a CPU does, by the machine of the library. */
function allowed({ levels, kind, user, wp }: Probe): boolean {
  const machine = new Machine(CPUS.today, new PhysicalMemory(1 << 24));
  machine.writeCr4(0x20);
  machine.writeEfer(0x900);
  machine.writeCr3(0x1000);
  levels.forEach(({ rw, us, nx }, at) => {
    writeEntry(
      machine,
      at + 1,
      0,
      makeEntry(at + 2, P | (rw ? RW : 0) | (us ? US : 0) | (nx ? NX : 0)),
    );
  });
  machine.writeCr0(wp ? 0x8001_0001 : 0x8000_0001);
  return explain(machine, 0, kind, { user }).outcome.ok;
}

interface Rules {
  readonly nx: (levels: readonly Flags[]) => boolean;
  readonly right: (levels: readonly Flags[], name: "rw" | "us") => boolean;
  readonly mustHaveRw: (user: boolean, wp: boolean) => boolean;
}

const RIGHT: Rules = {
  nx: (levels) => levels.some(({ nx }) => nx),
  right: (levels, name) => levels.every((level) => level[name]),
  mustHaveRw: (user, wp) => user || wp,
};

function answer({ levels, kind, user, wp }: Probe, rules: Rules): boolean {
  if (user && !rules.right(levels, "us")) return false;
  if (kind === "fetch") return !rules.nx(levels);
  return kind === "read" || !rules.mustHaveRw(user, wp) || rules.right(levels, "rw");
}

const WALKERS: readonly (readonly [string, Partial<Rules>])[] = [
  ["Walker 1 (NX at all levels)", { nx: (levels) => levels.every(({ nx }) => nx) }],
  ["Walker 2 (last entry alone)", {
    nx: (levels) => levels.at(-1)?.nx ?? false,
    right: (levels, name) => levels.at(-1)?.[name] ?? false,
  }],
  ["Walker 3 (any level is enough)", {
    right: (levels, name) => levels.some((level) => level[name]),
  }],
  ["Walker 4 (the supervisor may write)", { mustHaveRw: (user) => user }],
  ["Walker 5 (WP is always on)", { mustHaveRw: () => true }],
];

const WHY_NOT = [
  "it needs a fetch from a page on whose way some levels have NX and others have not",
  "it needs a way on which an upper level takes a right that the last entry gives",
  "it needs a right that one level gives and another takes",
  "it needs a supervisor's write that CR0.WP forbids",
  "it needs a supervisor's write to a read-only page that CR0.WP does not forbid",
];

Deno.test("three accesses are enough", () => {
  const made = probes();
  assert(
    made.length <= 3,
    `You have three accesses but use ${made.length}: one can catch several walkers`,
  );
});

WALKERS.forEach(([name, rules], at) => {
  Deno.test(`${name} is caught`, () => {
    const caught = probes().some((probe) =>
      answer(probe, { ...RIGHT, ...rules }) !== allowed(probe)
    );
    assert(caught, `${name} answers all your accesses as a CPU does: ${WHY_NOT[at]}`);
  });
});

Deno.test("a walker without a mistake is not accused", () => {
  assertEquals(
    probes().map((probe) => answer(probe, RIGHT)),
    probes().map(allowed),
    "Five rules without a mistake and the machine of the library answer otherwise",
  );
});
