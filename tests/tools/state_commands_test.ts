import { runTask, taskLines, taskNamed } from "./task_lines.ts";
import { assert, assertEquals } from "@std/assert";
import { auditCommand } from "../../tools/audit.ts";
import { explainCommand } from "../../tools/explain.ts";
import { replayCommand } from "../../tools/replay.ts";
import { runHere } from "./run_here.ts";
import type { Ended } from "./task_lines.ts";

const STATES = "tests/fixtures/kernels/";
const CASES = "tests/fixtures/mmu/named47.cases.gz";
const ANSWERS = "tests/fixtures/mmu/named47.bochs27.gz";

/** One clear line on stderr, nothing on stdout, exit code 2. */
function assertRefused({ code, out, err }: Ended, message: string): void {
  assertEquals([code, out], [2, ""]);
  assertEquals(err.split("\n").length, 2);
  assert(err.endsWith("\n") && err.includes(message), err);
}

/** A copy of a state in a folder of its own, header and frames changed. */
async function spoilt(
  name: string,
  change: (header: Record<string, unknown>) => void,
  frames: (packed: Uint8Array) => Uint8Array = (packed) => packed,
): Promise<string> {
  const folder = await Deno.makeTempDir();
  const header = JSON.parse(await Deno.readTextFile(`${STATES}${name}.json`));
  change(header);
  await Deno.writeTextFile(`${folder}/${name}.json`, JSON.stringify(header));
  await Deno.writeFile(`${folder}/${name}.pt.gz`, frames(await Deno.readFile(`${STATES}${name}.pt.gz`)));
  return `${folder}/${name}.json`;
}

Deno.test("audit says on one screen what the tables are, what is mapped, what is wrong, and where what is", async () => {
  const { code, out, err } = await runHere(auditCommand, `${STATES}linux61-686-pae.json`);
  assertEquals([code, err], [0, ""]);
  const lines = out.split("\n");
  assert(lines.length <= 25, out);
  const registers = "CR0 0x80050033, CR3 0x21f5ae0, CR4 0x350ef0, EFER 0x800: on WP NXE SMEP SMAP; off none";
  assertEquals(lines[1], `paging     pae, ${registers}`);
  assertEquals(lines[4], "mapped     512 MiB in 3381 leaves: 3131 of 4K, 250 of 2M");
  assertEquals(lines[5], "tables     23 page tables, 92 KiB: 1 pgd, 4 pmd, 18 pte");
  const written = "0xc1e94000  mappings by which a page table can be written";
  assert(lines.includes(`  note    page-table-writable  23 pages  ${written}`), out);
  assert(lines.some((line) => /^ +lowmem +c0000000-dffdffff +131040$/.test(line)), out);
  assert(!out.includes("kernel-user-accessible"), out);
});

Deno.test("audit --map prints the map, --findings the places of the findings", async () => {
  const map = (await runHere(auditCommand, "--map", `${STATES}linux61-686-pae.json`)).out;
  assert(map.split("\n").some((line) => /^c1000000-c17fffff +0x1000-0x17ff +2048 +2M +-r-x global$/.test(line)), map);
  assert(map.split("\n").some((line) => /^ffffb000-ffffcfff +scattered +2 +4K +-rw- global UC$/.test(line)), map);
  const { out } = await runHere(auditCommand, "--findings", `${STATES}linux61-686-pae.json`);
  assert(out.includes("note: mappings by which a page table can be written (page-table-writable): 23 pages\n"), out);
  assertEquals(out.split("\n").filter((line) => line.endsWith("-rw-")).length, 16);
});

Deno.test("audit tells aliases in one line", async () => {
  const { out } = await runHere(auditCommand, "--map", `${STATES}linux61-amd64-4level.json`);
  assert(out.includes("-r-- global and 65535 more to the same frames, every 64K\n"));
});

