import { assertEquals } from "@std/assert";
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
