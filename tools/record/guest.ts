/**
 * The command line of the guest: what it must not have, and what the recorder adds.
 *
 * @module
 */

import { Misuse } from "../command.ts";

/** The programs that may be started. */
export const PROGRAMS = ["qemu-system-x86_64", "qemu-system-i386"] as const;

const DEFAULT_MEGABYTES = 128;
/** Above it a PC's memory has a hole, and its file is not where its frames are. */
const MAX_MEGABYTES = 2048;
const UNITS: Readonly<Record<string, number>> = { "": 1, M: 1, G: 1024, K: 1 / 1024, T: 1024 * 1024 };
const DISPLAYS = ["-display", "-nographic", "-vnc", "-curses", "-spice"];

/** A guest to be recorded. */
export interface Guest {
  /** The program. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Size of its memory. */
  readonly ramBytes: number;
}

/** The settings of the recorder, and the paths of its files. */
export interface Wiring {
  /** Path of the compiled plugin. */
  readonly plugin: string;
  /** Folder of the memory file, the log, the control file and the socket. */
  readonly folder: string;
  /** More options of the plugin. */
  readonly more: readonly string[];
}

/**
 * Reads a guest's command line.
 *
 * @param words The program and its arguments.
 * @returns The guest.
 * @throws {Misuse} If it cannot be recorded.
 */
export function parseGuest([program, ...args]: readonly string[]): Guest {
  const name = program?.split("/").at(-1);
  if (program === undefined || !PROGRAMS.some((known) => known === name)) {
    const found = program === undefined ? "nothing" : program.slice(0, 100);
    throw new Misuse(`expected -- and then ${PROGRAMS.join(" or ")} with its options but found ${found}`);
  }
  for (const [at, word] of args.entries()) refuse(word, args[at + 1] ?? "");
  return { program, args, ramBytes: megabytesIn(args) * 2 ** 20 };
}

function refuse(word: string, value: string): void {
  const option = word.replace(/^--/, "-");
  const isKvm = option === "-enable-kvm" || (option === "-accel" && !value.startsWith("tcg")) ||
    (/^-(machine|M)$/.test(option) && /\baccel=(?!tcg)/.test(value));
  if (isKvm) {
    throw new Misuse("expected a guest that TCG runs, since only TCG shows its stores, but found another accelerator");
  }
  if (option === "-daemonize") throw new Misuse("expected QEMU in the foreground but found -daemonize");
  if (/^-(machine|M)$/.test(option) && value.includes("memory-backend=")) {
    throw new Misuse("expected the guest's memory to be left to the recorder but found memory-backend");
  }
}

function megabytesIn(args: readonly string[]): number {
  const at = args.findLastIndex((word) => word === "-m" || word === "--m");
  const text = at < 0 ? `${DEFAULT_MEGABYTES}` : args[at + 1] ?? "";
  const [, digits = "", unit = ""] = /^(?:size=)?(\d{1,8})([KMGT]?)B?(?:,|$)/i.exec(text) ?? [];
  const megabytes = digits === "" ? NaN : Number(digits) * (UNITS[unit.toUpperCase()] ?? NaN);
  if (megabytes >= 1 && megabytes <= MAX_MEGABYTES && Number.isInteger(megabytes)) return megabytes;
  throw new Misuse(`expected -m from 1M to ${MAX_MEGABYTES / 1024}G but found ${text.slice(0, 60)}`);
}

/** Whether the serial line comes out of QEMU's standard output, or can be made to. */
export function serialOption({ args }: Guest): readonly string[] {
  const at = args.findIndex((word) => /^--?serial$/.test(word));
  if (args.some((word) => /^--?nographic$/.test(word)) || /^(mon:)?stdio$/.test(args[at + 1] ?? "")) return [];
  if (at < 0) return ["-serial", "stdio"];
  throw new Misuse(`expected -serial stdio, whose text is waited for, but found -serial ${args[at + 1]?.slice(0, 60)}`);
}

/**
 * All arguments of QEMU: the recorder's first, since the first accelerator counts.
 *
 * @param guest The guest.
 * @param wiring Where the recorder's files are.
 * @returns The arguments.
 */
export function wiredArguments({ args, ramBytes }: Guest, { plugin, folder, more }: Wiring): string[] {
  const memory = `memory-backend-file,id=recorded-ram,size=${ramBytes},mem-path=${folder}/ram,share=on`;
  const options = [`ram=${folder}/ram`, `log=${folder}/log`, `control=${folder}/control`, `qmp=${folder}/qmp`, ...more];
  const display = args.some((word) => DISPLAYS.includes(word.replace(/^--/, "-"))) ? [] : ["-display", "none"];
  return [
    ...["-accel", "tcg,thread=single", "-object", memory, "-machine", "memory-backend=recorded-ram"],
    ...["-qmp", `unix:${folder}/qmp,server=on,wait=off`, "-plugin", [plugin, ...options].join(",")],
    ...display,
    ...args,
  ];
}
