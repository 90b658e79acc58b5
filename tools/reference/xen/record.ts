/**
 * Records what the live Xen answers, for tests that run without it:
 *
 *     deno run -A tools/reference/xen/record.ts
 *
 * @module
 */
import { askXen } from "./ask.ts";
import { bitSweep } from "./bit_sweep.ts";
import { RANDOM_GUEST } from "../../../chapters/recorded/settle/guest.ts";
import { claimOps } from "./observation.ts";
import { OBSERVATIONS } from "./observations.ts";
import type { RecordedOp, XenOp } from "../../../chapters/recorded/settle/op.ts";
import { randomOps } from "./random_ops.ts";
import type { RecordedClaim } from "../../../chapters/recorded/settle/file.ts";
import { writeRecorded } from "./write_recorded.ts";

/** Seeds of the recorded random operations. */
export const RECORDED_SEEDS: readonly number[] = [201, 202, 203];
/** Operations of each. */
export const RECORDED_OPS = 3000;
/** So many more are asked, since the probe skips a few. */
const SPARE = 100;

const FIXTURES = new URL("../../../tests/fixtures/xen/", import.meta.url);

async function answered(ops: readonly XenOp[]): Promise<RecordedOp[]> {
  const run = await askXen(RANDOM_GUEST, ops);
  if (run.outcome !== "answered") throw new Error(`Expected answers but found ${JSON.stringify(run)}`);
  return ops.map((op, i) => ({ ...op, ...run.answers[i] }));
}

async function recordAll(): Promise<void> {
  for (const seed of RECORDED_SEEDS) {
    const lines = await answered(randomOps(seed, RECORDED_OPS + SPARE));
    const performed = lines.filter(({ skipped }) => !skipped).slice(0, RECORDED_OPS);
    await writeRecorded(new URL(`pv64-xen417-seed${seed}.jsonl.gz`, FIXTURES), performed);
  }
  const claims = claimOps(OBSERVATIONS);
  const lines = await answered(claims.map(({ op }) => op));
  const claimed = lines.map((line, i): RecordedClaim => {
    const claim = claims[i]?.claim;
    return claim === undefined ? line : { ...line, claim };
  });
  await writeRecorded(new URL("claims-pv64-xen417.jsonl.gz", FIXTURES), claimed);
  await writeRecorded(new URL("bits-pv64-xen417.jsonl.gz", FIXTURES), await answered(bitSweep()));
}

if (import.meta.main) await recordAll();
