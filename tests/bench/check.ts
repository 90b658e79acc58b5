/**
 * Does every job once in C and once here, and says where they do not find the same:
 *
 *     deno run -A tests/bench/check.ts
 *
 * Exit 0: no difference; 1: one; 3: there is no gcc.
 *
 * @module
 */
import { CReference } from "../../tools/bench/c_reference.ts";
import { COMPARISONS } from "../../tools/bench/jobs/jobs.ts";

async function main(): Promise<{ code: number; said: string }> {
  const c = await CReference.start();
  if (typeof c === "string") return { code: 3, said: c };
  const jobs = COMPARISONS.filter(({ against }) => against.kind === "c").map(({ job }) => job);
  const different: string[] = [];
  for (const { id, prepare } of jobs) {
    const [here, there] = [prepare()(1), await c.side(id).measure(1)];
    if (here.checksum !== there.checksum) different.push(`${id}: ${here.checksum} here, ${there.checksum} in C`);
  }
  await c.close();
  return { code: different.length === 0 ? 0 : 1, said: different.join("; ") || `${jobs.length} jobs` };
}

if (import.meta.main) {
  const { code, said } = await main();
  await Deno.stdout.write(new TextEncoder().encode(`${said}\n`));
  Deno.exit(code);
}
