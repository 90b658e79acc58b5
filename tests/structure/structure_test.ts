import { assert, assertEquals } from "@std/assert";
import { sourcesBelow } from "../library/sources.ts";
import {
  chapterBreaches,
  circles,
  directionBreaches,
  folderCircles,
  layerBreaches,
  MAY_IMPORT,
  outerWorld,
  repeated,
  shapeBreaches,
  type Sources,
  taskBreaches,
} from "./rules.ts";

const root = new URL("../../", import.meta.url);
const paths = ["mod.ts", ...(await Promise.all(["core", "chapters", "tools", "tests"].map(sourcesBelow))).flat()];
const sources: Sources = new Map(
  await Promise.all(paths.map(async (path) => [path, await Deno.readTextFile(new URL(path, root))] as const)),
);

/** The project's sources with one line added to a file, or with one more file. */
function withLine(path: string, line: string): Sources {
  return new Map([...sources, [path, `${line}\n${sources.get(path) ?? ""}`]]);
}

const RULES = {
  directionBreaches,
  layerBreaches,
  circles,
  folderCircles,
  outerWorld,
  chapterBreaches,
  repeated,
  taskBreaches,
  shapeBreaches,
};

Deno.test("imports point one way, core needs nothing outside itself, files have their shape", () => {
  assert(sources.size > 300);
  for (const rule of Object.values(RULES)) assertEquals(rule(sources), []);
});

Deno.test("the rooms that may be imported do not import back", () => {
  const reach = (room: string, seen: string[] = []): string[] =>
    (MAY_IMPORT[room] ?? []).flatMap((next) => seen.includes(next) ? [next] : [next, ...reach(next, [...seen, next])]);
  assertEquals(Object.keys(MAY_IMPORT).filter((room) => reach(room).includes(room)), []);
});

/** A breach, and what is said of it. */
const BREACHES: readonly (readonly [rule: keyof typeof RULES, path: string, line: string, said: string])[] = [
  [
    "directionBreaches",
    "core/mmu/walk.ts",
    'import type { Domain } from "../xen/domain.ts";',
    "core/mmu/walk.ts may not import core/xen/domain.ts",
  ],
  [
    "directionBreaches",
    "core/kernel/kernel.ts",
    'import {\n  STRATEGIES,\n} from "../strategies/mod.ts";',
    "core/kernel/kernel.ts may not import core/strategies/mod.ts",
  ],
  [
    "directionBreaches",
    "core/audit/audit.ts",
    'export * from "../../tools/command.ts";',
    "core/audit/audit.ts may not import tools/command.ts",
  ],
  ["directionBreaches", "core/boot.ts", 'import "node:fs";', "core/boot.ts may not import node:fs"],
  ["directionBreaches", "core/boot.ts", 'const fs = await import("fs");', "core/boot.ts may not import fs"],
  ["directionBreaches", "core/disk/disk.ts", "", "core/disk/disk.ts: disk is no room of core"],
  ["directionBreaches", "mod.ts", "export const A = 1;", "mod.ts does more than export: export const A = 1;"],
  [
    "circles",
    "core/mmu/bits.ts",
    'import { walk } from "./walk.ts";',
    "core/mmu/bits.ts -> core/mmu/walk.ts -> core/mmu/bits.ts",
  ],
  [
    "layerBreaches",
    "tools/audit.ts",
    'import type { TaskLine } from "../tests/tools/task_lines.ts";',
    "tools/audit.ts may not import tests/tools/task_lines.ts",
  ],
  [
    "layerBreaches",
    "tools/matrix.ts",
    'const worker = new URL("../tests/matrix/worker.ts", import.meta.url);',
    "tools/matrix.ts may not import tests/matrix/worker.ts",
  ],
  [
    "layerBreaches",
    "chapters/recorded/states.ts",
    'import { main } from "../../tools/command.ts";',
    "chapters/recorded/states.ts may not import tools/command.ts",
  ],
  [
    "folderCircles",
    "chapters/figures/cell.ts",
    'import type { Shown } from "../shown/shown.ts";',
    "chapters/figures -> chapters/shown -> chapters/figures",
  ],
  ["outerWorld", "core/ids.ts", "console.log(1);", "core/ids.ts uses console"],
  ["outerWorld", "core/ids.ts", 'const home = Deno.env.get("HOME");', "core/ids.ts uses Deno"],
  [
    "chapterBreaches",
    "chapters/01_one_page_table/exercises/02_walk/solution.ts",
    'import { P } from "../../../../core/mmu/bits.ts";',
    "chapters/01_one_page_table/exercises/02_walk/solution.ts may not import core/mmu/bits.ts",
  ],
  [
    "repeated",
    "tools/ok.ts",
    'const child = new Deno.Command("ls");',
    "tools/ok.ts does by itself what run, runDeno or start of tools/command/process.ts does",
  ],
  [
    "repeated",
    "tools/bench/report.ts",
    "const cell = `${1}`.padStart(4);",
    "tools/bench/report.ts does by itself what columns of chapters/shown/columns.ts does",
  ],
  [
    "repeated",
    "tools/pack.ts",
    'await Deno.writeTextFile("package.json", "");',
    "tools/pack.ts does by itself what writeWhole of tools/command/whole_file.ts does",
  ],
  ["taskBreaches", "tools/coffee.ts", "export const A = 1;", "tools/coffee.ts does not end with main of its command"],
  ["shapeBreaches", "tools/long.ts", "\n".repeat(350), "tools/long.ts has 351 lines, more than 350"],
  ["shapeBreaches", "tools/camelCase.ts", "", "tools/camelCase.ts is not named in snake_case"],
  ["shapeBreaches", "core/ids.ts", "export enum Kind {}", "core/ids.ts has an enum"],
  ["shapeBreaches", "core/ids.ts", "export default 1;", "core/ids.ts has a default export"],
  [
    "shapeBreaches",
    "core/ids.ts",
    "export type Bytes = Uint8Array<ArrayBuffer>;",
    "core/ids.ts has a Uint8Array of a kind that TypeScript 5.0 lacks",
  ],
];

for (const [rule, path, line, said] of BREACHES) {
  Deno.test(`a breach is found: ${said}`, () => {
    const found = RULES[rule](withLine(path, line));
    assert(found.includes(said), `Expected ${said} but found ${found.join("\n")}`);
  });
}

Deno.test("what stands in a comment is no breach, and types may go in a circle", () => {
  for (const line of ['// import "node:fs";', "/* Deno.exit() */", 'import type { Walker } from "./walk.ts";']) {
    for (const rule of Object.values(RULES)) assertEquals(rule(withLine("core/mmu/bits.ts", line)), []);
  }
});
