import { assertEquals } from "@std/assert";
import { runDeno } from "../../tools/command/process.ts";

/** The live guests need more than tests are given themselves. */
const { code, out, err } = await runDeno(["run", "--no-lock", "-A", "tests/tools/live/record_guests.ts"]);
const skipped = code === 3 ? ` (skipped: ${err.trim()})` : "";
const lines = out.trim().split("\n");

Deno.test({
  name:
    `tables rebuilt from a recording are those of a capture at its end, leaf by leaf, in all four paging modes${skipped}`,
  ignore: code === 3,
  fn() {
    const expected = ["two-level", "pae", "4-level", "5-level"].map((mode) =>
      `${mode}: every leaf is that of the capture`
    );
    assertEquals([lines.slice(0, 4), err], [expected, ""]);
  },
});

Deno.test({
  name:
    `blame finds a missing flush, a user bit, a table reused while linked and a lost NX in a recorded guest${skipped}`,
  ignore: code === 3,
  fn() {
    assertEquals([code, lines.slice(4)], [0, [
      "defect 1: protect_more: lost write, stale",
      "defect 2: open_to_user: gained user",
      "defect 3: clear_buffer: unmapped, stale",
      "defect 4: touch_data: gained execute",
    ]]);
  },
});

const bad = await runDeno(["run", "--no-lock", "-A", "tests/tools/live/record_bad.ts"]);

Deno.test({
  name:
    `a guest that dies at once, one without page tables, a QEMU without plugins, an old one and no gcc are one line each${skipped}`,
  ignore: bad.code === 3,
  fn() {
    const said = bad.out.trim().split("\n");
    const words = [
      "nowhere",
      "before it switched paging on",
      "without them (--enable-plugins)",
      "found 4.2.1",
      "install gcc",
    ];
    assertEquals(said.map((line) => line.slice(0, 12)), words.map(() => "2 0 record: "));
    assertEquals(said.map((line, i) => line.includes(words[i] ?? "")), words.map(() => true), bad.out);
  },
});

const full = await runDeno(["run", "--no-lock", "-A", "tests/tools/live/record_full.ts"]);

Deno.test({
  name:
    `a full disk is one line that names it, exit 2; what the log holds by then is kept, and so is what was there before${
      full.code === 3 ? ` (skipped: ${full.err.trim()})` : ""
    }`,
  ignore: full.code === 3,
  fn() {
    const said = full.out.trim().split("\n").map((line) => line.split("; ").slice(0, 2));
    assertEquals(said, [
      ["0 guest.rec old", "done"],
      ["2 old", "record: expected room for the guest's memory of 64M in /tmp but its disk is full"],
      ["2 guest.rec old", "record: expected room for the guest's log in /tmp but its disk is full"],
      ["2 old", "record: cannot write /out/guest.rec: No space left on device"],
    ]);
  },
});
