import { assert, assertEquals } from "@std/assert";
import {
  audit,
  boot,
  type BootOptions,
  PLATFORMS,
  type Run,
  type Strategy,
} from "@pagetable-init/textbook";
import { sixth } from "./exercise.ts";

const bootOn = (platform: string, more: Partial<BootOptions> = {}): Run =>
  boot({ platform, strategy: sixth, memory: "32M", earlyIoremap: true, ...more });
/** Platforms whose kernel keeps NX: on the one of 2007 no rule can be right. */
const KEEP_NX = PLATFORMS.filter(({ makePte }) => makePte !== "2.6.23");

const stopOf = ({ outcome }: Run): string =>
  outcome.ok ? "" : `write ${outcome.stop.step}: ${outcome.stop.message}`;

function errorsOf({ machine }: Run): string {
  const { permissionErrors, coverage } = audit(machine);
  const wrong = Object.entries(permissionErrors).filter(([, { pages }]) => pages > 0);
  const lost = coverage.wrongFrame + coverage.unmapped;
  return [
    ...(lost > 0 ? [`${lost} not mapped`] : []),
    ...wrong.map(([name, { pages }]) => `${name} ${pages}`),
  ].join(
    ", ",
  );
}

Deno.test("1. it boots on every platform", () => {
  const stops = PLATFORMS.map(({ id }) => `${id} ${stopOf(bootOn(id))}`).filter((said) =>
    !said.endsWith(" ")
  );
  assertEquals(
    stops,
    [],
    "Some boots stop. Under Xen no page that is a table may be asked for writable",
  );
});

Deno.test("2. every page is right", () => {
  const wrong = KEEP_NX.map(({ id }) => `${id} ${errorsOf(bootOn(id))}`).filter((said) =>
    !said.endsWith(" ")
  );
  assertEquals(
    wrong,
    [],
    "Some pages are wrong. What is inherited must be overwritten, and what is " +
      "asked for must arrive",
  );
});

Deno.test("3. on bare hardware it writes no entry more than write-always", () => {
  for (const { id } of PLATFORMS.filter(({ host }) => host === "native")) {
    const plain = boot({ platform: id, strategy: "write-always", memory: "32M" });
    assert(
      bootOn(id).cost.entryWrites <= plain.cost.entryWrites,
      `${id}: who has no hypervisor should not pay for one`,
    );
  }
});

Deno.test("4. it asks no operation that the kernels of 2007 did not have", () => {
  const asked: string[] = [];
  const watched: Strategy = {
    ...sixth,
    prepare: (kernel) => {
      const { pagePermissions, specialPages } = kernel.ops;
      kernel.ops.pagePermissions = (pfn, flags) => {
        asked.push("pagePermissions");
        return pagePermissions(pfn, flags);
      };
      const at = specialPages.at.bind(specialPages);
      specialPages.at = (pfn) => {
        asked.push("specialPages");
        return at(pfn);
      };
      sixth.prepare?.(kernel);
    },
  };
  boot({ platform: "xen-pae", strategy: watched, memory: "16M" });
  assertEquals(
    [...new Set(asked)],
    [],
    "This is the callback or the registry again: the new operation is what nobody wanted",
  );
});

Deno.test("5. it does not care which pages the allocator hands out first", () => {
  for (const { id } of KEEP_NX.filter(({ host }) => host === "xen")) {
    const run = bootOn(id, { bootmem: "highest-first" });
    assertEquals(
      stopOf(run),
      "",
      `${id}: with the highest pages first a table has no leaf yet when it becomes ` +
        "a table",
    );
    assertEquals(
      errorsOf(run),
      "",
      `${id}: with the highest pages first some pages are wrong`,
    );
  }
});

Deno.test("6. a second boot is like the first", () => {
  const first = bootOn("xen-pae");
  bootOn("xen-pae", { bootmem: "highest-first" });
  const second = bootOn("xen-pae");
  const same = JSON.stringify([...first.trace]) === JSON.stringify([...second.trace]);
  assert(
    same,
    "What is remembered of one boot must not be in the next: forget it in `prepare`",
  );
});
