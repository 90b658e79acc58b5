import { assert, assertEquals } from "@std/assert";
import { type Host, tableBehind } from "./exercise.ts";

/**
 * A host that notes what it is asked, and like Xen maps a page read-only when it is
 * announced.
 */
class NotingHost implements Host {
  readonly asked: string[] = [];
  readonly tables = new Map<number, number>();
  readonly readOnly = new Set<number>();
  linkedWritable = 0;
  #next = 1;

  isPresent(pmd: number): boolean {
    return this.tables.has(pmd);
  }

  takePage(): number {
    this.asked.push(`take ${this.#next}`);
    return this.#next++;
  }

  announce(pfn: number): void {
    this.asked.push(`announce ${pfn}`);
    this.readOnly.add(pfn);
  }

  link(pmd: number, pfn: number): void {
    this.asked.push(`link ${pmd} to ${pfn}`);
    if (!this.readOnly.has(pfn)) this.linkedWritable++;
    this.tables.set(pmd, pfn);
  }
}

Deno.test("a table that is missing is made", () => {
  const host = new NotingHost();
  tableBehind(host, 768);
  assert(host.tables.has(768), "The entry leads to no table afterwards");
});

Deno.test("every page is announced", () => {
  const host = new NotingHost();
  tableBehind(host, 768);
  const announced = host.asked.filter((it) => it.startsWith("announce"));
  assert(
    announced.length > 0,
    "The page is used without a word: VMI kills the guest for it, and Xen refuses " +
      "the link",
  );
  assertEquals(
    announced,
    ["announce 1"],
    "The page that was taken, 1, is announced, and once; 768 is the directory entry",
  );
});

Deno.test("it is announced before it is linked", () => {
  const host = new NotingHost();
  tableBehind(host, 768);
  const message =
    "When the page was linked it was still writable: Xen checks at that moment, " +
    "and an announcement afterwards is too late";
  assertEquals(host.linkedWritable, 0, message);
});

Deno.test("the page is taken before it is announced, and it is the same page", () => {
  const host = new NotingHost();
  tableBehind(host, 768);
  assertEquals(
    host.asked,
    ["take 1", "announce 1", "link 768 to 1"],
    "One page: taken (and zeroed), announced, linked",
  );
});

Deno.test("a table that is there is left alone", () => {
  const host = new NotingHost();
  host.tables.set(768, 0x515);
  tableBehind(host, 768);
  assertEquals(
    host.tables.get(768),
    0x515,
    "The entry led to a table already, with entries in it: they are lost",
  );
  assertEquals(
    host.asked,
    [],
    "Nothing is to be asked of the host where the table is there",
  );
});

Deno.test("two entries get two tables, each once", () => {
  const host = new NotingHost();
  for (const pmd of [768, 769, 768]) tableBehind(host, pmd);
  assertEquals(
    [...host.tables],
    [[768, 1], [769, 2]],
    "Each entry has a table of its own, and keeps it",
  );
});
