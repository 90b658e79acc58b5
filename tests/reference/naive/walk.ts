/**
 * A third walker, written to be read beside the processor manual (Intel SDM volume 3A, chapter 4) and for nothing else.
 *
 * It shares no line and no constant with `core/`: one `bigint` for every word, one generator for every paging mode, the
 * bits written as the manual writes them. Slow on purpose. It judges the two walkers of the book.
 *
 * @module
 */
import { badPdpte, longMode, pae, pdpteRegisters, type Step, twoLevel } from "./paths.ts";
import { keyDenies, rightsAllow } from "./rights.ts";
import {
  bit,
  bits,
  executeDisableEnabled,
  field,
  isLong,
  type NaiveAccess,
  type NaiveAnswer,
  type NaiveState,
  type NaiveUpdate,
  on,
} from "./state.ts";

/** Section 4.7: the error code, bit by bit. */
function pageFault(
  s: NaiveState,
  { kind, user, linear }: NaiveAccess,
  { p = false, rsvd = false, pk = false }: { p?: boolean; rsvd?: boolean; pk?: boolean },
): NaiveAnswer {
  const fetchIsTold = on(s.cr4, 20) || (s.mode !== "two-level" && executeDisableEnabled(s));
  const flags = [p, kind === "write", user, rsvd, kind === "fetch" && fetchIsTold, pk];
  const code = flags.reduce((sum, flag, n) => flag ? sum | bit(n) : sum, 0n);
  return { outcome: "#PF", code, cr2: linear };
}

/** Section 4.8: the accessed flag in every entry used, the dirty flag in the one that maps the page. */
function updates(access: NaiveAccess, steps: readonly Step[]): NaiveUpdate[] {
  const changed = new Map<bigint, bigint>();
  for (const { address, value, page } of steps) {
    if (address === undefined) continue;
    const before = changed.get(address) ?? value;
    const after = before | bit(5) | (page && access.kind === "write" ? bit(6) : 0n);
    if (after !== value) changed.set(address, after);
  }
  return [...changed].map(([address, value]) => ({ address, value }));
}

/** Bits 63:47, or 63:56 with five levels, must be equal (volume 1, section 3.3.7.1). */
function isCanonical(s: NaiveState, linear: bigint): boolean {
  const low = s.mode === "5-level" ? 56 : 47;
  const top = field(linear, 63, low);
  return top === 0n || top === field(bits(63, low), 63, low);
}

/** Judges an access whose every entry was present and well-formed. */
function judge(
  s: NaiveState,
  access: NaiveAccess,
  steps: readonly Step[],
  page: NonNullable<Step["page"]>,
): NaiveAnswer {
  const path = steps.filter((step) => step.address !== undefined).map((step) => step.value);
  const leaf = path.at(-1) ?? 0n;
  const userAddress = path.every((entry) => on(entry, 2));
  const pk = keyDenies(s, access, leaf, userAddress);
  if (pk || !rightsAllow(s, access, path, userAddress)) {
    return pageFault(s, access, { p: true, pk });
  }
  const physical = page.base | (access.linear & (bit(page.offsetBits) - 1n));
  return { outcome: "done", physical, pageBytes: bit(page.offsetBits), updates: updates(access, steps) };
}

/** Translates and judges one access. */
export function naiveAccess(s: NaiveState, access: NaiveAccess): NaiveAnswer {
  if (s.mode === "pae" && pdpteRegisters(s).some((pdpte) => badPdpte(s, pdpte))) {
    return { outcome: "#GP", code: 0n, phase: "load" };
  }
  if (isLong(s) && !isCanonical(s, access.linear)) return { outcome: "#GP", code: 0n, phase: "access" };
  const steps: Step[] = [];
  const walk = s.mode === "two-level" ? twoLevel : s.mode === "pae" ? pae : longMode;
  for (const step of walk(s, access.linear)) {
    if (!on(step.value, 0)) return pageFault(s, access, {});
    if ((step.value & step.mustBeZero) !== 0n) return pageFault(s, access, { p: true, rsvd: true });
    steps.push(step);
    if (step.page) return judge(s, access, steps, step.page);
  }
  throw new Error("Expected the walk to end in a page or in a fault");
}
