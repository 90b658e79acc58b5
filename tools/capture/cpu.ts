/**
 * The features of a guest's CPU, as QEMU's object model tells them.
 *
 * @module
 */

import { CPU_FLAGS } from "../../core/mmu/cpus.ts";
import type { Cpu } from "../../mod.ts";
import { isFields, type Qmp, QmpError } from "./qmp.ts";

/** QEMU's names of the features, where they are not ours. */
const PROPERTIES: { readonly [name in keyof Cpu]?: string } = Object.freeze({
  longMode: "lm",
  gigabytePages: "pdpe1gb",
});

/**
 * Asks for the features of a CPU and the width of its physical addresses.
 *
 * @param qmp The connection.
 * @param index Index of the CPU.
 * @returns The CPU; null if QEMU does not tell all of it.
 */
export async function readCpu(qmp: Qmp, index: number): Promise<Cpu | null> {
  try {
    const path = await pathOf(qmp, index);
    const physicalBits = await property(qmp, path, "phys-bits");
    if (typeof physicalBits !== "number" || physicalBits < 32 || physicalBits > 52) return null;
    const flags: Record<string, boolean> = {};
    for (const name of [...CPU_FLAGS, "pcid" as const]) {
      const value = await property(qmp, path, PROPERTIES[name] ?? name);
      if (typeof value !== "boolean") return null;
      flags[name] = value;
    }
    return {
      id: "guest",
      name: "guest's CPU",
      physicalBits,
      ...flags as Omit<Cpu, "id" | "name" | "physicalBits">,
    };
  } catch (error) {
    if (error instanceof QmpError) return null;
    throw error;
  }
}

async function pathOf(qmp: Qmp, index: number): Promise<string> {
  const cpus = await qmp.execute("query-cpus-fast");
  const found = Array.isArray(cpus) ? cpus.find((cpu) => isFields(cpu) && cpu["cpu-index"] === index) : undefined;
  const path = isFields(found) ? found["qom-path"] : undefined;
  if (typeof path !== "string") throw new QmpError(`Expected CPU ${index} among the guest's but found none`);
  return path;
}

async function property(qmp: Qmp, path: string, name: string): Promise<unknown> {
  return await qmp.execute("qom-get", { path, property: name });
}
