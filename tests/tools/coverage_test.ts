import { assertEquals } from "@std/assert";
import { defaultsIn } from "../../tools/branches/defaults.ts";
import { LINES, reasonOf } from "../../tools/branches/reasons.ts";
import { foldersOf, parseLcov, shareOf } from "../../tools/branches/lcov.ts";

const REPORT = `SF:/home/somebody/project/core/mmu/walk.ts
FN:1,walk
BRDA:3,1,0,1
BRDA:3,1,1,0
BRDA:9,2,0,0
BRDA:9,2,1,0
DA:1,5
DA:3,5
DA:9,0
LF:3
end_of_record
SF:/home/somebody/project/core/boot.ts
DA:1,1
end_of_record
`;

Deno.test("a report of coverage is read by file, with the lines whose branches no test takes", () => {
  const files = parseLcov(REPORT);
  assertEquals(files.map(({ path }) => path), ["core/boot.ts", "core/mmu/walk.ts"]);
  assertEquals(files[1], {
    path: "core/mmu/walk.ts",
    lines: { found: 3, taken: 2 },
    branches: { found: 4, taken: 1 },
    missed: [{ line: 3, branches: 1 }, { line: 9, branches: 2 }],
  });
  assertEquals([shareOf(files, "lines"), shareOf(files, "branches")], [0.75, 0.25]);
});

Deno.test("folders have their own shares, and all of them the last line; no branches are all branches", () => {
  assertEquals(foldersOf(parseLcov(REPORT)), [
    { name: "core", lines: 1, branches: 1 },
    { name: "core/mmu", lines: 2 / 3, branches: 0.25 },
    { name: "all", lines: 0.75, branches: 0.25 },
  ]);
});

Deno.test("no test can take a default behind an index; every other branch a test could take", () => {
  const counts = [
    "const frame = p2m[pfn] ?? 0;",
    "const [hi, lo] = [kernel[2 * i + 1] ?? 0, kernel[2 * i] ?? 0];",
    "const shift = mode.levels[0]?.shift ?? 12;",
    "if (row === undefined) return;",
    "const memory = make?.(bytes) ?? new PhysicalMemory(bytes);",
    "return now ?? next ?? roles.at(-1);",
    "if (list.length >= MAX_RANGES) {",
  ].map(defaultsIn);
  assertEquals(counts, [1, 2, 1, 0, 0, 0, 0]);
});

Deno.test("each reason for a branch is of one line that is there", async () => {
  const wrong: string[] = [];
  for (const files of Object.values(LINES)) {
    for (const [file, texts] of Object.entries(files)) {
      const lines = (await Deno.readTextFile(file)).split("\n");
      for (const text of texts) {
        const found = lines.filter((line) => line.includes(text)).length;
        if (found !== 1) wrong.push(`${file}: expected one line with ${text} but found ${found}`);
      }
    }
  }
  assertEquals(wrong, []);
});

Deno.test("a line has the reason of its own file alone", () => {
  assertEquals(reasonOf("core/dump/save.ts", "  if (frames.size > MAX_STATE_FRAMES) {"), "limit");
  assertEquals(reasonOf("core/dump/load.ts", "  if (frames.size > MAX_STATE_FRAMES) {"), undefined);
});
