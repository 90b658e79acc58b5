/**
 * The tasks, and what each does while a fault comes: work for `signals_test.ts` to end, work for `faults_test.ts` that prints or writes.
 *
 * @module
 */

/** A recording, a state, recorded answers: files of the tests. */
const BOOT = "tests/fixtures/boots/3.16.7-586-pentium3-128M.jsonl.gz";
const STATE = "tests/fixtures/kernels/linux61-686-pae.json";
const MMU = "tests/fixtures/mmu/named47";

/** What is tried with a task. `OUT` in a line is a folder of the test's own, below `out`. */
export interface TaskFaults {
  /** Work for a signal to end. */
  readonly works: string;
  /** Whether that work is done in a second: the signal comes at once. */
  readonly isShort?: true;
  /** Work of a second or two that prints; the help where all work takes longer. */
  readonly prints: string;
  /** Work that writes below `OUT`. */
  readonly writes?: string;
  /** Whether it writes into the project instead. A copy stands in its place meanwhile. */
  readonly intoProject?: true;
  /** Why two runs leave other bytes than one. The names of the files are the same. */
  readonly differs?: string;
  /** Whether that takes so long that CI leaves it to `deno task ok`. */
  readonly isLong?: true;
  /** Why nothing is written that could be lost. */
  readonly writesNothing?: string;
  /** Exit codes of `works` that are no fault: a program is missing where there is no home, a guest without page tables, a program that is being built. */
  readonly ownCodes?: readonly number[];
}

const READS = "it has no permission to write";
const SCRATCH = "it writes to a scratch folder alone, which goes with it";

/** The tasks. A name stands for those that run the same program. */
export const TASK_FAULTS: Readonly<Record<string, TaskFaults>> = Object.freeze({
  "debate": {
    works: "--memory 896M --out OUT",
    prints: "--platform xen-pae --strategy write-always --memory 16M --json",
    writes: "--platform xen-pae --strategy write-always --memory 16M --out OUT",
  },
  "audit": { works: STATE, isShort: true, prints: STATE, writes: `${STATE} --out OUT/page.html` },
  "explain": { works: `${STATE} 0xc1000000`, isShort: true, prints: `${STATE} 0xc1000000`, writesNothing: READS },
  "blame": { works: `${BOOT} 0xc1000000`, isShort: true, prints: `${BOOT} 0xc1000000`, writesNothing: READS },
  "timeline": { works: `${BOOT} --out OUT/page.html`, prints: "--help", writes: `${BOOT} --out OUT/page.html` },
  "replay": {
    works: "tests/fixtures/mmu/random20k.cases.gz tests/fixtures/mmu/random20k.bochs27.gz",
    isShort: true,
    prints: `${MMU}.cases.gz ${MMU}.bochs27.gz`,
    writesNothing: READS,
  },
  "replay-xen": {
    works: "tests/fixtures/xen/pv32-xen417-seed101.jsonl.gz",
    isShort: true,
    prints: "tests/fixtures/xen/pv32-xen417-seed101.jsonl.gz",
    writesNothing: READS,
  },
  "replay-boot": { works: BOOT, isShort: true, prints: BOOT, writesNothing: READS },
  "capture": {
    works: "127.0.0.1:1 --out OUT/guest.json",
    isShort: true,
    prints: "--help",
    writesNothing: "a guest is needed: tests/tools/capture_command_test.ts has one, and ends a capture by every signal",
    ownCodes: [2],
  },
  "record": {
    works: "--out OUT/guest.rec -- qemu-system-x86_64 -nodefaults -m 16M",
    prints: "--help",
    writesNothing: "a guest is needed: tests/tools/record_live_test.ts has one, and fills its disk",
    ownCodes: [2],
  },
  "site": { works: "--out OUT", prints: "--help", writes: "--out OUT", isLong: true },
  "matrix": { works: "two-level", prints: "--help", writesNothing: READS },
  "hunt": {
    works: "--runs 20000",
    prints: "--runs 20 --workers 1 --strategy keep-template --property no-permission-error --json",
    writesNothing: SCRATCH,
  },
  "claims": { works: "", isShort: true, prints: "--help", writes: "--write", intoProject: true, isLong: true },
  "bench": {
    works: "",
    prints: "--help",
    writesNothing: "it builds programs to measure, and keeps no result",
  },
  "reference": {
    works: "qemu --cases 20000",
    prints: "qemu --cases 0",
    writesNothing: SCRATCH,
    ownCodes: [3],
  },
  "settle": {
    works: "write-always",
    prints: "--recorded write-always",
    writesNothing: "what it records it writes as claims does, by writeWhole",
    ownCodes: [3],
  },
  "mutants": { works: "mmu --only NX", prints: "--help", writesNothing: SCRATCH },
  "coverage": { works: "", prints: "--help", writesNothing: SCRATCH },
  "book": {
    works: "1 2 3",
    prints: "--help",
    writesNothing: "a page that is right is left alone; what it writes else it writes by writeWhole, as claims does",
  },
  "notebooks": {
    works: "1",
    prints: "--help",
    writesNothing: "Jupyter is needed: what it has run it writes as book does, by writeWhole",
    ownCodes: [2],
  },
  "jupyter": {
    works: "--no-browser",
    prints: "--help",
    writesNothing: "it starts Jupyter, which writes",
    ownCodes: [2],
  },
  "learn": { works: "", prints: "--list", writes: "01/01 --hint", intoProject: true, differs: "each hint counts" },
  "check-exercises": { works: "", prints: "--help", writesNothing: SCRATCH },
  "assignment": {
    works: "01 --out OUT",
    isShort: true,
    prints: "--help",
    writes: "01/01 --out OUT",
  },
  "docs": { works: "--out OUT", prints: "--help", writes: "--out OUT", isLong: true },
  "pack": {
    works: "--out OUT",
    prints: "--help",
    writes: "--out OUT",
    differs: "an archive holds the time",
    isLong: true,
  },
  "ok": { works: "", prints: "--help", writesNothing: "its steps write, which are tasks" },
  "test": { works: "tests/core/mmu", prints: "--help", writesNothing: SCRATCH },
  "check": { works: "", prints: "--help", writesNothing: SCRATCH },
});

/** Tasks that are another one with other arguments. */
export const SAME_PROGRAM: Readonly<Record<string, string>> = Object.freeze({
  "test-browser": "test",
  "test-consumer": "test",
  "test-machines": "test",
  "test-classroom": "test",
});
