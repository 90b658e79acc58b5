import { assert, assertEquals } from "@std/assert";
import { firstDifference } from "../../../tools/reference/xen/check.ts";
import { HOME_SLOT } from "../../../chapters/recorded/settle/guest.ts";
import { CLAIM_TABLES } from "../../../tools/reference/xen/observation.ts";
import { OBSERVATIONS } from "../../../tools/reference/xen/observations.ts";
import type { XenOp } from "../../../chapters/recorded/settle/op.ts";
import { randomOps } from "../../../tools/reference/xen/random_ops.ts";
import { RECORDED_OPS, RECORDED_SEEDS } from "../../../tools/reference/xen/record.ts";
import { readRecorded, type RecordedClaim } from "../../../chapters/recorded/settle/file.ts";

const FIXTURES = new URL("../../fixtures/xen/", import.meta.url);

async function recorded(file: string): Promise<RecordedClaim[]> {
  return await readRecorded(new URL(`${file}.jsonl.gz`, FIXTURES));
}

/** A line without its answer. */
function operation({ rc: _rc, fault: _fault, pte_flags: _flags, entry: _entry, ...op }: RecordedClaim): string {
  return JSON.stringify(op);
}

for (const seed of RECORDED_SEEDS) {
  Deno.test(`the recorded operations of seed ${seed} are those of the generator, but for a few new_baseptr`, async () => {
    const lines = await recorded(`pv64-xen417-seed${seed}`);
    assertEquals(lines.length, RECORDED_OPS);
    const ops: XenOp[] = randomOps(seed, RECORDED_OPS + 100);
    let at = 0;
    for (const line of lines) {
      const wanted = operation(line);
      while (JSON.stringify(ops[at]) !== wanted) assertEquals(ops[at++]?.op, "new_baseptr", `seed ${seed}: ${wanted}`);
      at++;
    }
  });

  Deno.test(`the recorded operations of seed ${seed} leave the probe's own entries alone`, async () => {
    const own = [{ table: "L3", index: 0 }, { table: "L4", index: HOME_SLOT }];
    for (const line of await recorded(`pv64-xen417-seed${seed}`)) {
      if (line.op !== "mmu_update") continue;
      assert(!own.some(({ table, index }) => line.table === table && line.index === index), JSON.stringify(line));
    }
  });
}

Deno.test("every claim about 64-bit guests is on record", async () => {
  const lines = new Map((await recorded("claims-pv64-xen417")).map((line) => [line.claim, line]));
  for (const { claim, op, answer } of OBSERVATIONS) {
    const line = lines.get(claim);
    assert(line !== undefined, claim);
    assertEquals(firstDifference([{ ...op, ...answer }], [line]), -1, `${claim}: ${JSON.stringify(line)}`);
  }
  assertEquals(new Set(OBSERVATIONS.map(({ claim }) => claim)).size, OBSERVATIONS.length);
});

const P = 1n;
const US = 4n;
const A = 0x20n;
const G = 0x100n;
const GUEST_KERNEL = 1n << 52n;
/** PWT, PCD, PS and G. */
const REFUSED = 0x198n;
const LEVELS: Readonly<Record<string, 1 | 2 | 3 | 4>> = { page1: 1, page2: 2, page3: 3, L4: 4 };

/** What a present entry becomes, in our words; null where it is refused. */
function adjusted(level: 1 | 2 | 3 | 4, flags: bigint): bigint | null {
  if ((flags & P) === 0n) return flags;
  if (level > 1) return flags & REFUSED ? null : flags | US | (level === 4 ? A : 0n);
  const marked = flags & US ? flags : flags | US | GUEST_KERNEL;
  return marked & GUEST_KERNEL ? marked : marked | G;
}

Deno.test("all that Xen adds to an entry, and all that it refuses, follows from its level and four rules", async () => {
  const lines = (await recorded("bits-pv64-xen417")).slice(CLAIM_TABLES.length);
  assertEquals(lines.length, 4 * 23 * 3 * 2);
  for (const line of lines) {
    if (line.op !== "mmu_update" || line.flags === "0x0") continue;
    const level = LEVELS[line.table];
    assert(level !== undefined);
    const expected = adjusted(level, BigInt(line.flags));
    const entry = expected === null ? "none|0x0" : `${line.frame}|0x${expected.toString(16)}`;
    assertEquals([line.rc, line.entry], [expected === null ? -22 : 0, entry], JSON.stringify(line));
  }
});
