import { assert, assertEquals } from "@std/assert";
import { audit, boot, explain } from "@pagetable-init/textbook";
import type { Kernel } from "@pagetable-init/textbook/kernel";
import { P, PCD, PS, RW } from "@pagetable-init/textbook/mmu";
import { pseFix } from "./exercise.ts";

const CHOSEN = 0xc2000000; // here the template has a large page, uncached
const JUNK = 0xc2400000; // here an entry that is absent, with other bits set

/** A template that is a little more than head.S's. */
function prepare(kernel: Kernel): void {
  const root = kernel.va(kernel.image.swapperPgDir);
  kernel.bus.storeEntry(root + (CHOSEN >>> 22) * 4, 0, 0x02000000 | P | RW | PCD | PS);
  kernel.bus.storeEntry(root + (JUNK >>> 22) * 4, 0, PS);
}

const bootOn = (platform: string) => boot({ platform, strategy: { ...pseFix, prepare } });

Deno.test("what head.S mapped in small pages becomes large", () => {
  const { notLarge } = audit(bootOn("native-p6").machine).permissionErrors;
  assert(
    notLarge.pages === 0,
    `${notLarge.pages} pages are still small: an entry that points to a table was kept`,
  );
});

Deno.test("all of lowmem is mapped", () => {
  const { coverage } = audit(bootOn("native-p6").machine);
  assert(
    coverage.unmapped !== coverage.lowmemPages - 3072 && coverage.unmapped < 2048,
    "Lowmem beyond head.S is not mapped: an absent entry has to be written as well",
  );
  assert(
    coverage.unmapped === 0,
    "An entry without P is absent, whatever its other bits: PS there does not mean " +
      "a large page",
  );
});

Deno.test("a large page of the template is kept", () => {
  const leaf = explain(bootOn("native-p6").machine, CHOSEN).steps.at(-1);
  assert(
    ((leaf?.lo ?? 0) & PCD) !== 0,
    "A large page that the template had was overwritten, and its flags are lost",
  );
  const flags = (leaf?.lo ?? 0) & 0xf9f; // without A and D, which the CPU sets
  assertEquals(
    `0x${flags.toString(16)}`,
    `0x${(P | RW | PCD | PS).toString(16)}`,
    "A large page that the template had is to be left alone: nothing is added to it",
  );
});

Deno.test("a large page that is written gets what was asked for", () => {
  const { machine } = boot({ platform: "native-k8-pae", strategy: pseFix });
  const { pages } = audit(machine).permissionErrors.executableData;
  assert(
    pages === 0,
    `${pages} pages of data can be executed: nx was asked for, and has to be handed on`,
  );
});

Deno.test("Xen and the 486 are as they were", () => {
  for (const platform of ["xen-pae", "native-486"]) {
    const { outcome } = boot({ platform, strategy: pseFix });
    const said = outcome.ok ? "" : outcome.stop.message;
    assert(
      outcome.ok,
      `${platform} has no large pages, so nothing should change there, but: ${said}`,
    );
  }
});

Deno.test("what becomes large gets the flags that were asked for, and no others", () => {
  const { machine } = boot({ platform: "native-p6", strategy: pseFix });
  const { userAccessible, missingGlobal } = audit(machine).permissionErrors;
  assertEquals(
    missingGlobal.pages,
    0,
    "Large pages are not global: G was asked for, and has to be handed on",
  );
  assertEquals(
    userAccessible.pages,
    0,
    "Pages are open to user mode: US of the entry that was there came along",
  );
});

Deno.test("the kernel's own entries are never absent", () => {
  const cleared: string[] = [];
  const watch = (kernel: Kernel) => {
    const root = kernel.va(kernel.image.swapperPgDir);
    const store = kernel.bus.storeEntry.bind(kernel.bus);
    kernel.bus.storeEntry = (entry, hi, lo) => {
      const index = (entry - root) / 4;
      if (index >= 768 && index < 771 && (lo & P) === 0) cleared.push(`entry ${index}`);
      store(entry, hi, lo);
    };
  };
  boot({ platform: "native-p6", strategy: { ...pseFix, prepare: watch } });
  assertEquals(
    cleared,
    [],
    "The kernel runs on the pages that these entries map, and only the TLB still knew " +
      "them: write the large page over the entry, in one store",
  );
});
