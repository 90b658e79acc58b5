import { assertEquals } from "@std/assert";
import { MODES } from "@pagetable-init/textbook";
import { intendedRanges } from "@pagetable-init/textbook/audit";
import { TableBuilder } from "./table_builder.ts";

const builder = new TableBuilder(MODES.pae);
const none = { pse: false, pge: false, nx: false };

Deno.test("without PSE, PGE, NX and Xen, every page of lowmem should be alike: writable and executable", () => {
  assertEquals(intendedRanges(builder.guest({ lowmemPages: 4096, executablePages: 1281 })), [
    { firstPfn: 0, pages: 4096, writable: true, executable: true, global: false, large: false },
  ]);
});

Deno.test("with NX, pages may be executed up to __init_end and no further", () => {
  const guest = builder.guest({ lowmemPages: 4096, executablePages: 1281, features: { ...none, nx: true } });
  assertEquals(intendedRanges(guest).map(({ firstPfn, pages, executable }) => [firstPfn, pages, executable]), [
    [0, 1281, true],
    [1281, 2815, false],
  ]);
});

Deno.test("pages should be global and large exactly when the kernel sees PGE and PSE", () => {
  const [pge] = intendedRanges(builder.guest({ lowmemPages: 16, features: { ...none, pge: true } }));
  const [pse] = intendedRanges(builder.guest({ lowmemPages: 16, features: { ...none, pse: true } }));
  assertEquals([pge?.global, pge?.large, pse?.global, pse?.large], [true, false, false, true]);
});

Deno.test("pages that must be read-only make holes in what should be writable", () => {
  const guest = builder.guest({ lowmemPages: 100, readOnly: new Set([40, 0, 41, 99, 43, 5000]) });
  assertEquals(intendedRanges(guest).map(({ firstPfn, pages, writable }) => [firstPfn, pages, writable]), [
    [0, 1, false],
    [1, 39, true],
    [40, 2, false],
    [42, 1, true],
    [43, 1, false],
    [44, 55, true],
    [99, 1, false],
  ]);
});

Deno.test("the text's end and a read-only page may fall together or beyond lowmem", () => {
  const features = { ...none, nx: true };
  const together = builder.guest({ lowmemPages: 8, executablePages: 4, readOnly: new Set([4]), features });
  assertEquals(intendedRanges(together).map(({ firstPfn, pages }) => [firstPfn, pages]), [[0, 4], [4, 1], [5, 3]]);
  const beyond = builder.guest({ lowmemPages: 8, executablePages: 9, features });
  assertEquals(intendedRanges(beyond).map(({ pages, executable }) => [pages, executable]), [[8, true]]);
});