Deno.test("audit --json says the same for programs", async () => {
  const { code, out } = await runHere(auditCommand, "--json", `${STATES}xen417-pv64-dom0.json`);
  const { mode, leaves, map, findings, cr3 } = JSON.parse(out);
  assertEquals([code, mode, cr3, leaves], [0, "4-level", "0x1ea06000", 3238]);
  assertEquals(map[0], {
    first: "0xffff800000000000",
    last: "0xffff8000001fffff",
    frame: 0x1f000,
    pages: 512,
    pageBytes: 0x20_0000,
    rights: "ur--",
    global: false,
    patIndex: 0,
    memoryType: "WB",
    protectionKey: 0,
    times: 1,
    strideBytes: 0,
  });
  assertEquals(findings.find(({ id }: { id: string }) => id === "kernel-user-accessible").pages, 1536);
});

Deno.test("audit --fail-on exits 1 if one of the findings is there, and knows its ids", async () => {
  const state = `${STATES}linux61-686-pae.json`;
  const on = async (ids: string) => (await runHere(auditCommand, state, "--fail-on", ids)).code;
  assertEquals([await on("page-table-writable"), await on("wp-off,user-write-exec"), await on("wp-off")], [1, 1, 0]);
  const { code, err } = await runHere(auditCommand, state, "--fail-on", "wx");
  assertEquals(code, 2);
  assert(err.includes("expected kernel-write-exec,") && err.includes("but found wx"), err);
});

Deno.test("audit --leaves prints one line a leaf", async () => {
  const { code, out } = await runHere(auditCommand, `${STATES}linux61-amd64-5level.json`, "--leaves");
  assertEquals(code, 0);
  assertEquals(out.split("\n").length, 73_789 + 1);
  assert(out.startsWith("0000000008048000: 000000000330b000 ----A--U-\n"));
});

Deno.test("explain prints the walk, the page and a verdict for each access", async () => {
  const { code, out } = await runHere(explainCommand, `${STATES}linux61-686-pae.json`, "0xc1000010");
  assertEquals(code, 0);
  assertEquals(out.split("\n"), [
    "0xc1000010 in pae paging, CR3 0x21f5ae0",
    "",
    "level  table       index  entry               flags",
    "PDPTE  CPU             3  0x0000000001e94001  P",
    "PDE    0x1e94          8  0x00000000010001e1  P A D PS G; maps a page of 2M; takes away: write, user",
    "",
    "physical 0x1000010: frame 0x1000, in a page of 2M, global",
    "",
    "supervisor read   allowed",
    "supervisor write  #PF, error code 0x3: write-protected, by the PDE",
    "supervisor fetch  allowed",
    "user read         #PF, error code 0x5: supervisor-only, by the PDE",
    "user write        #PF, error code 0x7: supervisor-only, by the PDE",
    "user fetch        #PF, error code 0x15: supervisor-only, by the PDE",
    "",
  ]);
});

Deno.test("explain names the level at which a walk ends, and addresses that no walk is made for", async () => {
  const absent = await runHere(explainCommand, `${STATES}linux61-686-2level.json`, "0");
  assert(absent.out.includes("PDE    0x2017          0  0x00000000  not present\n"), absent.out);
  assert(absent.out.includes("user write        #PF, error code 0x6: not-present, by the PDE\n"), absent.out);
  const strange = await runHere(explainCommand, `${STATES}linux61-amd64-4level.json`, "0x8000_0000_0000");
  assert(strange.out.includes("no walk: the address is not canonical\n"), strange.out);
});

Deno.test("replay counts, and exits 1 when an answer differs", async () => {
  assertEquals(await runHere(replayCommand, CASES, ANSWERS), { code: 0, out: "47 passed, 0 failed\n", err: "" });
  const forged = `${await Deno.makeTempDir()}/answers`;
  const packed = (await Deno.open(ANSWERS)).readable.pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  bytes[bytes.length - 80 + 32] = 0xff; // an entry of the last case
  await Deno.writeFile(forged, bytes);
  const { code, out } = await runHere(replayCommand, CASES, forged);
  assertEquals(code, 1);
  assert(/^case 46 \(.*\): expected .* but found .*\n46 passed, 1 failed\n$/.test(out), out);
});

