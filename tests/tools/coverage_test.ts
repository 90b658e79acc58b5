import { assertEquals } from "@std/assert";
import { reasonFor } from "../../tools/branches/reasons.ts";
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
    missed: [3, 9],
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

Deno.test("a branch that the type checker asks for has its reason, and one that a test could take has none", () => {
  const reasons = [
    "const frame = p2m[pfn] ?? 0;",
    "if (row === undefined) return;",
    "const [hi = 0, lo = 0] = machine.cr2;",
    "if (list.length >= MAX_RANGES) {",
    "return (errorCode & PF_U) !== 0;",
  ].map((line) => reasonFor(line)?.id);
  assertEquals(reasons, ["index-within", "item-there", "long-enough", undefined, undefined]);
});
