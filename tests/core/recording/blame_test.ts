import { assertEquals } from "@std/assert";
import { type Blame, blame, Recording } from "../../../core/recording/mod.ts";
import { NOBODY, Stores } from "../../../core/recording/log.ts";
import { sampleLog } from "./sample_log.ts";

const sample = new Recording(sampleLog());

/** What matters of a row. */
function told({ step, event, linked, gained, lost, stale, flush }: Blame): unknown[] {
  return [step, event?.kind ?? "", linked, gained.join(), lost.join(), stale, flush?.kind ?? ""];
}

Deno.test("blame lists what shaped the walk: entries before their table was linked, the load that switched paging on, and each change", () => {
  assertEquals(
    blame(sample, 0xc0002000).map(told),
    [
      [1, "", false, "", "", false, ""],
      [0, "register", true, "", "", false, ""],
      [3, "", true, "", "", false, ""],
      [4, "", true, "", "write", false, "flush"],
    ].filter(([step]) => step !== 0),
  );
});

Deno.test("a change that nothing flushes is stale, one that a flush of another page follows too", () => {
  const rows = blame(sample, 0xc0001000);
  assertEquals(rows.filter(({ stale }) => stale), []);
  assertEquals(rows.find(({ step }) => step === 5)?.flush?.step, 5); // the flush whose page is not known
  const log = sampleLog();
  const unflushed = new Recording({ ...log, events: log.events.filter(({ kind }) => kind !== "flush") });
  assertEquals(blame(unflushed, 0xc0002000).filter(({ stale }) => stale).map(({ step }) => step), [4]);
  const other = { kind: "flush", stores: 31, cpu: 0, linear: { hi: 0, lo: 0xc0003000 }, writer: NOBODY } as const;
  const wrong = new Recording({ ...log, events: [...log.events.filter(({ kind }) => kind !== "flush"), other] });
  assertEquals(blame(wrong, 0xc0002000).filter(({ stale }) => stale).map(({ step }) => step), [4]);
});

Deno.test("blame looks no further than it is told", () => {
  assertEquals(blame(sample, 0xc0002000, { until: 3 }).at(-1)?.step, 3);
});

Deno.test("writes that leave an entry as it was, and writes to other entries, are nobody's fault", () => {
  const log = sampleLog();
  const stores = new Stores();
  for (
    const [at, address, value] of [[10, 0x1c00, 0x2067], [30, 0x2008, 0x6067], [31, 0x2008, 0x6067], [
      32,
      0x200c,
      0x9067,
    ]] as const
  ) {
    stores.add(at, address, 1, 4, 0, value, 0);
  }
  const rows = blame(new Recording({ ...log, stores, marks: [] }), 0xc0002000);
  assertEquals(rows.map(({ step }) => step).filter((step) => step > 0), [1, 2]);
});
