import { assert, assertEquals } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import type { Write } from "@pagetable-init/textbook/boot";
import { type Denied, firstDenied } from "./exercise.ts";

const inWords = (denied: Denied | undefined) =>
  denied === undefined
    ? "no write was denied"
    : `write ${denied.step}, for page 0x${denied.page.toString(16)}, ${
      denied.fatal ? "ended the boot" : "did not end the boot"
    }`;

function deniedIn(platform: string, strategy: string): Denied | undefined {
  const { trace, kernel } = boot({ platform, strategy, memory: "16M" });
  return firstDenied([...trace], (mfn) => kernel.ops.toPfn(mfn));
}

Deno.test("with PAE, write-always is refused at its sixth write", () => {
  const denied = deniedIn("xen-pae", "write-always");
  assert(
    denied !== undefined,
    "No denied write was found: look for RW asked and not stored",
  );
  assertEquals(
    denied.step,
    6,
    "That is another write: writes 1 to 4 take RW away or do not ask for it",
  );
  const { pfn, asked } = boot({
    platform: "xen-pae",
    strategy: "write-always",
    memory: "16M",
  }).trace.at(6);
  assert(
    denied.page !== pfn,
    "That is the table that was written to: the page is the one that the entry leads to",
  );
  assert(
    denied.page !== asked.lo >>> 12,
    "That is the machine's number: the kernel calls that page something else",
  );
  assertEquals(
    inWords(denied),
    inWords({ step: 6, page: 0x1, fatal: true }),
    "Write 6 is the last one, and would have made page 0x1 writable",
  );
});

Deno.test("with two levels it is refused at the root", () => {
  assertEquals(
    inWords(deniedIn("xen-2level", "write-always")),
    inWords({ step: 1155, page: 0x480, fatal: true }),
    "With two levels write 1155 is the last one, for swapper_pg_dir",
  );
});

Deno.test("a filter takes RW away and the boot goes on", () => {
  const denied = deniedIn("xen-pae", "filter-set-pte");
  assert(
    denied?.fatal !== true,
    "The boot went on after that write, or the write was not denied: the last one " +
      "is an ordinary one",
  );
  assertEquals(
    inWords(denied),
    inWords({ step: 6, page: 0x1, fatal: false }),
    "The first write that a filter changed is number 6, for page 1",
  );
});

Deno.test("a kernel that does not ask is not denied", () => {
  assertEquals(
    deniedIn("xen-pae", "ask-callback"),
    undefined,
    "This kernel never asks for RW on a table: nothing is denied",
  );
  assertEquals(
    deniedIn("xen-pae", "keep-template"),
    undefined,
    "This kernel leaves tables alone: nothing is denied",
  );
});

Deno.test("bare metal denies nothing", () => {
  assertEquals(
    deniedIn("native-486", "write-always"),
    undefined,
    "A store on bare metal always lands",
  );
});

/** Writes by hand: before, asked, stored. */
function writes(
  ...words: readonly (readonly [old: number, asked: number, stored: number])[]
): Write[] {
  return words.map(([old, asked, stored], at) => ({
    step: at + 1,
    op: "set_pte",
    pfn: 2,
    index: at,
    old: { lo: old, hi: 0 },
    asked: { lo: asked, hi: 0 },
    stored: { lo: stored, hi: 0 },
  }));
}

Deno.test("a write that loses another bit is not meant", () => {
  const trace = writes(
    [0x1063, 0x1163, 0x1063], // G was asked for and not given
    [0x2061, 0x2063, 0x2061],
    [0x3061, 0x3063, 0x3061],
    [0x4063, 0x4063, 0x4063],
  );
  assertEquals(
    inWords(firstDenied(trace, (mfn) => mfn + 0x10)),
    inWords({ step: 2, page: 0x12, fatal: false }),
    "Write 1 lost G, writes 2 and 3 lost RW: the first without RW is meant",
  );
});

Deno.test("an empty trace has no denied write", () => {
  assertEquals(
    firstDenied([], (mfn) => mfn),
    undefined,
    "A boot without writes has no denied write",
  );
});

Deno.test("the page is the one that was asked for", () => {
  const refused = writes([0x5063, 0x5063, 0x5063], [0, 0x6063, 0]);
  assertEquals(
    inWords(firstDenied(refused, (mfn) => mfn + 0x10)),
    inWords({ step: 2, page: 0x16, fatal: true }),
    "The entry was absent and has stayed so: only asked says which page was meant",
  );
  const high = writes([0x90001061, 0x90001063, 0x90001061]);
  assertEquals(
    inWords(firstDenied(high, (mfn) => mfn - 0x9_0000)),
    inWords({ step: 1, page: 0x1, fatal: true }),
    "Machine frame 0x90001 is above 2 GiB: >> makes a negative number of it",
  );
});

Deno.test("a filtered write may change the entry, by any operation", () => {
  const filtered = writes([0, 0x2063, 0x2061], [0x3063, 0x3063, 0x3063]);
  const expected = inWords({ step: 1, page: 0x12, fatal: false });
  assertEquals(
    inWords(firstDenied(filtered, (mfn) => mfn + 0x10)),
    expected,
    "The entry was absent and became read-only: it is not what it was, and yet denied RW",
  );
  const other = filtered.map((write) => ({ ...write, op: "update_va_mapping" as const }));
  assertEquals(
    inWords(firstDenied(other, (mfn) => mfn + 0x10)),
    expected,
    "The write was an update_va_mapping: whatever the operation, RW was asked for",
  );
});

Deno.test("a page that loses RW is denied it as well", () => {
  const lost = writes([0x2063, 0x3063, 0x3061], [0x4063, 0x4063, 0x4063]);
  assertEquals(
    inWords(firstDenied(lost, (mfn) => mfn + 0x10)),
    inWords({ step: 1, page: 0x13, fatal: false }),
    "The entry had RW before: only what was asked for and what is stored count",
  );
});
