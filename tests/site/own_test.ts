import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { auditDropped } from "../../tools/site/client/dropped.ts";
import { huntProposal, judgeProposal } from "../../tools/site/client/proposal.ts";
import { FIRST_PROPOSAL } from "../../tools/site/own_page.ts";
import { auditCommand } from "../../tools/audit.ts";
import { matrix, PLATFORMS } from "../../mod.ts";
import { verdictOf } from "../../chapters/figures/verdict.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);

async function file(path: string): Promise<{ name: string; bytes: Uint8Array }> {
  return { name: path.split("/").at(-1) ?? "", bytes: await Deno.readFile(new URL(path, FIXTURES)) };
}

Deno.test("the proposal that the page begins with has the verdicts of keep-template, and its first wrong cell is walked", async () => {
  const [drawn, cells, why] = await judgeProposal(FIRST_PROPOSAL);
  assert(typeof drawn === "object" && "options" in drawn);
  assert(typeof cells === "object" && "rows" in cells && typeof why === "string");
  const expected = [...matrix({ strategies: ["keep-template"] })].map(({ row }) => [row.platform, verdictOf(row)]);
  assertEquals(cells.rows.map((row) => row.slice(0, 2)), expected);
  assertEquals(drawn.table.header.slice(1).toSorted(), expected.map(([platform]) => platform ?? "").toSorted());
  assertEquals(expected.length, PLATFORMS.length);
  assertStringIncludes(why, "The first wrong cell: native-486.");
  assertStringIncludes(why, "user write        allowed");
});

Deno.test("a proposal that Xen refuses is told by its rule and the log", async () => {
  const source = `import { STRATEGIES } from "@pagetable-init/textbook";
export const mine = { ...STRATEGIES.find(({ id }) => id === "write-always")!, id: "mine" };`;
  const [, , why] = await judgeProposal(source);
  assert(typeof why === "string");
  assertStringIncludes(why, "The first wrong cell: xen-2level.");
  assertStringIncludes(why, "rule type-conflict");
});

Deno.test("a file that exports no strategy is refused in words", async () => {
  await assertRejects(() => judgeProposal("export const a = 1;"), TypeError, "Expected one exported Strategy");
  await assertRejects(() => judgeProposal("export const a = {};"), TypeError, "Expected");
  await assertRejects(() => judgeProposal("const = 1"), SyntaxError, "proposal.ts, line 1");
});

Deno.test("a hunt in a page finds a small machine on which proposal 4 opens the kernel to user mode", async () => {
  let tried = 0;
  const [found] = await huntProposal(FIRST_PROPOSAL, 20, (count) => tried = count);
  assert(typeof found === "object" && "rows" in found);
  assertEquals(tried, 20);
  const row = found.rows.find(([property]) => property === "no-user-access");
  assertEquals(row?.[2], 'boot({ platform: "native-486", strategy: "mine", memory: "16M" })');
});

Deno.test("a state that is dropped is audited in the words of deno task audit", async () => {
  const [text] = await auditDropped([
    await file("kernels/linux61-686-pae.json"),
    await file("kernels/linux61-686-pae.pt.gz"),
  ], "");
  let said = "";
  const path = new URL("kernels/linux61-686-pae.json", FIXTURES).pathname;
  const streams = { out: (words: string) => said += words, err: () => {} };
  await auditCommand.run({ words: [path], options: new Set(), values: {} }, streams as never);
  const [report = "", more = ""] = said.split(/\n(?=\n--findings)/); // the last line is about options of the command
  assertEquals(String(text).trimEnd(), report.trimEnd());
  assertStringIncludes(more, "--map");
});

Deno.test("a recording that is dropped is audited at its end, or at a moment", async () => {
  const recording = await file("boots/2.6.20-pentium3-64M.jsonl.gz");
  const [atEnd] = await auditDropped([recording], "");
  const [earlier] = await auditDropped([recording], "3000");
  await assertRejects(() => auditDropped([recording], "1000"), RangeError, "paging is on but found step 1000");
  assert(typeof atEnd === "string" && typeof earlier === "string");
  assertStringIncludes(atEnd, "two-level, CR0");
  assert(atEnd !== earlier);
});

Deno.test("files that are neither state nor recording are refused in words", async () => {
  const header = await file("kernels/linux61-686-pae.json");
  await assertRejects(() => auditDropped([header], ""), RangeError, "linux61-686-pae.pt.gz beside");
  await assertRejects(() => auditDropped([{ name: "a", bytes: new Uint8Array([1, 2]) }], ""), RangeError);
  await assertRejects(() => auditDropped([], ""), RangeError, "found 0 files");
  await assertRejects(() => auditDropped([{ name: "a.json", bytes: new TextEncoder().encode("[") }], ""), RangeError);
});
