import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { entryText, HuntProcess, Lost } from "../../tools/hunt/process.ts";
import { huntCommand } from "../../tools/hunt.ts";
import { runHere } from "../tools/run_here.ts";

const SEARCH = [
  "--strategy",
  "keep-template",
  "--strategy",
  "filter-set-pte",
  "--platform",
  "native-486",
  "--platform",
  "native-pentium",
  "--max-memory",
  "17M",
  "--runs",
  "410", // three chunks, the last one short
  "--seed",
  "3",
];

async function found(...args: string[]): Promise<string> {
  const { code, out, err } = await runHere(huntCommand, ...args);
  assertEquals(code, 0, err);
  return out;
}

Deno.test("shards that are merged say what the whole hunt says, whatever the number of processes", async () => {
  const whole = await found(...SEARCH, "--json", "--workers", "1");
  assertEquals(await found(...SEARCH, "--json", "--workers", "3"), whole);
  const shard = async (which: string) => await found(...SEARCH, "--shard", which, "--workers", "1");
  const [second, first] = [await shard("2/2"), await shard("1/2")];
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, second + first + second);
  assertEquals(await found("--merge", file, "--json"), whole);
  await Deno.writeTextFile(file, second);
  const missing = await runHere(huntCommand, "--merge", file);
  assertEquals([missing.code, missing.err], [2, "hunt: expected all 2 shards but found none of 1\n"]);
  const { findings, survived, machines } = JSON.parse(whole);
  assertEquals(machines, 410);
  const open = findings.find((it: { strategy: string; property: string }) => it.property === "no-user-access");
  assertEquals(open.boot, `boot({ platform: "native-486", strategy: "keep-template", memory: "16M" })`);
  assert(survived.some((it: { property: string }) => it.property === "covers"));
});

Deno.test("pairs: the simplest machine on which two strategies differ, or none", async () => {
  const { pairs } = JSON.parse(
    await found(
      "--pairs",
      "--json",
      "--of-2007",
      "--runs",
      "60",
      "--platform",
      "native-pentium",
      "--max-memory",
      "16M",
    ),
  );
  assertEquals(pairs.length, 13 * 12 / 2);
  const of = (a: string, b: string) => pairs.find((pair: { a: string; b: string }) => pair.a === a && pair.b === b);
  assertEquals(
    of("keep-template", "keep-template-pse-fix").boot,
    `boot({ platform: "native-pentium", strategy: "keep-template", memory: "16M" })`,
  );
  assertEquals(of("ask-callback", "filter-set-pte"), {
    a: "ask-callback",
    b: "filter-set-pte",
    boot: null,
    why: "none in 60 machines",
  });
});

Deno.test("--against: another strategy is the measure", async () => {
  const out = await found(
    "--strategy",
    "keep-template",
    "--against",
    "write-always",
    "--platform",
    "native-486",
    "--runs",
    "20",
  );
  assertStringIncludes(out, "keep-template: same-as-write-always does not hold");
});

/** A strategy file in a folder of its own. */
async function strategyFile(body: string): Promise<string> {
  const file = `${await Deno.makeTempDir()}/mine.ts`;
  const imports = new URL("../../core/strategies/mod.ts", import.meta.url).href;
  await Deno.writeTextFile(file, `import { findStrategy } from ${JSON.stringify(imports)};\n${body}`);
  return file;
}

const FEW = ["--platform", "native-486", "--runs", "20", "--property", "boots", "--of-2007", "--workers", "1"];

Deno.test("a strategy file is hunted like any other, and may do nothing but boot", async () => {
  const file = await strategyFile(
    `export const mine = { ...findStrategy("write-always"), prepare: () => { Deno.readTextFileSync("/etc/hostname"); } };`,
  );
  const out = await found("--strategy", file, ...FEW);
  assertStringIncludes(out, "answers does not hold");
  assertStringIncludes(out, "NotCapable");
  assert(!out.includes("no counter-example"), out);
});

Deno.test("a strategy file that throws is named, and the hunt goes on", async () => {
  const file = await strategyFile(`throw new Error("nobody home");`);
  const out = await found("--strategy", file, "--strategy", "write-always", ...FEW);
  assertStringIncludes(out, `${file} was not asked to the end: it ended with code 1: error: Uncaught`);
  assertStringIncludes(out, "nobody home");
  assertMatch(out, /write-always {2}boots/);
});

Deno.test("a strategy file that loops is ended", async () => {
  const file = await strategyFile(
    // It sleeps as it loops: the test waits for three seconds, and leaves the processor to others.
    `const asleep = new Int32Array(new SharedArrayBuffer(4));
     export const mine = { ...findStrategy("write-always"), mapPage: () => { for (;;) Atomics.wait(asleep, 0, 0, 1000); } };`,
  );
  const entry = `${await Deno.makeTempDir()}/entry.ts`;
  await Deno.writeTextFile(entry, entryText([file]));
  const process = new HuntProcess(entry, 3_000);
  await process.ready();
  const space = { platforms: ["native-486"] as const, maxMemory: 4096, of2007: true };
  const chunk = { seed: 1, chunk: 0, runs: 1, space, pairs: false };
  const request = { strategies: [file], properties: ["boots"], against: undefined, chunk };
  await assertRejects(() => process.search(request, () => {}), Lost, "does not return");
  await process.end();
});

Deno.test("a file that is not there, and a property that nobody knows, are one line each", async () => {
  const { code, err } = await runHere(huntCommand, "--strategy", "nowhere.ts");
  assertEquals([code, err], [2, "hunt: cannot read nowhere.ts: no such file\n"]);
  assertStringIncludes((await runHere(huntCommand, "--property", "bots")).err, "did you mean boots?");
  for (const shard of ["0/2", "3/2", "1", "a/b"]) assertEquals((await runHere(huntCommand, "--shard", shard)).code, 2);
  const both = await runHere(huntCommand, "--pairs", "--against", "write-always");
  assertEquals([both.code, both.err], [2, "hunt: expected --pairs, or --property and --against, but found both\n"]);
});

Deno.test("a process gives signs of life while it makes a machine simple, however long that takes", async () => {
  // Each boot lasts a tenth of a second at least, so a dozen of them is longer than the silence between two signs, on the fastest machine too.
  const file = await strategyFile(
    `const plain = findStrategy("write-always");
     const slow = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
     export const mine = { ...plain, prepare: slow, mapPage: (...all) => { if (all[2] < 4100) plain.mapPage(...all); } };`,
  );
  const entry = `${await Deno.makeTempDir()}/entry.ts`;
  await Deno.writeTextFile(entry, entryText([file]));
  const space = { platforms: ["native-486"] as const, maxMemory: 8192, of2007: true };
  const request = { strategies: [file], properties: ["covers"], against: undefined };
  const process = new HuntProcess(entry, 20_000);
  await process.ready();
  const { findings: [raw] } = await process.search(
    { ...request, chunk: { seed: 1, chunk: 0, runs: 5, space, pairs: false } },
    () => {},
  );
  await process.end();
  assert(raw !== undefined);
  let signs = 0;
  const other = new HuntProcess(entry, 20_000);
  await other.ready();
  const { boot } = await other.explain({ ...request, raw, space }, () => signs++);
  await other.end();
  assertStringIncludes(boot, "memory: 4101 * 4096");
  assert(signs > 0, "Expected a sign of life but found none: the boots last more than a second");
});
