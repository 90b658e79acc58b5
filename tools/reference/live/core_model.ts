/**
 * The book's machine as a model: it is driven as the guest drives a real one.
 *
 * @module
 */
import { access, type Cpu, CPUS, type Fault, Machine, PhysicalMemory } from "../../../core/mmu/mod.ts";
import type { Answer } from "./answers.ts";
import { type AccessCase, slotOffset, type TableEntry } from "./case_file.ts";
import type { Abilities } from "./cases.ts";
import { GUEST_CR0, type Model } from "./model.ts";
import { liveMode } from "./paging/modes.ts";

/** The tables lie below 4 MiB; the model never reads what is in a page. */
const MEMORY_BYTES = 2 ** 24;
const CR0_PAGING_OFF = 0x31;

/** A model that makes every access on one machine, as the guest does: paging off, registers, paging on, access. */
export function coreModel({ physicalBits, protectionKeys }: Abilities): Model {
  const cpu: Cpu = { ...CPUS.today, physicalBits, pku: protectionKeys };
  const machine = new Machine(cpu, new PhysicalMemory(MEMORY_BYTES));
  return (asked) => {
    for (const entry of asked.entries) store(machine.memory, entry, entry.value);
    const answer = askMachine(machine, asked);
    for (const entry of asked.entries) store(machine.memory, entry, 0n);
    return answer;
  };
}

function askMachine(machine: Machine, asked: AccessCase): Answer {
  const mode = liveMode(asked.mode);
  machine.writeCr0(CR0_PAGING_OFF);
  machine.writeCr4(asked.cr4 | mode.cr4);
  machine.writeEfer(asked.efer | mode.efer);
  machine.writeCr3(mode.levels[0]?.table ?? 0);
  machine.writePkru(asked.pkru);
  machine.writeAc(asked.ac);
  const refused = machine.writeCr0(asked.cr0 | GUEST_CR0);
  if (refused) return faultAnswer(machine, asked, refused, "load");
  const byte = asked.linear + slotOffset(asked.kind);
  const address = { hi: Number(byte >> 32n), lo: Number(byte & 0xffff_ffffn) };
  const kind = asked.kind === "exchange" ? "write" : asked.kind;
  const result = access(machine, address, kind, { user: asked.user });
  if (!result.ok) return faultAnswer(machine, asked, result.fault, "access");
  return { outcome: "done", physical: BigInt(result.physical), entries: entriesNow(machine, asked) };
}

function faultAnswer(machine: Machine, asked: AccessCase, fault: Fault, phase: "load" | "access"): Answer {
  const entries = entriesNow(machine, asked);
  if (fault.vector === 13) return { outcome: "#GP", code: fault.errorCode, phase, entries };
  const [hi = 0, lo = 0] = machine.cr2;
  const cr2 = (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
  return { outcome: "#PF", code: fault.errorCode, cr2, entries };
}

function entriesNow({ memory }: Machine, asked: AccessCase): bigint[] {
  return asked.entries.map(({ physical, bytes }) => {
    const [pfn, word] = [Math.floor(physical / 4096), (physical % 4096) / 4];
    const high = bytes === 8 ? memory.read(pfn, word + 1) : 0;
    return (BigInt(high >>> 0) << 32n) | BigInt(memory.read(pfn, word) >>> 0);
  });
}

function store(memory: PhysicalMemory, { physical, bytes }: TableEntry, value: bigint): void {
  const [pfn, word] = [Math.floor(physical / 4096), (physical % 4096) / 4];
  memory.write(pfn, word, Number(value & 0xffff_ffffn));
  if (bytes === 8) memory.write(pfn, word + 1, Number(value >> 32n));
}
