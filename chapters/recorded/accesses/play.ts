/**
 * Recorded accesses, made on the emulated machine and compared with the recorded answers.
 *
 * @module
 */
import { EFER_LME } from "../../../core/mmu/mod.ts";
import { access, type AccessKind, CPUS, Machine, PhysicalMemory } from "../../../mod.ts";
import type { AccessAnswer, AnswerFile } from "./answers.ts";
import type { AccessCase, CaseFile } from "./cases.ts";
import { hex } from "./words.ts";

/** Memory of the machine that answered; reads beyond it were all ones. */
const RAM_BYTES = 0x1000_0000;
/** The unpacked value of a landing word of all ones. */
const NO_RAM = 0xf_ffff_fff0;
const CR0_PAGING = 0x8000_0031; // PG NE ET PE
const CR4_PAE = 0x20;
const SLOT_BYTES = 16;

const KINDS: Readonly<Record<AccessCase["access"], AccessKind>> = Object.freeze({
  read: "read",
  write: "write",
  fetch: "fetch",
  exchange: "write",
});

/** The number of cases that agreed, and the first differences. */
export interface Replay {
  /** Cases with the recorded answer. */
  readonly passed: number;
  /** Cases with another. */
  readonly failed: number;
  /** The first few differences, a line each. */
  readonly differences: readonly string[];
}

/**
 * Makes all accesses of a file.
 *
 * @param cases The accesses.
 * @param answers The recorded answers.
 * @param max Differences to describe.
 * @returns The counts and the first differences.
 */
export function replay(cases: CaseFile, answers: AnswerFile, max = 10): Replay {
  const memory = new PhysicalMemory(RAM_BYTES);
  const differences: string[] = [];
  let failed = 0;
  for (let number = 0; number < cases.count; number++) {
    const asked = cases.at(number);
    const expected = describe(answers.at(number), asked);
    const found = describe(play(asked, memory), asked);
    if (found === expected) continue;
    failed++;
    if (differences.length < max) differences.push(`${title(asked)}: expected ${expected} but found ${found}`);
  }
  return { passed: cases.count - failed, failed, differences };
}

/**
 * Makes one access on a machine of its own.
 *
 * @param asked The access.
 * @param memory Memory of zeros; it is cleared again afterwards.
 * @returns The result, in the form of a recorded answer.
 */
export function play(asked: AccessCase, memory: PhysicalMemory): AccessAnswer {
  for (const { address, lo, hi } of asked.entries) storeEntry(memory, asked, address, hi, lo);
  const machine = new Machine(CPUS.broadwell, memory);
  const result = startPaging(machine, asked) ? makeAccess(machine, asked) : REFUSED_TO_PAGE;
  const entries = new Uint32Array(12);
  for (const [i, { address }] of asked.entries.entries()) {
    entries.set(loadEntry(memory, asked, address), 2 * i);
  }
  for (const { address } of asked.entries) storeEntry(memory, asked, address, 0, 0);
  return { number: asked.number, ...result, entries };
}

type Result = Omit<AccessAnswer, "number" | "entries">;

const NOWHERE = Object.freeze({ hi: 0, lo: 0 });
const REFUSED_TO_PAGE: Result = Object.freeze({
  outcome: "general-protection",
  errorCode: 0,
  cr2: NOWHERE,
  landed: null,
  beforeAccess: true,
});

function startPaging(machine: Machine, { mode, root, cr0, cr4, efer, ac }: AccessCase): boolean {
  machine.writeAc(ac);
  const fault = machine.writeCr4(cr4 | (mode === "two-level" ? 0 : CR4_PAE)) ??
    machine.writeEfer(efer | (mode === "4-level" ? EFER_LME : 0)) ??
    machine.writeCr3(root) ?? machine.writeCr0(cr0 | CR0_PAGING);
  return fault === undefined;
}

function makeAccess(machine: Machine, { access: kind, linear, user }: AccessCase): Result {
  const result = access(machine, linear, KINDS[kind], { user });
  if (result.ok) {
    const slot = result.physical < RAM_BYTES ? result.physical - result.physical % SLOT_BYTES : NO_RAM;
    const landed = kind === "write" ? null : slot;
    return { outcome: "ok", errorCode: 0, cr2: NOWHERE, landed, beforeAccess: false };
  }
  const { fault } = result;
  if (fault.vector === 13) return { ...REFUSED_TO_PAGE, beforeAccess: false };
  const [hi = 0, lo = 0] = machine.cr2;
  const cr2 = { hi: hi >>> 0, lo: lo >>> 0 };
  return { outcome: "page-fault", errorCode: fault.errorCode, cr2, landed: null, beforeAccess: false };
}

function storeEntry(memory: PhysicalMemory, { mode }: AccessCase, address: number, hi: number, lo: number): void {
  const frame = Math.floor(address / 4096);
  memory.write(frame, (address % 4096) >>> 2, lo);
  if (mode !== "two-level") memory.write(frame, ((address % 4096) >>> 2) + 1, hi);
}

function loadEntry(memory: PhysicalMemory, { mode }: AccessCase, address: number): [number, number] {
  const frame = Math.floor(address / 4096);
  const word = (address % 4096) >>> 2;
  return [memory.read(frame, word), mode === "two-level" ? 0 : memory.read(frame, word + 1)];
}

function title({ number, mode, access, user, linear }: AccessCase): string {
  return `case ${number} (${mode}, ${user ? "user" : "supervisor"} ${access} at ${words(linear)})`;
}

/** Everything that must agree. A success has no CR2, a write does not tell where it landed. */
function describe({ outcome, errorCode, cr2, landed, beforeAccess, entries }: AccessAnswer, asked: AccessCase): string {
  const stored = asked.entries.map((_, i) => words({ lo: entries[2 * i] ?? 0, hi: entries[2 * i + 1] ?? 0 }));
  const afterwards = `entries ${stored.join(" ") || "none"}`;
  if (outcome === "general-protection") {
    return `#GP ${errorCode} ${beforeAccess ? "as paging began" : "at the access"}, ${afterwards}`;
  }
  if (outcome === "page-fault") return `#PF ${errorCode} at ${words(cr2)}, ${afterwards}`;
  return `success${
    landed === null ? "" : landed === NO_RAM ? " where no RAM is" : ` in slot ${hex(landed)}`
  }, ${afterwards}`;
}

function words({ hi, lo }: { readonly hi: number; readonly lo: number }): string {
  return hi === 0 ? hex(lo) : `${hex(hi)}${lo.toString(16).padStart(8, "0")}`;
}
