/**
 * The known differences between QEMU's software translation (TCG) and the model, each by name.
 *
 * A row turns QEMU's answer into the one without that deviation; what then still differs is a difference. All were seen
 * in 7.2; Bochs shows none of them.
 *
 * @module
 */
import type { Answer } from "./answers.ts";
import type { AccessCase } from "./case_file.ts";

/** A known deviation of a reference. */
export interface Deviation {
  /** Stable name, printed with its count. */
  readonly name: string;
  /** The behaviour of the reference. */
  readonly what: string;
  /** Whether it shows in `theirs`. */
  readonly applies: (asked: AccessCase, ours: Answer, theirs: Answer) => boolean;
  /** `theirs` without it. */
  readonly normalise: (asked: AccessCase, ours: Answer, theirs: Answer) => Answer;
}

const PF_P = 0x01;
const PF_W = 0x02;
const PF_RSVD = 0x08;
const PF_PK = 0x20;
const A = 0x20n;

/** The deviations of QEMU TCG 7.2, in the order in which they are taken out. */
export const QEMU_DEVIATIONS: readonly Deviation[] = Object.freeze([
  {
    name: "pdpte-unchecked",
    what: "PDPTE registers are loaded with reserved bits set",
    applies: (asked, ours, theirs) =>
      asked.mode === "pae" && ours.outcome === "#GP" && ours.phase === "load" && theirs.outcome !== "#GP",
    normalise: (_, ours) => ours,
  },
  {
    name: "rsvd-without-p",
    what: "a page fault with RSVD has P clear",
    applies: (_, _ours, theirs) =>
      theirs.outcome === "#PF" && (theirs.code & PF_RSVD) !== 0 && (theirs.code & PF_P) === 0,
    normalise: (_, _ours, theirs) => withCode(theirs, PF_P),
  },
  {
    name: "exchange-reads-first",
    what: "an exchange stopped in its read half is reported as a read: no W, and no PK for a write-disabled key",
    applies: (asked, _, theirs) => asked.kind === "exchange" && theirs.outcome === "#PF" && (theirs.code & PF_W) === 0,
    normalise: (_, ours, theirs) => withCode(theirs, PF_W | (ours.outcome === "#PF" ? ours.code & PF_PK : 0)),
  },
  {
    name: "pdpte-accessed",
    what: "a PAE walk sets A in the PDPTE",
    applies: (asked, ours, theirs) => asked.mode === "pae" && theirs.outcome === "done" && hasExtraA(ours, theirs, 0),
    normalise: (_, ours, theirs) => withoutExtraA(ours, theirs, (index) => index === 0),
  },
  {
    name: "upper-accessed-on-fault",
    what: "a faulting walk sets A in entries above the last",
    applies: (_, ours, theirs) =>
      theirs.outcome === "#PF" &&
      theirs.entries.some((_, index) => isUpper(theirs, index) && hasExtraA(ours, theirs, index)),
    normalise: (_, ours, theirs) => withoutExtraA(ours, theirs, (index) => isUpper(theirs, index)),
  },
  {
    name: "exchange-leaf-accessed",
    what: "an exchange whose write half faults has set A in the leaf",
    applies: (asked, ours, theirs) =>
      asked.kind === "exchange" && theirs.outcome === "#PF" && hasExtraA(ours, theirs, theirs.entries.length - 1),
    normalise: (_, ours, theirs) => withoutExtraA(ours, theirs, () => true),
  },
]);

function withCode(answer: Answer, bits: number): Answer {
  return answer.outcome === "#PF" ? { ...answer, code: answer.code | bits } : answer;
}

function isUpper({ entries }: Answer, index: number): boolean {
  return index < entries.length - 1;
}

/** Whether an entry differs in A alone, and theirs has it. */
function hasExtraA(ours: Answer, theirs: Answer, index: number): boolean {
  const [our, their] = [ours.entries[index], theirs.entries[index]];
  return our !== undefined && our !== their && (our | A) === their;
}

function withoutExtraA(ours: Answer, theirs: Answer, which: (index: number) => boolean): Answer {
  const cleared = (entry: bigint, index: number) => which(index) && hasExtraA(ours, theirs, index) ? entry & ~A : entry;
  return { ...theirs, entries: theirs.entries.map(cleared) };
}
