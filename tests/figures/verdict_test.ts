import { assertEquals } from "@std/assert";
import { amount, defectsOf, ERROR_CLASSES, explainVerdict, sayDefects, verdictOf } from "../../chapters/figures/mod.ts";
import { PERMISSION_ERRORS } from "../../core/audit/mod.ts";
import { SAMPLE_CELLS, sampleCell } from "./sample_cells.ts";

Deno.test("a verdict is clean, errors, stopped or void", () => {
  assertEquals(SAMPLE_CELLS.map(({ row }) => verdictOf(row)), [
    "clean",
    "errors",
    "void",
    "stopped",
    "stopped",
    "errors",
    "clean",
  ]);
});

Deno.test("every class of the audit has words", () => {
  assertEquals(ERROR_CLASSES.map(({ key }) => key).sort(), [...PERMISSION_ERRORS].sort());
});

Deno.test("a page at a wrong frame is worse than any permission", () => {
  const { row } = sampleCell({
    strategy: "s",
    platform: "p",
    coverage: [
      { firstPfn: 0, pages: 1, kind: "wrong-frame", large: false },
      { firstPfn: 1, pages: 16_382, kind: "right", large: false },
      { firstPfn: 16_383, pages: 1, kind: "unmapped", large: false },
    ],
    errors: { missingGlobal: [[1, 9]], writablePageTable: [[1, 1]] },
  });
  assertEquals(defectsOf(row).map(({ label }) => label), [
    "wrong frame",
    "not mapped",
    "writable page table",
    "not global",
  ]);
});

Deno.test("the sentence of a stopped boot has kind, write and message", () => {
  const stop = { kind: "page-fault", message: "write to 0xc0001000", step: 1035 } as const;
  assertEquals(
    explainVerdict(sampleCell({ strategy: "s", platform: "p", stop }).row),
    "page-fault at write 1,035: write to 0xc0001000",
  );
  assertEquals(
    explainVerdict(sampleCell({ strategy: "s", platform: "p", stop: { ...stop, step: 0 } }).row),
    "page-fault before the first write: write to 0xc0001000",
  );
});

Deno.test("amounts are in KiB below a MiB, and in MiB with at most one digit behind the point", () => {
  assertEquals([1, 255, 256, 384, 895, 3072].map(amount), [
    "4 KiB",
    "1020 KiB",
    "1 MiB",
    "1.5 MiB",
    "3.5 MiB",
    "12 MiB",
  ]);
});

Deno.test("an amount is said once for defects that have the same", () => {
  const defect = (pages: number, says: string) => ({ pages, says, label: says });
  const defects = [defect(3072, "open to user mode"), defect(3072, "not global"), defect(1, "not writable")];
  assertEquals(sayDefects(defects), "12 MiB open to user mode, not global, 4 KiB not writable");
});
