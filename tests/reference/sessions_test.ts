import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../chapters/guests/random.ts";
import { LIVE_MODES } from "../../tools/reference/live/paging/modes.ts";
import { compareSessions } from "../../tools/reference/live/sessions/compare_sessions.ts";
import { randomSession } from "../../tools/reference/live/sessions/random_session.ts";
import {
  decodeSessions,
  encodeSessions,
  PLACES,
  type Session,
  type Step,
} from "../../tools/reference/live/sessions/session.ts";
import { runSession } from "../../tools/reference/live/sessions/session_model.ts";

const MODES = LIVE_MODES.map(({ id }) => id);

function sessionsOf(seed: number, count: number, flushed: boolean): Session[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => randomSession(random, MODES, flushed));
}

/** The answers of a machine that leaves out some steps. */
function without(session: Session, forgets: (step: Step) => boolean) {
  return runSession({ ...session, steps: session.steps.filter((step) => !forgets(step)) });
}

Deno.test("what the machine answers in a session is allowed by the manual, with flushes and without", () => {
  for (const flushed of [true, false]) {
    const sessions = sessionsOf(20070428, 150, flushed);
    const found = compareSessions(sessions, sessions.map(runSession), true);
    assertEquals(found.differences.map(({ says }) => says), []);
    assert(found.accesses > 3_000 && found.steps > 1.5 * found.accesses);
  }
});

Deno.test("without flushes a machine that never keeps a translation is allowed too, and differs from one that does", () => {
  const sessions = sessionsOf(3, 150, false);
  const forgetful = sessions.map(({ mode, steps, flushed }) => {
    // A flush of every page before each access: nothing that is kept can matter.
    const flush = Array.from({ length: 8 }, (_, page): Step => ({ op: "invlpg", page }));
    return runSession({
      mode,
      flushed,
      steps: steps.flatMap((step) => step.op === "access" ? [...flush, step] : [step]),
    });
  });
  const { differences, allowed } = compareSessions(sessions, forgetful, true);
  assertEquals(differences.map(({ says }) => says), []);
  assert(allowed > 10, `Expected accesses that differ but found ${allowed}`);
});

const FORGETFUL: readonly (readonly [name: string, forgets: (step: Step) => boolean])[] = [
  ["INVLPG", ({ op }) => op === "invlpg"],
  ["a load of CR3", ({ op }) => op === "cr3"],
  ["a store to a table", (step) => step.op === "store" && step.place.level === "table" && step.place.index === 2],
  ["CR0.WP", ({ op }) => op === "cr0"],
  ["SMEP, SMAP and PGE", ({ op }) => op === "cr4"],
];

for (const [name, forgets] of FORGETFUL) {
  Deno.test(`the comparison finds a machine that forgets ${name}`, () => {
    const sessions = sessionsOf(11, 80, true);
    const { differences } = compareSessions(sessions, sessions.map((session) => without(session, forgets)), true);
    assert(differences.length > 0);
  });
}

Deno.test("without flushes it finds a machine that keeps what it must not: a page after INVLPG", () => {
  const sessions = sessionsOf(5, 300, false);
  const answers = sessions.map((session) => without(session, ({ op }) => op === "invlpg"));
  assert(compareSessions(sessions, answers, true).differences.length > 0);
});

Deno.test("accessed and dirty flags at the end of a session are compared; QEMU's above the last level are not", () => {
  const [session] = sessionsOf(7, 1, true);
  assert(session !== undefined);
  const answer = runSession(session);
  const flip = (index: number, bit: number) => ({
    ...answer,
    entries: answer.entries.map((entry, i) => i === index ? { ...entry, lo: (entry.lo ^ bit) >>> 0 } : entry),
  });
  const differs = (index: number, bit: number, exact: boolean) =>
    compareSessions([session], [flip(index, bit)], exact).differences.length;
  assertEquals([differs(0, 0x20, true), differs(0, 0x20, false)], [1, 0]);
  assertEquals([differs(PLACES.length - 1, 0x40, true), differs(PLACES.length - 1, 0x40, false)], [1, 1]);
});

Deno.test("a file of sessions has a row for each step, and answers that are too short are refused", () => {
  const sessions = sessionsOf(1, 2, true);
  const rows = sessions.reduce((sum, { steps }) => sum + 1 + steps.length, 0);
  assertEquals(encodeSessions(sessions, 0).length, 64 + 16 * rows);
  assertThrows(() => decodeSessions(sessions, new Uint8Array(12)), RangeError, "bytes of answers but found 12");
});
