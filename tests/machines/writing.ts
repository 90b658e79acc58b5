/**
 * Tasks that write, on a full disk, in a read-only folder, and two at once.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { run } from "../../tools/command/process.ts";
import { ROOT } from "../../tools/command/root.ts";
import { withScratch } from "../../tools/command/scratch.ts";
import { TASK_FAULTS } from "./task_faults.ts";
import { ENV, outFolder, quoted, STACK, wordsOf } from "./task_words.ts";

/** Space for what a task writes, in megabytes. */
const DISK = 400;

/** Whether this user may mount, as root may outside of most containers. */
const mounts = await run("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"]).then(
  ({ code }) => code === 0,
  () => false,
);

/** The tasks that write what could be lost: those that take long, or the others. */
export function writersThat({ areLong }: { readonly areLong: boolean }): string[] {
  const rows = Object.entries(TASK_FAULTS).filter(([, { writes }]) => writes !== undefined);
  return rows.filter(([, { isLong = false }]) => isLong === areLong).map(([name]) => name);
}

/** Tests a task that writes. */
export function testWriting(name: string): void {
  const skipped = mounts ? "" : " (skipped: unshare -m is not permitted)";
  Deno.test({
    name: `deno task ${name} ${
      TASK_FAULTS[name]?.writes
    }: on a full disk and in a read-only folder old results stay whole and one line says why; two at once leave a whole one${skipped}`,
    ignore: !mounts,
    fn: () => withScratch(async (log) => await tryWriting(name, log)),
  });
}

/** Lines that only one of two texts has. */
function unlike(one: string, other: string): string[] {
  return [...new Set(one.split("\n")).symmetricDifference(new Set(other.split("\n")))];
}

/** The names in a list of hashes and names. */
function namesIn(state: string): string[] {
  return state.split("\n").map((line) => line.split("  ")[1] ?? "").sort();
}

async function tryWriting(name: string, log: string): Promise<void> {
  const out = await outFolder();
  const { code, err } = await run("unshare", ["-m", "bash", "-c", scriptOf(name, out, log)], { env: ENV });
  await Deno.remove(out, { recursive: true });
  assertEquals([code, err], [0, ""]);
  const read = async (file: string) => (await Deno.readTextFile(`${log}/${file}`)).trimEnd();
  const state = await read("once.state");
  const { differs } = TASK_FAULTS[name] ?? {};
  assertEquals(await read("once.code"), "0", await read("once.err"));
  assert(state !== "");
  for (const fault of ["full", "readonly"]) {
    const said = await read(`${fault}.err`);
    assertEquals([fault, await read(`${fault}.code`)], [fault, "2"], said);
    assertEquals([fault, unlike(await read(`${fault}.state`), state)], [fault, []], said);
    assert(said.split("\n").at(-1)?.startsWith(`${name}: `) && !STACK.test(said), said);
  }
  const both = await read("first.state"); // the folder when the second is done too
  if (differs === undefined) assertEquals(unlike(both, state), []);
  else assertEquals(namesIn(both), namesIn(state));
  for (const one of ["first", "second"]) {
    assertEquals([one, await read(`${one}.code`)], [one, "0"], await read(`${one}.err`));
  }
}

/** Runs a task once, on a full disk, in a read-only folder, and twice at once; keeps codes, complaints and what is there afterwards. */
function scriptOf(name: string, out: string, log: string): string {
  const { writes = "", intoProject = false } = TASK_FAULTS[name] ?? {};
  const root = fileURLToPath(ROOT).replace(/\/$/, "");
  const [disk, written, mounted] = intoProject ? [`${log}/disk`, `${log}/disk/upper`, root] : [out, out, out];
  const overlay = `mkdir '${written}' '${disk}/work'
mount -t overlay -o 'lowerdir=${root},upperdir=${written},workdir=${disk}/work' none '${root}' || exit 1
cd '${root}' || exit 1`;
  return `
mkdir -p '${disk}'
mount -t tmpfs -o size=${DISK}m none '${disk}' || exit 1
${intoProject ? overlay : ""}
task() { ${quoted(wordsOf(name, writes, out))} > /dev/null 2> '${log}'/$1.err; echo $? > '${log}'/$1.code; }
state() { (cd '${written}' && find . -type f -exec sha256sum {} + | grep -v filler$ | sort) > '${log}'/$1.state; }
task once; state once
head -c ${DISK}M /dev/zero > '${disk}/filler' 2> /dev/null
task full; state full
rm '${disk}/filler'
mount -o remount,ro '${mounted}' || exit 1
task readonly; state readonly
mount -o remount,rw '${mounted}' || exit 1
task first & task second & wait; state first
`;
}
