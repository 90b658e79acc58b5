/**
 * The probe's console output, read: machine frames get their names back.
 *
 * Lines that are not the probe's (Xen's begin with "(XEN)") are passed over. `A page mfn count` is a run of the area,
 * `H home shared-info` two more frames, `R number rc fault entry pte` an answer, `done` the end.
 *
 * @module
 */
import { COMMON_NAMES, frameRef, type Guest } from "../../../chapters/recorded/settle/guest.ts";
import type { FrameName, XenAnswer, XenOp } from "../../../chapters/recorded/settle/op.ts";

/** The machine's 512 MiB. A frame without a name is Xen's if it lies there; `beyond-ram` if not. */
const RAM_FRAMES = 0x20000n;
/** Number, rc, fault, entry, pte. */
const ANSWER = /^R (\d+) (skip|-?\d+) (-|[0-9a-f]+:[0-9a-f]+) (-|[0-9a-f]+) (-|[0-9a-f]+)$/;

/** The output of a run of the probe. */
export interface ConsoleReport {
  /** As Xen gives it, for example "4.17.5". */
  readonly version: string;
  /** One for each operation of the list, as far as the probe came; those that make the guest come first. */
  readonly answers: readonly XenAnswer[];
  /** Whether the probe came to its end. */
  readonly done: boolean;
}

/** Reads what the probe printed about a guest and the operations that it was given, the guest's own ones included. */
export function readConsole(guest: Guest, ops: readonly XenOp[], text: string): ConsoleReport {
  const lines = text.split(/\r?\n/);
  const nameOf = frameNames(guest, lines);
  const answers: XenAnswer[] = [];
  for (const line of lines) {
    const result = ANSWER.exec(line);
    const op = ops[answers.length];
    if (result === null || op === undefined || Number(result[1]) !== answers.length) continue;
    const [, , rc = "", fault = "", entry = "", pte = ""] = result;
    answers.push(answer(guest, op, nameOf, { rc, fault, entry, pte }));
  }
  return { version: /Xen version (\S+)/.exec(text)?.[1] ?? "unknown", answers, done: lines.includes("done") };
}

interface Words {
  readonly rc: string;
  readonly fault: string;
  readonly entry: string;
  readonly pte: string;
}

type NameOf = (mfn: bigint) => FrameName;

function answer(guest: Guest, op: XenOp, nameOf: NameOf, { rc, fault, entry, pte }: Words): XenAnswer {
  if (rc === "skip") return { skipped: true };
  const plain = op.op === "store32" || op.op === "store64" || op.op === "load64";
  const readable = op.op === "mmu_update"
    ? isGuests(guest, op.table)
    : plain && pte !== "-" && isGuests(guest, nameOf(frameNumber(pte)));
  return {
    ...(plain ? { fault: faultText(fault) } : { rc: Number(rc) }),
    ...(!plain && namesMappedPage(guest, op) ? { pte_flags: pte === "-" ? null : flagsText(pte) } : {}),
    ...(op.op === "update_va_mapping" && pte !== "-" ? { entry: entryText(nameOf, pte) } : {}),
    ...(readable && entry !== "-" ? { entry: entryText(nameOf, entry) } : {}),
  };
}

function namesMappedPage(guest: Guest, op: XenOp): boolean {
  if ("va" in op) return op.op === "update_va_mapping";
  const name = "page" in op ? op.page : "table" in op ? op.table : undefined;
  const ref = name === undefined ? undefined : frameRef(guest, name);
  return ref !== undefined && "page" in ref && guest.pageAddress(ref.page) !== undefined;
}

/** Whether a frame is the guest's. What others hold is not worth an answer. */
function isGuests(guest: Guest, name: FrameName): boolean {
  return name in guest.names || name === "home" || name.startsWith("page");
}

function faultText(fault: string): string | null {
  const [vector, code = "0"] = fault.split(":");
  if (vector === undefined || vector === "-") return null;
  return vector === "e" ? `0x${code}` : `#${parseInt(vector, 16)} 0x${code}`;
}

function frameNumber(word: string): bigint {
  return BigInt("0x" + word) >> 12n & 0xff_ffff_ffffn;
}

function flagsText(word: string): string {
  return "0x" + (BigInt("0x" + word) & 0xfff0_0000_0000_0fffn).toString(16);
}

function entryText(nameOf: NameOf, word: string): string {
  return `${nameOf(frameNumber(word))}|${flagsText(word)}`;
}

/** Names by machine frame number, from the `A` and `H` lines. Where a frame has two, the guest's own name wins. */
function frameNames(guest: Guest, lines: readonly string[]): NameOf {
  const pages: bigint[] = [];
  const known = new Map<string, bigint>();
  for (const line of lines) {
    const [, page, mfn = "", count] = /^A (\d+) ([0-9a-f]+) (\d+)$/.exec(line) ?? [];
    for (let i = 0; i < Number(count ?? 0); i++) pages[Number(page) + i] = BigInt("0x" + mfn) + BigInt(i);
    const [, home, sharedInfo] = /^H ([0-9a-f]+) ([0-9a-f]+)$/.exec(line) ?? [];
    if (home && sharedInfo) known.set("home", BigInt("0x" + home)).set("shared-info", BigInt("0x" + sharedInfo));
  }
  const names = new Map(pages.map((mfn, page): [bigint, FrameName] => [mfn, `page${page}`]));
  for (const [name, ref] of [...Object.entries(COMMON_NAMES), ...Object.entries(guest.names)]) {
    const mfn = "known" in ref ? known.get(ref.known) : "machine" in ref ? BigInt(ref.machine) : pages[ref.page];
    if (mfn !== undefined) names.set(mfn, name);
  }
  return (mfn) => names.get(mfn) ?? (mfn < RAM_FRAMES ? "xen" : "beyond-ram");
}
