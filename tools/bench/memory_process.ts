/**
 * A process that builds one machine and says what it takes.
 *
 * @module
 */

import { audit } from "../../core/audit/mod.ts";
import type { Guest } from "../../core/audit/guest.ts";
import { boot } from "../../core/boot.ts";
import { guestOf } from "./jobs/audit_job.ts";
import { HUGE_4LEVEL, LARGE_4LEVEL, LOWMEM_PAE, SMALL_PAE } from "./jobs/layout.ts";
import { short } from "./rounds.ts";

/** The memory of a machine. */
export interface Measured {
  /** The machine that was built. */
  readonly name: string;
  /** Leaves that it maps. */
  readonly entries: number;
  /** MiB of its tables. */
  readonly tables: number;
  /** MiB by which the process grew. */
  readonly growth: number;
  /** MiB by which it grew further while everything was audited. */
  readonly auditGrowth: number;
  /** MiB that it should stay below, if there is such a number. */
  readonly limit?: number;
  /** Milliseconds of an audit, once V8 has compiled it. */
  readonly auditMilliseconds: number;
}

interface Subject {
  readonly name: string;
  readonly entries: number;
  readonly limit?: number;
  readonly build: () => Guest;
}

const MIB = 2 ** 20;
const AUDITS = 20;

/** The machines that can be built. */
export const MEASURED: readonly Subject[] = [
  {
    name: "boot with 896M, every write recorded",
    entries: LOWMEM_PAE.pages,
    limit: 64,
    build: () => boot({ platform: "native-k8-pae-4k", strategy: "filter-set-pte", memory: "896M" }).machine.guest,
  },
  { name: "64M in 4K pages", entries: SMALL_PAE.pages, build: () => guestOf(SMALL_PAE) },
  { name: "896M in 4K pages", entries: LOWMEM_PAE.pages, build: () => guestOf(LOWMEM_PAE) },
  { name: "64 GiB in 2M pages", entries: LARGE_4LEVEL.pages, limit: 16, build: () => guestOf(LARGE_4LEVEL) },
  { name: "1 TiB in 2M pages", entries: HUGE_4LEVEL.pages, build: () => guestOf(HUGE_4LEVEL) },
];

const gc = (globalThis as { gc?: () => void }).gc ?? (() => {});
const resident = (): number => {
  gc();
  return Deno.memoryUsage().rss / MIB;
};
const rounded = (mebibytes: number): number => Math.round(mebibytes * 10) / 10;

/** The fastest of some audits: what slows one down is not the audit. */
function auditMilliseconds(guest: Guest): number {
  let min = Infinity;
  for (let i = 0; i < AUDITS; i++) {
    const begun = performance.now();
    audit({ guest });
    min = Math.min(min, performance.now() - begun);
  }
  return min;
}

function measure({ name, entries, limit, build }: Subject): Measured {
  const before = resident();
  const guest = build();
  const built = resident();
  const milliseconds = auditMilliseconds(guest);
  return {
    name,
    entries,
    tables: rounded(guest.memory.committedBytes / MIB),
    growth: rounded(built - before),
    auditGrowth: rounded(Math.max(0, resident() - built)),
    ...(limit === undefined ? {} : { limit }),
    auditMilliseconds: short(milliseconds),
  };
}

if (import.meta.main) {
  const subject = MEASURED.find(({ name }) => name === Deno.args[0]);
  if (subject === undefined) throw new RangeError(`Expected the name of a machine but found ${Deno.args[0]}`);
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(measure(subject))));
}
