/**
 * Asks the live Xen: the probe is built, booted as dom0 in QEMU, and its console read.
 *
 * @module
 */
import { withScratch } from "../../command/scratch.ts";
import { missingPackages, type Need, runFor } from "../live/programs.ts";
import { readConsole } from "./answers.ts";
import { encodeOps } from "./encode.ts";
import type { Guest } from "../../../chapters/recorded/settle/guest.ts";
import { defaultCache, findHypervisor, XEN_PACKAGE } from "./hypervisor.ts";
import { buildKernel, GCC } from "./kernel.ts";
import { isRefused, type XenAnswer, type XenOp } from "../../../chapters/recorded/settle/op.ts";

const QEMU: Need = { file: "/usr/bin/qemu-system-x86_64", debianPackage: "qemu-system-x86" };
/** The console goes to a file: of a pipe that is not emptied in time QEMU and Xen both drop characters. */
const CONSOLE = "console.txt";
const MACHINE: readonly string[] = [
  ...["-accel", "tcg", "-cpu", "max", "-m", "512"],
  ...["-nodefaults", "-display", "none", "-serial", `file:${CONSOLE}`, "-no-reboot"],
];
const XEN_OPTIONS = "com1=115200,8n1 console=com1 loglvl=all guest_loglvl=all";
const CONSOLE_TAIL = 12;

/** The options of asking. */
export interface AskOptions {
  /** Seconds until QEMU is stopped; 120 unless told. */
  readonly seconds?: number;
  /** Folder that keeps the hypervisor between runs; the user's cache unless told. */
  readonly cache?: string;
  /** Whether the hypervisor's package may be downloaded; true unless told. */
  readonly fetch?: boolean;
}

/** The missing programs, or the answers of Xen. */
export type XenRun =
  /** Debian packages that are not there. */
  | { readonly outcome: "missing"; readonly packages: readonly string[] }
  /** The list did not come to its end: the answers up to there, and the last lines of the console. */
  | { readonly outcome: "stopped"; readonly answers: readonly XenAnswer[]; readonly console: readonly string[] }
  /** One answer an operation. `seconds` is the time of QEMU's runFor, Xen's boot included. */
  | {
    readonly outcome: "answered";
    readonly answers: readonly XenAnswer[];
    readonly version: string;
    readonly seconds: number;
  };

/** The programs and the hypervisor for a run; only the names of packages where something lacks. */
export async function findTools(
  options: AskOptions = {},
): Promise<{ readonly hypervisor: string } | { readonly packages: readonly string[] }> {
  const packages = await missingPackages([QEMU, GCC]);
  const cache = options.cache ?? defaultCache();
  const hypervisor = await findHypervisor(cache, { fetch: options.fetch ?? true });
  if (hypervisor === undefined) packages.push(XEN_PACKAGE);
  return hypervisor === undefined || packages.length > 0 ? { packages } : { hypervisor };
}

/**
 * Poses as `guest` on the live Xen and performs `ops`. Throws RangeError for an operation that does not fit the guest,
 * and Error when the probe does not compile or Xen refuses what makes the guest.
 */
export async function askXen(guest: Guest, ops: readonly XenOp[], options: AskOptions = {}): Promise<XenRun> {
  const list = encodeOps(guest, ops);
  const tools = await findTools(options);
  if ("packages" in tools) return { outcome: "missing", packages: tools.packages };
  return await withScratch(async (folder) => {
    await buildKernel(`${folder}/probe.elf`);
    await Deno.writeFile(`${folder}/ops.bin`, list);
    const start = performance.now();
    const { said } = await runFor(QEMU.file, [
      ...MACHINE,
      ...["-kernel", tools.hypervisor, "-initrd", "probe.elf,ops.bin", "-append", XEN_OPTIONS],
    ], { cwd: folder, seconds: options.seconds ?? 120 });
    const seconds = (performance.now() - start) / 1000;
    const told = await Deno.readTextFile(`${folder}/${CONSOLE}`).catch(() => said); // without a console it is QEMU that speaks
    return report(guest, ops, told, seconds);
  });
}

function report(guest: Guest, ops: readonly XenOp[], said: string, seconds: number): XenRun {
  const { version, answers, done } = readConsole(guest, [...guest.setup, ...ops], said);
  const made = guest.setup.length;
  const refused = answers.slice(0, made).findIndex(isRefused);
  if (refused >= 0) {
    const told = JSON.stringify({ ...guest.setup[refused], ...answers[refused] });
    throw new Error(`Expected Xen to allow what makes the guest but found operation ${refused}: ${told}`);
  }
  const own = answers.slice(made);
  if (!done || own.length < ops.length) {
    return { outcome: "stopped", answers: own, console: said.split(/\r?\n/).slice(-CONSOLE_TAIL) };
  }
  return { outcome: "answered", answers: own, version, seconds };
}
