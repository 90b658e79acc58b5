import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname } from "node:path";
import { tooOld } from "../../tools/command.ts";
import { run } from "../../tools/command/process.ts";
import { cloneBelow, lastLine } from "./clone.ts";

const parent = await Deno.realPath(await Deno.makeTempDir());
addEventListener("unload", () => Deno.removeSync(parent, { recursive: true }));
const clone = await cloneBelow(parent);
const { folder, task } = clone;

const DEBATE = "debate --platform xen-pae --strategy write-always --memory 16M --out out";

/** The tests of the exercise ran. */
const RAN = /FAILED {2}the offset is what a page can hold/;

Deno.test("a checkout with CRLF asked for has LF in every text, and recordings as they were", async () => {
  const { out } = await run("git", ["ls-files", "--eol"], { cwd: folder });
  const ends = out.split("\n").filter((line) => /w\/(crlf|mixed)/.test(line));
  assertEquals(ends, []);
  const recorded = "tests/fixtures/mmu/named47.cases.gz";
  assertEquals(await Deno.readFile(`${folder}/${recorded}`), await Deno.readFile(recorded));
});

Deno.test("in a folder whose name is a pattern the exercises, the debate, a chapter and the tests run", async () => {
  assertMatch((await task("learn 01/01 --once")).out, RAN);
  assertEquals((await task(DEBATE)).code, 0);
  assertEquals(await task("book 1").then(({ code, out }) => [code, out.split(":")[0]]), [0, "01_one_page_table"]);
  assertMatch((await task("test tests/core/mmu/entry_test.ts")).out, /ok \| \d+ passed/);
});

Deno.test("learn --once runs an exercise that was solved once: it may have been edited since", async () => {
  const progress = `${folder}/.progress.json`;
  await Deno.writeTextFile(progress, '{ "solved": ["01_one_page_table/01_cut_address"], "hints": {} }');
  try {
    const { code, out } = await task("learn 01/01 --once");
    assertEquals([code, RAN.test(out)], [1, true]);
  } finally {
    await Deno.remove(progress);
  }
});

Deno.test("somebody's package.json and node_modules in the clone change nothing", async () => {
  await Deno.writeTextFile(`${folder}/package.json`, '{ "dependencies": { "left-pad": "1.3.0" } }\n');
  await Deno.mkdir(`${folder}/node_modules/left-pad`, { recursive: true });
  await Deno.writeTextFile(
    `${folder}/node_modules/left-pad/package.json`,
    '{ "name": "left-pad", "version": "1.3.0" }\n',
  );
  try {
    assertMatch((await task("learn 01/01 --once")).out, RAN);
    assertEquals((await task(DEBATE)).code, 0);
    assertMatch((await task("test tests/core/mmu/entry_test.ts")).out, /ok \| \d+ passed/);
  } finally {
    await Deno.remove(`${folder}/package.json`);
    await Deno.remove(`${folder}/node_modules`, { recursive: true });
  }
});

Deno.test("who installs Deno into the folder finds what every task says in the docs, and the README says not to", async () => {
  assertStringIncludes(await Deno.readTextFile("README.md"), "Do not install Deno into this\nfolder");
  assertStringIncludes(
    await Deno.readTextFile("docs/commands.md"),
    "`Cannot find module '@deno/…'`, or a syntax error with `ELF`",
  );
  const npm = (...args: string[]) => run("npm", [...args, "--silent", "--no-audit", "--no-fund"], { cwd: folder });
  try {
    assertEquals((await npm("install", "deno@2.9.6")).code, 0);
    assertMatch((await task("matrix --help")).err, /Cannot find module '@deno\/|SyntaxError[^]*ELF|ELF[^]*SyntaxError/);
    assertEquals((await npm("uninstall", "deno")).code, 0);
    assertEquals((await task("matrix --help")).code, 0);
  } finally {
    for (const left of ["package.json", "package-lock.json", "node_modules"]) {
      await Deno.remove(`${folder}/${left}`, { recursive: true }).catch(() => {}); // npm takes the last of it away itself
    }
  }
});

Deno.test("a version of Deno that is too old is told by its number", () => {
  assertEquals(["2.5.0", "2.7.14", "2.8.0", "2.10.0", "3.0.0-rc.1"].map(tooOld), [true, true, false, false, false]);
});

Deno.test("what a coverage run leaves is ignored by Git", async () => {
  assertEquals((await run("git", ["check-ignore", "coverage/x.json"], { cwd: folder })).code, 0);
});

/** Whether a process can be started without a network here. */
const unshared = await run("unshare", ["-n", "true"]).then(({ code }) => code === 0, () => false);

Deno.test({
  name: `without a network and with an empty cache, what needs no package runs, and the rest says so in its last line${
    unshared ? "" : " (skipped: unshare -n is not permitted)"
  }`,
  ignore: !unshared,
  async fn() {
    const env = { NO_COLOR: "1", DENO_DIR: `${parent}/empty`, INIT_CWD: folder };
    const offline = async (line: string) =>
      await run("unshare", ["-n", Deno.execPath(), "task", "-q", ...line.split(" ")], { cwd: folder, env });
    const succeeds = async (line: string) => assertEquals([line, (await offline(line)).code], [line, 0]);
    const helps = ["matrix", "book", "timeline", "site", "hunt", "mutants", "assignment"].map((name) =>
      `${name} --help`
    );
    await Promise.all(helps.map(succeeds)); // at once: some wait for npm in vain
    await succeeds("learn --list");
    await succeeds("explain tests/fixtures/kernels/linux61-686-pae.json 0xc1000000");
    await succeeds("settle --recorded write-always");
    for (const line of ["book 1", "docs", DEBATE]) {
      const ended = await offline(line);
      assertEquals(ended.code, 2, line);
      assertStringIncludes(lastLine(ended), "the first run needs the network", line);
    }
  },
});

/** Another user's view of the clone, where this user may pose as one. */
const root = Deno.build.os !== "windows" && Deno.uid() === 0;

Deno.test({
  name: `in a folder that is somebody else's each task is one line and exit 2${root ? "" : " (skipped: needs root)"}`,
  ignore: !root,
  async fn() {
    const home = `${parent}/home`;
    await Deno.mkdir(home);
    await run("chown", ["65534:65534", home]);
    await run("chmod", ["755", dirname(parent), parent, `${parent}/what?*`]);
    const deno = `${home}/deno`;
    await Deno.copyFile(Deno.execPath(), deno);
    const env = { NO_COLOR: "1", TEXTBOOK_STD: "npm", DENO_DIR: `${home}/cache`, HOME: home, RUST_BACKTRACE: "0" };
    const { denoDir } = JSON.parse((await run(Deno.execPath(), ["info", "--json"])).out);
    await run("cp", ["-r", denoDir, `${home}/cache`]);
    await run("chown", ["-R", "65534:65534", home]);
    for (
      const line of [DEBATE, "docs", "pack", "learn --hint", "capture 127.0.0.1:1 --out state.json", "notebooks 1"]
    ) {
      const as = ["--reuid=65534", "--regid=65534", "--clear-groups", deno, "task", "-q", ...line.split(" ")];
      const ended = await run("setpriv", as, {
        cwd: folder,
        env: { ...env, XDG_CACHE_HOME: "/proc/none", INIT_CWD: folder },
      });
      assertEquals([line, ended.code], [line, 2], ended.err);
      const [name = ""] = line.split(" ");
      assert(lastLine(ended).startsWith(`${name}: `) && !/\n\s+at /.test(ended.err), `${line}: ${ended.err}`);
    }
  },
});
