/**
 * Everything that CI checks: one line a step with its time; the first step that fails ends it, with its output.
 *
 *     deno run -A tools/ok.ts [--without STEP]...
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };

/** Steps in order, the quick ones first, each with the arguments of the `deno` that does it. */
const STEPS: Readonly<Record<string, readonly string[]>> = Object.freeze({
  format: ["fmt", "--check"],
  lint: ["lint"],
  types: ["task", "-q", "check"],
  docs: ["doc", "--lint", ...Object.values(config.exports)],
  publish: ["publish", "--dry-run", "--allow-dirty"],
  exercises: ["task", "-q", "check-exercises"],
  tests: ["task", "-q", "test"],
});

async function print(bytes: Uint8Array): Promise<void> {
  const writer = Deno.stdout.writable.getWriter();
  await writer.write(bytes);
  writer.releaseLock();
}

/** Runs a step, prints its line and, if it failed, what it said. */
async function passes(name: string, args: readonly string[]): Promise<boolean> {
  const started = performance.now();
  const child = new Deno.Command(Deno.execPath(), { args: [...args], cwd: new URL("../", import.meta.url) });
  const { success, stdout, stderr } = await child.output();
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  await print(encoder.encode(`${success ? "ok    " : "FAILED"} ${name.padEnd(9)} ${seconds.padStart(6)} s\n`));
  if (!success) {
    await print(stdout);
    await print(stderr);
  }
  return success;
}

/** Returns the steps to run, or null if the arguments make no sense. */
function wantedSteps(args: readonly string[]): string[] | null {
  const left = new Set(Object.keys(STEPS));
  for (let i = 0; i < args.length; i += 2) {
    if (args[i] !== "--without" || !left.delete(args[i + 1] ?? "")) return null;
  }
  return [...left];
}

const encoder = new TextEncoder();
const wanted = wantedSteps(Deno.args);
if (wanted === null) {
  const usage = `usage: deno task ok [--without STEP]...\nsteps: ${Object.keys(STEPS).join(" ")}\n`;
  await Deno.stderr.write(encoder.encode(usage));
  Deno.exit(2);
}
for (const name of wanted) {
  if (!await passes(name, STEPS[name] ?? [])) Deno.exit(1);
}
