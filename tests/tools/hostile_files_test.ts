import { assert, assertEquals } from "@std/assert";
import { table } from "@pagetable-init/chapters";
import { boot } from "@pagetable-init/textbook";
import { recordBoot, stepperHtml } from "../../chapters/stepper/mod.ts";
import { auditCommand } from "../../tools/audit.ts";
import type { Command } from "../../tools/command.ts";
import { explainCommand } from "../../tools/explain.ts";
import { replayCommand } from "../../tools/replay.ts";
import { replayXenCommand } from "../../tools/replay_xen.ts";
import { EVIL, type Header, hostileState, hostileText, link } from "./hostile_state.ts";
import { runHere } from "./run_here.ts";
import { runTask, taskLines } from "./task_lines.ts";

/** Exit 2, nothing on stdout, one line on stderr that no terminal obeys, and not a long one. */
async function assertRefused(reason: string, command: Command, ...args: string[]): Promise<void> {
  const { code, out, err } = await runHere(command, ...args);
  assertEquals([code, out], [2, ""], err);
  assert(/^\P{C}+\n$/u.test(err), JSON.stringify(err));
  assert(err.includes(reason) && err.length < 1000, err);
}

Deno.test("a state cannot make audit open a file elsewhere", async () => {
  const elsewhere = [
    "../x",
    "/etc/passwd",
    "a/b",
    "..",
    ".",
    "",
    ".hidden",
    "C:\\x",
    "C:x",
    "x\0y",
    "~root/x",
    "x".repeat(300),
  ];
  for (const frameData of [...elsewhere, 5, null, ["x"], { x: 1 }]) {
    const path = await hostileState((header) => header.frameData = frameData);
    await assertRefused("Expected frameData to be the name of a file in the same folder", auditCommand, path);
  }
});

Deno.test("a link in the place of the frames is not followed, and a folder is no file", async () => {
  const target = await Deno.realPath("tests/fixtures/kernels/linux61-686-2level.pt.gz");
  const path = await hostileState((header) => header.frameData = "linked.pt.gz");
  await link(target, path.replace("state.json", "linked.pt.gz"));
  await assertRefused("linked.pt.gz: not a plain file", auditCommand, path);
  await Deno.mkdir(path.replace("state.json", "folder.pt.gz"));
  await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace("linked", "folder"));
  await assertRefused("folder.pt.gz: not a plain file", explainCommand, path, "0");
});

Deno.test("what a state says of itself cannot write to the terminal, in text or in JSON, nor fill it", async () => {
  for (const description of [EVIL, EVIL.repeat(1_000)]) {
    const path = await hostileState((header) => header.description = description);
    const text = await runHere(auditCommand, path);
    assertEquals(text.code, 0, text.err);
    assert(text.out.split("\n").every((line) => !/\p{C}/u.test(line) && line.length < 250));
    const json = await runHere(auditCommand, path, "--json");
    assert(json.out.split("\n").every((line) => !/\p{C}/u.test(line)));
    assertEquals(JSON.parse(json.out).description, description);
  }
});

Deno.test("hostile values in a header are refused in one line that repeats little of them", async () => {
  const spoils: ((header: Header) => void)[] = [
    (header) => header.mode = EVIL,
    (header) => header.format = EVIL.repeat(10_000),
    (header) => header.cpu = "__proto__",
    (header) => header.mode = "constructor",
    (header) => header.frames = [EVIL],
    (header) => header.frames = Array.from({ length: 70_000 }, (_, i) => `0x${i.toString(16)}`),
    (header) => header.ramBytes = 1e308,
    (header) => header.registers = { cr0: EVIL },
    (header) => header.registers = JSON.parse(`{"__proto__":{"cr0":"0x1"}}`),
    (header) => header.frameDataSha256 = EVIL,
    (header) => header.leafCount = -1,
  ];
  for (const spoil of spoils) await assertRefused("Expected ", auditCommand, await hostileState(spoil));
});

