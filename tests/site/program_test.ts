import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { BlockError, type BlockSource, linkBlocks, placeOf } from "../../tools/site/client/program.ts";

const blocksOf = (...sources: string[]): BlockSource[] => sources.map((source, number) => ({ number, source }));

/** Runs blocks as the worker does, and returns what they show. */
async function shown(...sources: string[]): Promise<[block: number, value: unknown][]> {
  const found: [number, unknown][] = [];
  const { code } = linkBlocks(blocksOf(...sources));
  const AsyncFunction = (async () => {}).constructor as new (
    ...parts: string[]
  ) => (...args: unknown[]) => Promise<void>;
  const modules = () => ({ seven: 7, default: 1 });
  await new AsyncFunction("$show", "$modules", code)(
    (block: number, value: unknown) => found.push([block, value]),
    modules,
  );
  return found;
}

Deno.test("blocks share their names, and each shows the expression that it ends in", async () => {
  assertEquals(
    await shown("const a: number = 2;\na * 3;", "interface Gone { x: 1 }\nlet b = a;\nb += 1", "function f() {}"),
    [
      [0, 6],
      [1, 3],
    ],
  );
});

Deno.test("imports become constants, types among them go, and await is allowed", async () => {
  assertEquals(
    await shown(
      'import { seven as six, type Nothing } from "m";\nimport type { Also } from "m";',
      "await Promise.resolve(six)",
    ),
    [[1, 7]],
  );
});

Deno.test("a block may import what an earlier one has imported, and another name beside it; the same name of another module is told", async () => {
  const first = 'import { seven } from "m";\nimport one from "m";';
  assertEquals(
    await shown(first, 'import { seven, seven as six } from "m";\nimport one from "m";\nseven + six + one'),
    [
      [1, 15],
    ],
  );
  await assertRejects(() => shown(first, 'import { seven } from "n";'), SyntaxError, "already been declared");
});

Deno.test("a mistake is told with its block and its line in it", () => {
  const wrong = (...sources: string[]) => assertThrows(() => linkBlocks(blocksOf(...sources)), BlockError);
  const { block, line } = wrong("1;", "const a = 1;\nconst = 2;");
  assertEquals([block, line], [1, 2]);
  assertEquals(wrong("foo(").line, 1);
  assertStringIncludes(wrong("export const a = 1;").message, "Expected no export");
  assertStringIncludes(wrong('const f = () => [1, { a: import("https://x") }];').message, "but found import()");
});

Deno.test("a line of the program is found in its block, however many lines an import or a type takes", () => {
  const blocks = blocksOf('import {\n  a,\n} from "m";\n1;', "type T = {\n  x: 1;\n};\nthrowHere();");
  const program = linkBlocks(blocks);
  const line = program.code.split("\n").findIndex((text) => text.includes("throwHere")) + 1;
  assert(line > 0);
  assertEquals(placeOf(program, blocks, line), { block: 1, line: 4 });
});
