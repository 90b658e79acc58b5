import { runDeno } from "../../tools/command/process.ts";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Different, median, ratioOf, ratioToSeconds, type Side, untilQuiet } from "../../tools/bench/rounds.ts";
import type { Result } from "../../tools/bench/compare.ts";
import { feltOf } from "../../tools/bench/felt.ts";
import { busyNote, feltTable, growthTable, peerTable, ratioTable } from "../../tools/bench/report.ts";
import { benchCommand } from "../../tools/bench.ts";
import { runHere } from "../tools/run_here.ts";
import { COMPARISONS } from "../../tools/bench/jobs/jobs.ts";

/** A side whose measurements take these nanoseconds, one after the other. */
function side(nanoseconds: readonly number[], checksum = 7): Side {
  const left = [...nanoseconds];
  return { measure: () => Promise.resolve({ nanoseconds: left.shift() ?? NaN, checksum }) };
}

const pass = { passes: 1, operations: 1 } as const;
const sameWork = { rounds: 3, sameWork: true } as const;

Deno.test("the median is the one in the middle, or between the two there", () => {
  assertEquals([median([3, 1, 2]), median([4, 1, 2, 3])], [2, 2.5]);
});

Deno.test("a ratio is ours over the mean of theirs before and after, by the round, and of these the median", async () => {
  const ours = { ...pass, side: side([30, 100, 10]) };
  const theirs = { ...pass, side: side([10, 20, 10, 30, 5, 5]) };
  const { ratio, here, there } = await ratioOf(ours, theirs, sameWork);
  assertEquals([ratio, here, there], [2, 30, 15]);
});

Deno.test("a ratio is by the operation", async () => {
  const ours = { passes: 2, operations: 100, side: side([600]) };
  const theirs = { passes: 1, operations: 10, side: side([10, 10]) };
  assertEquals((await ratioOf(ours, theirs, { rounds: 1, sameWork: false })).ratio, 3);
});

Deno.test("two sides that do the same and do not find the same are no ratio", async () => {
  const rounds = () =>
    ratioOf({ ...pass, side: side([1, 1, 1], 7) }, { ...pass, side: side([1, 1, 1, 1, 1, 1], 8) }, sameWork);
  await assertRejects(rounds, Different, "is 7 here and 8 there");
});

Deno.test("what the other side finds after ours counts as much as what it finds before", async () => {
  const found = [7, 8];
  const theirs: Side = { measure: () => Promise.resolve({ nanoseconds: 1, checksum: found.shift() ?? NaN }) };
  const round = () =>
    ratioOf({ ...pass, side: side([1], 7) }, { ...pass, side: theirs }, { rounds: 1, sameWork: true });
  await assertRejects(round, Different, "is 7 here and 8 there");
});

Deno.test("a ratio to seconds is by the pass, its spread the middle half of the rounds over the median", async () => {
  const { ratio, spread } = await ratioToSeconds({ passes: 2, operations: 5, side: side([8e9, 4e9, 6e9]) }, 3, 3);
  assertEquals([ratio, spread.toFixed(6)], [1, "0.333333"]);
});

Deno.test("rounds that do not agree are made again, and the closest are kept", async () => {
  const made = [{ ratio: 1, spread: 0.9 }, { ratio: 2, spread: 0.4 }, { ratio: 3, spread: 0.1 }, {
    ratio: 4,
    spread: 0,
  }];
  const left = [...made];
  const next = () => Promise.resolve(left.shift() ?? { ratio: NaN, spread: NaN });
  assertEquals(await untilQuiet(next, 9), { ratio: 3, spread: 0.1, tries: 3 });
  left.splice(0, left.length, ...made);
  assertEquals(await untilQuiet(next, 2), { ratio: 2, spread: 0.4, tries: 2 });
});

Deno.test("a line whose rounds never agreed says that the machine was busy, and not that a target was missed", () => {
  const line = { name: "a walk", ratio: 9, target: 2, against: "C", spread: 0.6, tries: 3, why: "-" };
  assertMatch(ratioTable([line]), /busy, 3 tries/);
  assertEquals(ratioTable([line]).includes("missed"), false);
  assertMatch(ratioTable([{ ...line, spread: 0.1 }]), /±5% +2 {2}C +missed/);
  assertMatch(busyNote([line, { ...line, spread: 0 }]), /1 of 2 lines/);
  assertEquals(busyNote([{ ...line, spread: 0 }]), "");
});

