import { runDeno } from "../../tools/command/process.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { missing, type PublicModule } from "./surface.ts";

const root = new URL("../../", import.meta.url);

/** The public surface of files, by file. */
async function surfaceOf(...files: string[]): Promise<Map<string, PublicModule>> {
  const { code, out, err } = await runDeno(["doc", "--json", ...files]);
  assert(code === 0, err);
  const { nodes }: { nodes: Record<string, PublicModule> } = JSON.parse(out);
  return new Map(Object.entries(nodes));
}

async function missingIn(source: string): Promise<string[]> {
  const path = `${await Deno.makeTempDir()}/sample.ts`;
  await Deno.writeTextFile(path, source);
  return [...(await surfaceOf(path)).values()].flatMap(missing);
}

Deno.test("every symbol of every export is documented, and shown by an example with an assertion", async () => {
  const files = Object.values(config.exports);
  const surface = await surfaceOf(...files);
  assertEquals(surface.size, files.length);
  assertEquals([...surface].flatMap(([file, module]) => missing(module).map((line) => `${file} ${line}`)), []);
});

Deno.test("what is missing is named: module, function, table, member", async () => {
  const sample = `
    /** Adds. */ export function add(a: number, b: number): number { return a + b; }
    /** A row. @example \`row\` */ export const rows: readonly number[] = [1];
    /** A pair. */ export interface Pair {
      readonly first: number;
      /** Second. */ readonly second: number;
    }
    export type Bare = string;
    /** A number. */ export const ONE = 1;`;
  assertEquals((await missingIn(sample)).sort(), [
    "Bare: no summary",
    "ONE: no example with an assertion",
    "Pair: no summary of first",
    "add: no example with an assertion",
    "rows: no example with an assertion",
    "the module: no example with an assertion",
  ]);
});

Deno.test("a number may stand in its neighbour's example", async () => {
  const sample = `
    /**
     * One.
     *
     * @example a \`assertEquals(ONE + TWO, 3)\`
     */ export const ONE = 1;
    /** Two. */ export const TWO = 2;
    /** Three. */ export const THREE: number = 3;`;
  assertEquals((await missingIn(sample)).filter((line) => !line.startsWith("the module")), [
    "THREE: no example with an assertion",
  ]);
});

Deno.test("the version in deno.json heads the change log, which has a date for each release", async () => {
  const log = await Deno.readTextFile(new URL("CHANGELOG.md", root));
  const [newest] = [...log.matchAll(/^## \[(.+?)\] - \d{4}-\d\d-\d\d$/gm)];
  assertEquals(newest?.[1], config.version);
  assertMatch(config.version, /^\d+\.\d+\.\d+$/);
  assertEquals(
    [...log.matchAll(/^## /gm)].length,
    [...log.matchAll(/^## (\[Unreleased\]|\[.+?\] - \d{4}-\d\d-\d\d)$/gm)].length,
  );
});