Deno.test("JSON that is a bomb, half, or no object is refused in one line", async () => {
  await assertRefused("Expected a state header", auditCommand, await hostileText("[".repeat(1_000_000)));
  await assertRefused(
    "Expected format",
    auditCommand,
    await hostileText("[".repeat(5_000) + "]".repeat(5_000)),
  );
  await assertRefused("Expected a state header", auditCommand, await hostileText(`{"format":"mmu-fixture-1"`));
  await assertRefused("Expected a state, a core", auditCommand, await hostileText("\ufeff\0\u202e"));
  await assertRefused("Expected format", auditCommand, await hostileText("[]"));
  await assertRefused("larger than 4194304 bytes", auditCommand, await hostileText(" ".repeat(4_194_305)));
});

Deno.test("addresses that are none are refused in one line", async () => {
  const state = "tests/fixtures/kernels/linux61-686-2level.json";
  for (const address of ["", "0x", EVIL, "-1", "0x" + "f".repeat(100_000), "NaN", "0xc01g", "٣"]) {
    await assertRefused("", explainCommand, state, "--", address);
  }
});

Deno.test("hostile names of files stay names", async () => {
  for (
    const [command, more] of [[auditCommand, []], [explainCommand, ["0"]], [replayCommand, ["x"]], [
      replayXenCommand,
      [],
    ]] as const
  ) {
    await assertRefused("cannot read", command, `nowhere/${EVIL}`, ...more);
    await assertRefused("", command, "--", "-rf", ...more);
  }
});

Deno.test("messages in a recording of Xen cannot write to the terminal", async () => {
  const packed = (await Deno.open("tests/fixtures/xen/pv32-xen417-seed101.jsonl.gz")).readable;
  const text = await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).text();
  const lines = text.split("\n");
  const at = lines.findIndex((line) => /"log":\s*\[\s*"/.test(line));
  assert(at >= 0, "no line of the recording has a message");
  lines[at] = (lines[at] ?? "").replace(/"log":\s*\[\s*"/, (it) => `${it}\\u001b[2J\u009b31m\\n\u202e`);
  const path = `${await Deno.makeTempDir()}/spoilt.jsonl`;
  await Deno.writeTextFile(path, lines.join("\n"));
  const { code, out } = await runHere(replayXenCommand, path);
  assertEquals(code, 1, out);
  assert(out.split("\n").every((line) => !/\p{C}/u.test(line)), JSON.stringify(out));
});

Deno.test("a report replaces a link in its folder and leaves alone what it led to", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/precious`, "precious");
  await Deno.mkdir(`${folder}/out`);
  await link(`${folder}/precious`, `${folder}/out/report.html`);
  const task = (await taskLines()).find(({ name }) => name === "debate");
  assert(task !== undefined);
  const { code, err } = await runTask(
    task,
    "--platform",
    "native-486",
    "--strategy",
    "keep-template",
    "--out",
    `${folder}/out`,
  );
  assertEquals([code, err], [0, ""]);
  assertEquals(await Deno.readTextFile(`${folder}/precious`), "precious");
  assert((await Deno.lstat(`${folder}/out/report.html`)).isFile);
});

Deno.test("a table of a notebook shows hostile words as words", () => {
  const [{ "text/html": html = "" }] = table([{ [EVIL]: EVIL }], EVIL).outputs();
  assert(!html.includes("<script") && html.includes("&lt;script&gt;") && !html.includes("\x1b"), html);
});

Deno.test("a boot to step through shows a hostile title and hostile log lines as words", () => {
  const recording = recordBoot(boot({ platform: "xen-pae", strategy: "write-always", memory: "16M" }));
  const log = recording.log.map((line) => ({ ...line, text: `</script>${EVIL}` }));
  const html = stepperHtml({ ...recording, title: EVIL, log }, recording.steps, "step");
  assertEquals(html.match(/<script/g)?.length, 1); // the data
  assertEquals(html.match(/<\/script/g)?.length, 1);
});
