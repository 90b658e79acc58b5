/** A guest of our own that turns on each feature of paging, recorded and, where QEMU and nasm are, live: each planted defect is found, and nothing else. */
import { assertEquals } from "@std/assert";
import { audit } from "@pagetable-init/textbook";
import { formatAddress, RIGHT_KEY_SHIFT } from "@pagetable-init/textbook/mmu";
import { readState } from "../../chapters/recorded/files/state.ts";
import { runDeno } from "../../tools/command/process.ts";
import { EXPECTED, FEATURES, findingsOf } from "../tools/live/features.ts";

const stateOf = (name: string) => readState(`tests/fixtures/features/${name}.json`);
const sorted = (name: string) => [...EXPECTED[name] ?? ["no such state"]].sort();

for (const { name, mode } of FEATURES) {
  Deno.test(`of a recorded guest the planted defects are found, and nothing else: ${name}`, async () => {
    const { machine } = await stateOf(name);
    assertEquals([machine.mode?.id, findingsOf(audit(machine))], [mode, sorted(name)]);
  });
}

Deno.test("of a recorded guest each memory type, size and protection key is in the map", async () => {
  const { map } = audit((await stateOf("4-level-sound")).machine);
  const rows = map.map(({ range: { linear, pageShift, patIndex, global, rights } }) => [
    formatAddress(linear),
    pageShift,
    patIndex,
    global,
    rights >>> RIGHT_KEY_SHIFT,
  ]);
  assertEquals(rows, [
    ["0x00010000", 12, 0, false, 0],
    ["0x00011000", 12, 0, false, 0],
    ["0x00012000", 12, 0, false, 1],
    ["0x00100000", 12, 0, false, 0],
    ["0x00400000", 21, 0, false, 0],
    ["0x00800000", 21, 0, false, 0],
    ["0x40000000", 30, 0, false, 0],
    ["0xffffc00000000000", 12, 0, true, 0],
    ["0xffffc00000001000", 12, 0, true, 0],
    ["0xffffc00000002000", 12, 3, false, 0],
    ["0xffffc00000003000", 12, 4, false, 0],
    ["0xffffc00000004000", 12, 2, false, 0],
    ["0xffffc00000005000", 12, 1, false, 0],
    ["0xffffc00000006000", 12, 0, false, 0],
    ["0xffffc00000200000", 21, 0, false, 0],
    ["0xffffc00000400000", 21, 0, true, 0],
    ["0xffffc00000600000", 21, 4, false, 0],
    ["0xffffc00040000000", 30, 0, true, 0],
  ]);
});

/** A live guest needs more than tests are given themselves. */
const { code, out, err } = await runDeno(["run", "--no-lock", "-A", "tests/tools/live/features_guests.ts"]);

Deno.test({
  name: `of a live guest that capture reads the planted defects are found, and nothing else, in all four modes${
    code === 3 ? ` (skipped: ${err.trim()})` : ""
  }`,
  ignore: code === 3,
  fn() {
    assertEquals({ code, err: err.trim() }, { code: 0, err: "" });
    const found = out.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(found, FEATURES.map(({ name, mode }) => [name, mode, sorted(name)]));
  },
});
