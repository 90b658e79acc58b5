import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { operation, readAnswers, readTemplate } from "../../chapters/recorded/settle/answers.ts";
import { exportBoot, type Exported, QUESTIONS } from "../../chapters/recorded/settle/export.ts";
import { table, type Verdict, verdictOf } from "../../chapters/recorded/settle/verdict.ts";
import { runHere } from "../tools/run_here.ts";
import { settleCommand } from "../../tools/settle.ts";

const boots = new Map<string, Exported>();
/** A boot, by the id of its question; made once, for many tests ask of it. */
function exported(id: string): Exported {
  const question = QUESTIONS.find((question) => question.id === id);
  assert(question !== undefined, id);
  const made = boots.get(id) ?? exportBoot(question);
  boots.set(id, made);
  return made;
}

const verdicts = new Map<string, Promise<Verdict>>();
function recorded(id: string): Promise<Verdict> {
  const made = exported(id);
  const verdict = verdicts.get(id) ?? readAnswers(made).then((answers) => verdictOf(made, answers));
  verdicts.set(id, verdict);
  return verdict;
}

for (const { id } of QUESTIONS) {
  Deno.test(`${id}: what the kernel asks of the model is what Xen 4.17 was asked, and every answer is Xen's`, async () => {
    const { difference, model, xen } = await recorded(id);
    assertEquals(difference, undefined);
    assertEquals(model, xen);
  });
}

Deno.test("every kernel wakes up on the tables that the live Xen was given", async () => {
  const template = await readTemplate();
  for (const question of QUESTIONS) {
    const { machine } = exported(question.id);
    assertEquals(machine.template, template, question.id);
    assertEquals(template.at(-1), { op: "mmu_update", table: `page${machine.root}`, ...LAST_LINK }, question.id);
  }
});

/** Entry 511 of the root, the last write of the template. */
const LAST_LINK = { index: 511, frame: "page1292", flags: "0x67" };

Deno.test("Xen itself refuses write-always at the first page table that it wants writable: the root that is loaded", async () => {
  const { operations, refusedAt, xen } = await recorded("write-always");
  assertEquals([refusedAt, xen], [`${operations}: store64 of page1152, an L4, with 0x63`, "#PF 0x3"]);
});

Deno.test("Xen itself allows every operation of the filter, of a callback, a registry, a table range and a mapped allocator", async () => {
  const ids = [
    "filter-literal",
    "filter-set-pte",
    "filter-with-list",
    "ask-callback",
    "query-special",
    "table-range",
    "map-from-mapped",
  ];
  for (const id of ids) {
    const { refusedAt, xen } = await recorded(id);
    assertEquals([refusedAt, xen], ["nowhere", "not refused"], id);
  }
});

Deno.test("with tables from the top of memory Xen itself refuses the filter, and nothing that has a list or takes mapped pages", async () => {
  const filter = await recorded("filter-set-pte-highest-first");
  assertEquals(filter.xen, "#PF 0x3");
  assertMatch(filter.refusedAt, /: store64 of page\d+, an L\d, with 0x8000000000000063$/);
  for (const id of ["ask-callback", "query-special", "filter-with-list", "table-range", "map-from-mapped"]) {
    assertEquals((await recorded(`${id}-highest-first`)).xen, "not refused", id);
  }
});

Deno.test("an answer of Xen's that is not the model's is noticed: return codes, faults and entries", async () => {
  const made = exported("write-always");
  const lines = await readAnswers(made);
  const altered = (at: number, change: object) => lines.map((line, i) => i === at ? { ...line, ...change } : line);
  const call = lines.findIndex(({ op }) => op === "update_va_mapping");
  assertStringIncludes(verdictOf(made, altered(call, { rc: -16 })).difference ?? "", "0, Xen's -16");
  const last = lines.length - 1;
  assertStringIncludes(verdictOf(made, altered(last, { fault: null })).difference ?? "", "#PF 0x3, Xen's no fault");
  assertStringIncludes(verdictOf(made, altered(last - 1, { entry: "none|0x0" })).difference ?? "", "Xen's none|0x0");
});

Deno.test("a kernel that asks for something else than what is on record is noticed", async () => {
  const made = exported("write-always");
  const lines = await readAnswers(made);
  assertStringIncludes(verdictOf(made, lines.slice(1)).difference ?? "", "operations, on record");
  const other = lines.map((line, i) => i === 9 ? { ...line, op: "load64" as const, va: "0x0" } : line);
  assertStringIncludes(verdictOf(made, other).difference ?? "", "operation 10 is");
});

Deno.test("the operations are all that the kernel did: hypercalls, emulated stores, plain stores, page clears", () => {
  const { lines } = exported("filter-set-pte");
  const kinds = new Map<string, number>();
  for (const line of lines) kinds.set(line.op, (kinds.get(line.op) ?? 0) + 1);
  assertEquals([...kinds.keys()].sort(), [
    "invlpg",
    "mmu_update",
    "new_baseptr",
    "pin",
    "store32",
    "store64",
    "tlb_flush",
    "update_va_mapping",
  ]);
  assertEquals(lines.filter(({ op }) => op === "new_baseptr").map(operation), [
    { op: "new_baseptr", page: "page1152" },
    { op: "new_baseptr", page: "page1152" },
  ]);
});

Deno.test("the table has a row for every question", async () => {
  const { code, out } = await runHere(settleCommand, "--recorded");
  assertEquals(code, 0);
  const [head = "", ...rows] = out.split("\n");
  assertMatch(head, /^strategy +operations +refused at +model says +Xen says$/);
  assertEquals(rows.slice(0, QUESTIONS.length).map((row) => row.split(" ")[0]), QUESTIONS.map(({ id }) => id));
  assertMatch(rows.at(-2) ?? "", /^[\d,]+ operations, every answer equal$/);
  assertEquals(table([]), [head.replace(/ {3,}/g, "  ")]);
});

Deno.test("a row can be asked for by its id, and an id that is none is refused", async () => {
  const { code, out } = await runHere(settleCommand, "--recorded", "write-always");
  assertEquals(code, 0);
  assertEquals(out.split("\n").map((line) => line.split(" ")[0]).slice(0, 3), ["strategy", "write-always", ""]);
  const wrong = await runHere(settleCommand, "--recorded", "write-alway");
  assertEquals(wrong.code, 2);
  assertMatch(wrong.err, /^settle: expected write-always, .* but found write-alway\P{Cc}*\n$/u);
});
