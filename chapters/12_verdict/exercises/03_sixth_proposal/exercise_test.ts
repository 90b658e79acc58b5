import { assert, assertEquals } from "@std/assert";
import {
  access,
  audit,
  boot,
  type BootOptions,
  explain,
  PLATFORMS,
  type Run,
  type Strategy,
} from "@pagetable-init/textbook";
import { Hypervisor, type HypervisorOptions } from "@pagetable-init/textbook/xen";
import { frameOf } from "@pagetable-init/textbook/mmu";
import { sixth } from "./exercise.ts";

const bootOn = (platform: string, more: Partial<BootOptions> = {}): Run =>
  boot({ platform, strategy: sixth, memory: "16M", earlyIoremap: true, ...more });
const booted = new Map<string, Run>();

/** A boot with nothing unusual, once for all tests that only look at it. */
function bootOnce(platform: string): Run {
  const run = booted.get(platform) ?? bootOn(platform);
  booted.set(platform, run);
  return run;
}
/** Platforms whose kernel keeps NX: on the one of 2007 no rule can be right. */
const KEEP_NX = PLATFORMS.filter(({ makePte }) => makePte !== "2.6.23");

const stopOf = ({ outcome }: Run): string =>
  outcome.ok ? "" : `write ${outcome.stop.step}: ${outcome.stop.message}`;

/** What is wrong with the pages of a boot, each kind with the first page that has it. */
function errorsOf({ machine }: Run): string {
  const { permissionErrors, coverage } = audit(machine);
  const wrong = Object.entries(permissionErrors).filter(([, { pages }]) => pages > 0);
  const lost = coverage.wrongFrame + coverage.unmapped;
  const words = wrong.map(([name, { pages, example }]) => {
    const first = example === undefined ? "" : `, first at 0x${example.lo.toString(16)}`;
    return `${name} ${pages}${first}`;
  });
  return [...(lost > 0 ? [`${lost} not mapped`] : []), ...words].join("; ");
}

Deno.test("1. it boots on every platform", () => {
  const stops = PLATFORMS.map(({ id }) => `${id} ${stopOf(bootOnce(id))}`).filter((
    said,
  ) => !said.endsWith(" "));
  assertEquals(
    stops,
    [],
    "Some boots stop. Under Xen no page that is a table may be asked for writable",
  );
});

Deno.test("2. every page is right", () => {
  const wrong = KEEP_NX.map(({ id }) => `${id} ${errorsOf(bootOnce(id))}`).filter((
    said,
  ) => !said.endsWith(" "));
  assertEquals(
    wrong,
    [],
    "Some pages are wrong. What is inherited must be overwritten, and what is " +
      "asked for must arrive",
  );
});

Deno.test("3. on bare hardware it writes no entry more than write-always", () => {
  for (const { id } of PLATFORMS.filter(({ host }) => host === "native")) {
    const plain = boot({ platform: id, strategy: "write-always", memory: "16M" });
    const { cost } = bootOnce(id);
    assert(
      cost.entryWrites <= plain.cost.entryWrites,
      `${id}: ${cost.entryWrites} entries written, ` +
        `${plain.cost.entryWrites} by write-always: who has no hypervisor should not ` +
        "pay for one",
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

Deno.test("5. when the tables are finished, the ordinary set_pte is back", () => {
  const { kernel, machine, outcome } = bootOn("xen-pae");
  assert(outcome.ok, "The boot on xen-pae should finish, but item 1 says where it stops");
  const link = explain(machine, kernel.va(0x800)).steps[1];
  if (link === undefined) throw new RangeError("Expected a table but found none");
  const page = kernel.ops.toPfn(frameOf(link.hi, link.lo));
  kernel.clearPmd(kernel.va(kernel.ops.toPfn(link.table)) + link.index * 8);
  kernel.setPte(kernel.lookupAddress(kernel.va(page)) ?? 0, page, 0x063, false);
  assert(
    access(machine, kernel.va(page), "write").ok,
    `Page 0x${page.toString(16)} is a table no more and is mapped writable again, but ` +
      "cannot be written: a filter that stays for ever loses such pages",
  );
});

Deno.test("6. it does not care which pages the allocator hands out first", () => {
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

/** A hypervisor whose memory holds what the last domain left, the template apart. */
function dirty(options: HypervisorOptions): Hypervisor {
  const xen = new Hypervisor(options);
  for (const [pfn, mfn] of xen.domain.p2m.entries()) {
    if (pfn >= 0x400 && pfn < 0x600) continue; // the image, and the builder's tables
    for (const word of [0, 1, 2, 3, 1022, 1023]) {
      xen.machine.memory.write(mfn, word, 0x00ff_f067);
    }
  }
  return xen;
}

Deno.test("7. a second boot is like the first", () => {
  const first = bootOn("xen-pae");
  bootOn("xen-pae", { bootmem: "highest-first" });
  const second = bootOn("xen-pae");
  const same = JSON.stringify([...first.trace]) === JSON.stringify([...second.trace]);
  assert(
    same,
    "What is remembered of one boot must not be in the next: forget it in `prepare`",
  );
});

Deno.test("8. a table is empty when it is linked", () => {
  for (const bootmem of ["lowest-first", "highest-first"] as const) {
    const end = (more: Partial<BootOptions>): string => {
      const { outcome, machine } = boot({
        platform: "xen-pae",
        strategy: sixth,
        memory: "16M",
        bootmem,
        earlyIoremap: true,
        ...more,
      });
      const { wrongFrame, unmapped } = audit(machine).coverage;
      return `${outcome.ok ? "boots" : outcome.stop.message}, ${
        wrongFrame + unmapped
      } lost`;
    };
    assertEquals(
      end({ hypervisor: dirty }),
      end({}),
      `With ${bootmem} a memory that was used before ends otherwise than an empty one: ` +
        "zero a page before it becomes a table",
    );
  }
});
