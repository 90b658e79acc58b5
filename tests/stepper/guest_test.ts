import { assert, assertEquals, assertMatch } from "@std/assert";
import { recordGuest, recordingOf, timeline } from "../../chapters/mod.ts";
import { openRecording, stateAt } from "../../chapters/stepper/state_at.ts";
import { squareAddress, totalRows, writeRows } from "../../chapters/stepper/words.ts";
import { audit } from "../../core/audit/mod.ts";
import { Recording } from "../../core/recording/mod.ts";
import { timelinePage } from "../../tools/recordings/timeline_page.ts";
import { sampleLog } from "../core/recording/sample_log.ts";

const recording = await recordingOf("2.6.20-pentium3-64M");
const guest = recordGuest(recording);
const open = openRecording(guest);

Deno.test("the totals of the last step are those of an audit of the machine at that step", () => {
  const found = audit(recording.at(recording.length));
  const totals = new Map(totalRows(open, stateAt(open, guest.steps)));
  assertEquals([totals.get("leaves"), totals.get("page tables")], [
    found.leaves,
    new Set(found.tables.map(({ frame }) => frame)).size,
  ]);
  for (const { id, pages } of found.findings) assertEquals(totals.get(id) ?? 0, pages, id); // what is never counted is not shown
});

Deno.test("each write of the recording is a step with its entry before and after", () => {
  assertEquals(guest.steps, recording.length);
  const { op, pfn, index } = recording.trace.at(2051);
  const rows = new Map(writeRows(open, 2051));
  assertEquals(rows.get("operation"), op);
  assertEquals(rows.get("writes"), `entry ${index} of the table in page 0x${pfn.toString(16)}`);
  assertMatch(rows.get("is stored") ?? "", /PS/);
});

Deno.test("the map has the squares of all addresses that are ever mapped, and knows where they are", () => {
  const { space } = guest;
  assert(space !== undefined);
  assertEquals(
    squareAddress(open, space.ranges.at(-1)?.first ?? -1),
    `0x${BigInt(space.ranges.at(-1)?.linear ?? "").toString(16)}`,
  );
  const words = (step: number) => new Set([...stateAt(open, step).pages].map((state) => open.states[state]?.words));
  assertEquals([...words(0)], ["not mapped"]);
  assert([...words(guest.steps)].some((it) => it?.startsWith("4M, read write")), [...words(guest.steps)].join("; "));
});

Deno.test("the page of a recording asks for nothing from outside, and what a guest calls its functions is text in it", () => {
  const page = timelinePage(recording);
  assertMatch(page, /default-src &#39;none&#39;/);
  assert(!/(?:src|href)="(?!data:)(?!#)/.test(page), "something is fetched");
  const log = sampleLog();
  const evil = timelinePage(new Recording({ ...log, header: { ...log.header, description: "<script>x</script>" } }));
  assert(!evil.includes("<script>x"));
});

Deno.test("in a notebook a recording is one line, and its first step can be chosen", () => {
  assertEquals(timeline(recording, 5).step, 5);
  assert("text/html" in timeline(recording).outputs()[0]);
});
