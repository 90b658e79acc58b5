/**
 * The options that say what an input is and which registers go with it: those of `audit` and `explain`.
 *
 * @module
 */

import { parseAddress } from "../../core/mmu/mod.ts";
import { readBounded } from "../../chapters/recorded/files/read_bounded.ts";
import { type Arguments, integerOf, Misuse, oneOf, pathOf, type Streams } from "../command.ts";
import type { KnownRegisters } from "./known_registers.ts";
import { KINDS } from "./kinds.ts";
import type { InputOptions } from "./read_input.ts";
import { registersIn } from "./registers.ts";

const REGISTER_BYTES = 2 ** 20;
const LAST_CPU = 4095;

/** Names of the options with a value. */
export const INPUT_VALUES: readonly string[] = ["as", "cr0", "cr3", "cr4", "efer", "registers", "cpu"];

/** Their part of the help. */
export const INPUT_HELP: string = `  --as KIND         what the file is, if its content does not tell, one of:
                    ${KINDS.join(", ")}
  --cr3 ADDRESS     the root, if it is another one than the file has; raw memory has none
  --cr4, --efer, --cr0 NUMBER
                    the other registers, in hexadecimal, where the file does not have them
  --registers FILE  all of them, as QEMU's "info registers" prints them
  --cpu N           the CPU whose registers are meant (default: 0)
`;

/**
 * Reads the options.
 *
 * @param args The arguments.
 * @param streams Where relative paths start.
 * @returns What they say.
 * @throws {Misuse} If one makes no sense.
 * @throws {UnreadableFile} If the file with the registers cannot be read.
 */
export async function inputOptions(args: Arguments, streams: Pick<Streams, "folder">): Promise<InputOptions> {
  const kind = args.values["as"]?.at(-1);
  const cpu = integerOf(args, "cpu", LAST_CPU);
  const file = args.values["registers"]?.at(-1);
  const text = file === undefined
    ? ""
    : new TextDecoder().decode(await readBounded(pathOf(file, streams), REGISTER_BYTES));
  const told: KnownRegisters = file === undefined ? {} : registersOf(text, cpu);
  const given = { cr0: word(args, "cr0"), cr3: wide(args, "cr3"), cr4: word(args, "cr4"), efer: word(args, "efer") };
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { as: kind === undefined ? undefined : oneOf(KINDS, kind), registers: { ...told, ...known }, cpu };
}

function registersOf(text: string, cpu = 0): KnownRegisters {
  const registers = registersIn(text, cpu);
  return { ...registers, cr3: BigInt(registers.cr3) };
}

function wide({ values }: Arguments, name: string): bigint | undefined {
  const text = values[name]?.at(-1);
  if (text === undefined) return undefined;
  const { hi, lo } = parseAddress(text);
  return (BigInt(hi) << 32n) | BigInt(lo);
}

function word(args: Arguments, name: string): number | undefined {
  const value = wide(args, name);
  if (value === undefined || value < 2n ** 32n) return value === undefined ? undefined : Number(value);
  throw new Misuse(`expected --${name} below 2^32 but found 0x${value.toString(16)}`);
}