Deno.test("a command line that makes no sense is refused", async () => {
  assertRefused(await runHere(auditCommand), "expected 1 argument but found 0; see deno task audit --help");
  assertRefused(await runHere(auditCommand, "a", "b"), "expected 1 argument but found 2");
  assertRefused(await runHere(auditCommand, "--leafs", "a"), "--leafs");
  assertRefused(await runHere(auditCommand, "--json", "--leaves", "a"), "found --json and --leaves");
  assertRefused(
    await runHere(auditCommand, "--leaves", "a", "--fail-on", "wp-off"),
    "expected --leaves without --fail-on but found both",
  );
  assertRefused(
    await runHere(auditCommand, "--against", "a", "b", "--save", "c.json"),
    "expected --against without --save but found both",
  );
  assertRefused(await runHere(explainCommand, `${STATES}xen417-pv64-dom0.json`), "expected 2 arguments but found 1");
  assertRefused(
    await runHere(explainCommand, `${STATES}xen417-pv64-dom0.json`, "0xc01g"),
    "Expected a hexadecimal address",
  );
  assertRefused(await runHere(replayCommand, CASES), "expected 2 arguments but found 1");
});

Deno.test("--help explains every command, with an example that works", async () => {
  for (const command of [auditCommand, explainCommand, replayCommand]) {
    const { code, out } = await runHere(command, "--help");
    assertEquals(code, 0);
    const [, example = ""] = /^example: deno task \w+ (.*)$/m.exec(out) ?? [];
    assertEquals((await runHere(command, ...example.split(" "))).code, 0);
  }
});

Deno.test("files that are missing, folders or of another kind are refused", async () => {
  assertRefused(await runHere(auditCommand, "nowhere.json"), "cannot read nowhere.json: no such file");
  assertRefused(await runHere(auditCommand, STATES), "folder");
  assertRefused(await runHere(auditCommand, CASES), "Expected a state, a core, a dump of memory or a map but found");
  assertRefused(await runHere(auditCommand, "--as", "state", CASES), "Expected a state header in JSON");
  assertRefused(await runHere(auditCommand, "deno.json"), "Expected format");
  assertRefused(await runHere(replayCommand, ANSWERS, CASES), "Expected the magic");
  assertRefused(await runHere(replayCommand, CASES, "tests/fixtures/mmu/random20k.bochs27.gz"), "Expected 3760 bytes");
});

Deno.test("a state whose frames are missing, damaged, cut short or too many is refused", async () => {
  const name = "linux61-686-2level";
  const missing = await spoilt(name, (header) => header.frameData = "other.pt.gz");
  assertRefused(await runHere(auditCommand, missing), "no such file");
  const cut = await spoilt(name, () => {}, (packed) => packed.subarray(0, 2000));
  assertRefused(await runHere(auditCommand, cut), "cut short");
  const fewer = await spoilt(name, (header) => (header.frames as string[]).pop());
  assertRefused(await runHere(auditCommand, fewer), "larger than 49152 bytes");
  const more = await spoilt(name, (header) => (header.frames as string[]).push("0x1fff0"));
  assertRefused(
    await runHere(explainCommand, more, "0xc0000000"),
    "Expected 57344 bytes for 14 frames but found 53248",
  );
});

Deno.test("a state that does not fit its digest, or moves its tables, is refused", async () => {
  const name = "linux61-686-2level";
  const digest = await spoilt(name, (header) => header.frameDataSha256 = "0".repeat(64));
  assertRefused(await runHere(auditCommand, digest), "Expected frames with the SHA-256 0000");
  const moved = await spoilt(name, (header) => (header.frames as string[])[12] = "0x2d1e");
  assertRefused(await runHere(auditCommand, moved), "Expected 4278 leaves, as leafCount has it, but found 4277");
});

Deno.test("as a process, a command exits 2 with one line on stderr and nothing on stdout", async () => {
  assertRefused(await runTask(taskNamed(await taskLines(), "audit"), "nowhere.json"), "no such file");
});