Deno.test("a wait is told by its first time, the median of the others, and how far these lie apart", () => {
  const told = { name: "explain", first: 9, then: 2, spread: 1.5, aim: 3 };
  assertEquals(feltOf("explain", 3, [9, 4, 2, 1]), told);
});

Deno.test("a wait that is longer than its aim is marked; growth is told by the unit", () => {
  const wait = { name: "explain", first: 0.5, then: 0.1, spread: 0.1, aim: 0.15 };
  assertMatch(feltTable([wait]), /explain +0\.50 s +0\.10 s +±5% +0\.15 s *\n$/);
  assertMatch(feltTable([{ ...wait, then: 0.2 }]), /missed *\n$/);
  assertMatch(feltTable([{ ...wait, then: 0.2, spread: 0.9 }]), /busy\nThe machine was busy: 1 of 1 waits swing/);
  const line = { name: "audit", of: "leaves", size: 1000, seconds: 0.002, mebibytes: 3 };
  assertMatch(growthTable([line]), /audit +1,000 leaves +0\.002 s +2\.00 µs +3 MiB/);
});

Deno.test("the table of peers says who is faster; without the peer bench says what to install", async () => {
  const line = { name: "a load", peer: "Unicorn 2.1.4", here: 10, there: 25, times: 2.5, spread: 0.1 };
  assertMatch(peerTable([line]), /10 ns +25 ns {2}2\.5 times faster here +±5% *\n/);
  assertMatch(peerTable([{ ...line, there: 5, times: 0.5 }]), /2\.0 times faster there +±5% *\n/);
  assertMatch(peerTable([{ ...line, aim: 4 }]), / 4 +missed\n/);
  assertMatch(peerTable([{ ...line, aim: 4, spread: 0.6 }]), / 4 +busy\n/);
  assertMatch(peerTable([{ ...line, there: 2.5e7, times: 2.5e6 }]), /25 ms {2}2500000 times faster here/);
  const { code, out, err } = await runHere(benchCommand, "--peers", "--json"); // tests may not run python3
  assertEquals([code, JSON.parse(out).peers], [0, []]);
  assertMatch(err, /^bench: peers is not measured: .+\n$/);
});

Deno.test("bench without gcc has the ratios to other work here, as JSON, and a note", async () => {
  const { code, out, err } = await runHere(benchCommand, "--json", "--rounds", "1", "--only", "TLB hit"); // tests may not run gcc
  assertEquals([code, err], [0, "bench: gcc cannot be run here: no ratios to C\n"]);
  const { results, memory, made } = JSON.parse(out);
  assertEquals(results.map(({ name, target, against }: Result) => ({ name, target, against })), [
    { name: "TLB hit against walk", target: 0.5, against: "random PAE walk, here" },
  ]);
  assert(results[0].ratio > 0);
  assertEquals([memory, made.rounds], [[], 1]);
});

Deno.test("bench refuses a wrong command line in one line, with exit 2", async () => {
  for (
    const args of [["--rounds", "0"], ["--rounds", "100"], ["--rounds", "x"], ["--only", "coffee"], ["--only", ""]]
  ) {
    const { code, out, err } = await runHere(benchCommand, ...args);
    assertEquals([code, out], [2, ""], args.join(" "));
    assertMatch(err, /^bench: expected \P{Cc}+ but found \P{Cc}*\n$/u);
  }
});

Deno.test("names are there once", () => {
  const names = COMPARISONS.map(({ name }) => name);
  assertEquals(names, [...new Set(names)]);
});

const { code, out } = await runDeno(["run", "-A", "tests/bench/check.ts"]);
const said = out.trim();
Deno.test({
  name: "every job finds in C what it finds here" + (code === 3 ? ` (skipped: ${said})` : ""),
  ignore: code === 3,
  fn: () => assertEquals([code, said], [0, "9 jobs"]),
});
