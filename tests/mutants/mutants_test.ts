import { mutantsCommand } from "../../tools/mutants.ts";
import { runHere } from "../tools/run_here.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Mutant } from "../../tools/mutants/mutant.ts";
import { plant } from "../../tools/mutants/plant.ts";
import { MUTANT_TABLES } from "../../tools/mutants/tables.ts";

for (const { id, suites, mutants } of MUTANT_TABLES) {
  Deno.test(`every planted bug of ${id} finds its text exactly once, and changes it`, async () => {
    const moved: string[] = [];
    for (const mutant of mutants) {
      try {
        const source = await Deno.readTextFile(mutant.file);
        assert(plant(source, mutant) !== source);
      } catch (error) {
        moved.push(error instanceof Error ? error.message : String(error));
      }
    }
    assertEquals(moved, []);
  });

  Deno.test(`the planted bugs of ${id} have names of their own, a reason, and tests that exist`, async () => {
    assertEquals(new Set(mutants.map(({ name }) => name)).size, mutants.length);
    assert(mutants.every(({ name, why }) => name !== "" && why !== ""));
    for (const path of suites.flat()) assert(await Deno.stat(path), path);
  });
}

Deno.test("there are at least 20 planted bugs in core/xen", () => {
  const xen = MUTANT_TABLES.find(({ id }) => id === "xen");
  assert((xen?.mutants.length ?? 0) >= 20);
});

Deno.test("there are at least 30 planted bugs in core/mmu", () => {
  const mmu = MUTANT_TABLES.find(({ id }) => id === "mmu");
  assert((mmu?.mutants.length ?? 0) >= 30);
});

const sample: Mutant = { name: "sample", file: "a.ts", find: "a + b", replace: "a - b", why: "a test" };

Deno.test("a bug whose text has moved or is not unique is refused, not skipped", () => {
  assertEquals(plant("x = a + b;", sample), "x = a - b;");
  assertThrows(
    () => plant("x = 1;", sample),
    RangeError,
    'Expected the text of "sample" once in a.ts but found it 0 times',
  );
  assertThrows(() => plant("a + b; a + b", sample), RangeError, "but found it 2 times");
  assertThrows(() => plant("a + b", { ...sample, replace: "a + b" }), RangeError, "found the same text");
});

Deno.test("a bug has its text in the place that it names, and there alone, however the text is broken into lines", () => {
  const source =
    "const f = (a, b) => a + b;\nclass K {\n  #g(a, b) {\n    return (\n      a +\n        b\n    );\n  }\n}\n";
  assertEquals(plant(source, { ...sample, within: "f" }), source.replace("a + b", "a - b"));
  assertEquals(plant(source, { ...sample, within: "K.#g" }), source.replace("a +\n        b", "a - b"));
  assertThrows(() => plant(source, sample), RangeError, "once in a.ts but found it 2 times");
  assertThrows(() => plant(source, { ...sample, within: "K.g" }), RangeError, "Expected K.g once in the file");
  assertThrows(() => plant(`${source}{ const f = 1; }`, { ...sample, within: "f" }), RangeError, "found it 2 times");
  const empty = { ...sample, within: "f", find: "a * b" };
  assertThrows(() => plant(source, empty), RangeError, 'the text of "sample" once in f of a.ts but found it 0 times');
});

Deno.test("the command names the tables when it is asked for another, and says when no bug has such a name", async () => {
  const run = async (...args: string[]) => {
    const { code, err } = await runHere(mutantsCommand, ...args);
    return [code, err];
  };
  const ids = MUTANT_TABLES.map(({ id }) => id).join(", ");
  assertEquals(await run("coffee"), [2, `mutants: expected ${ids} but found coffee\n`]);
  assertEquals(await run("--only", "coffee"), [
    2,
    "mutants: expected a planted bug but found none whose name contains coffee\n",
  ]);
});
