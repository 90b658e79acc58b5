import { assert, assertEquals } from "@std/assert";
import { audit, boot, type BootOptions, type Run } from "@pagetable-init/textbook";
import { Hypervisor, type Hypervisor as Xen } from "@pagetable-init/textbook/xen";
import { fromMapped, takeMapped } from "./exercise.ts";

const bootWith = (more: Partial<BootOptions>): Run =>
  boot({ platform: "xen-pae", strategy: fromMapped, memory: "16M", ...more });
const stopOf = ({ outcome }: Run): string => outcome.ok ? "" : outcome.stop.message;

/**
 * A hypervisor whose memory still holds what the last domain left in a stretch of pages.
 */
function dirty(first: number, end: number): NonNullable<BootOptions["hypervisor"]> {
  return (options): Xen => {
    const xen = new Hypervisor(options);
    for (let pfn = first; pfn < end; pfn++) {
      for (let word = 0; word < 1024; word++) {
        xen.machine.memory.write(xen.domain.p2m[pfn] ?? 0, word, 0x00ff_f067);
      }
    }
    return xen;
  };
}

Deno.test("the lowest pages first: it boots as it always did", () => {
  assertEquals(
    stopOf(bootWith({})),
    "",
    "The lowest pages are mapped: nothing should have changed",
  );
});

Deno.test("the highest pages first: it boots now", () => {
  const run = bootWith({ bootmem: "highest-first", earlyIoremap: true });
  const stop = run.outcome.ok ? undefined : run.outcome.stop;
  assert(
    stop?.kind !== "refused-by-xen" || stop.refusal.seen.type !== "L1",
    "A table was asked for writable: it was taken from memory that has no leaf " +
      "yet, so nothing could protect it",
  );
  assertEquals(stopOf(run), "", "The boot with the highest pages first should finish");
});

Deno.test("a page that is mapped read-only is not taken: it cannot be zeroed", () => {
  const boots = [0, 1].map(() => bootWith({}).kernel);
  const [one, other] = boots;
  if (one === undefined || other === undefined) {
    throw new RangeError("Expected two boots");
  }
  const next = takeMapped(one); // the page that is next on the other machine too
  other.ops.allocPt(next); // there its leaf loses RW
  const take = (): string => {
    try {
      return takeMapped(other) === next ? "taken" : "left";
    } catch (error) {
      return `taken, and then: ${error instanceof Error ? error.message : error}`;
    }
  };
  const page = `Page 0x${next.toString(16)} is free, and mapped read-only.`;
  assertEquals(take(), "left", `${page} Ask whether a store would be let through`);
});

Deno.test("the allocator prefers the highest page of those that are mapped", () => {
  const { kernel, trace } = bootWith({ bootmem: "highest-first", earlyIoremap: true });
  const first = [...trace].find(({ op, asked }) => op === "set_pmd" && asked.lo !== 0);
  const page = kernel.ops.toPfn((first?.asked.lo ?? 0) >>> 12);
  assertEquals(
    `0x${page.toString(16)}`,
    "0x7fe",
    "The template reaches to page 0x7ff, the new L2 took that one, so the next " +
      "table is the page below",
  );
});

Deno.test("a table is empty when it is linked", () => {
  const run = bootWith({
    bootmem: "highest-first",
    earlyIoremap: true,
    hypervisor: dirty(0x600, 0x800),
  });
  assertEquals(
    stopOf(run),
    "",
    "The page still held what the last domain left: zero it before it becomes a table",
  );
  assertEquals(
    audit(run.machine).coverage.wrongFrame,
    0,
    "Pages lead to other frames: an entry that the last domain left is still in a table",
  );
});
