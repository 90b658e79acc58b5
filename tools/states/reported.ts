/**
 * The subject of a report: tables or a map, the facts about them, and their audit.
 *
 * @module
 */

import type { StateHeader } from "../../core/dump/mod.ts";
import { type Cpu, type Mode, PAT_RESET, type Unknown } from "../../core/mmu/mod.ts";
import type { TablesAudit } from "../../mod.ts";
import type { Input } from "../inputs/read_input.ts";

/** The report about an input. */
export interface Reported {
  /** A description of the guest, for people. */
  readonly description: string;
  /** The paging mode. */
  readonly mode: Mode;
  /** The registers; undefined for a map as text. */
  readonly registers: Pick<StateHeader["registers"], "cr0" | "cr3" | "cr4" | "efer"> | undefined;
  /** The CPU; undefined if it is not known. */
  readonly cpu: Cpu | undefined;
  /** Facts that nobody knows. */
  readonly unknown: readonly Unknown[];
  /** The page attribute table by which types are named. */
  readonly pat: readonly number[];
  /** Who writes such a table, if the guest's own is not known. */
  readonly patBy?: string;
  /** Whether it is told which pages can be executed, and how large they are. */
  readonly nxTold: boolean;
  readonly sizesTold: boolean;
  /** The assumptions, or the limits of a map as text, a line each. */
  readonly remarks: readonly string[];
  /** The audit. */
  readonly found: TablesAudit;
}

/** What systems write to the PAT: Linux's arch/x86/mm/pat/memtype.c, Xen's `XEN_MSR_PAT`. */
const USUAL_PAT: Readonly<Record<string, Required<Pick<Reported, "pat" | "patBy">>>> = Object.freeze({
  linux: { pat: [6, 1, 7, 0, 6, 5, 7, 4], patBy: "Linux" },
  xen: { pat: [6, 4, 7, 0, 1, 5, 0, 0], patBy: "Xen" },
});

/**
 * Makes the report about an input.
 *
 * @param input The input.
 * @param found Its audit.
 * @returns All that the report needs.
 */
export function reportedOf(
  { state, assumed, listed }: Input & { readonly assumed?: readonly string[] },
  found: TablesAudit,
): Reported {
  const usual = USUAL_PAT[found.owner ?? ""] ?? { pat: PAT_RESET, patBy: "a CPU after reset" };
  if (state === undefined) {
    const { source, mode, limits, nxTold, sizes: sizesTold } = listed;
    const facts = { registers: undefined, cpu: undefined, unknown: [], ...usual };
    return { description: `a map, from ${source}`, mode, ...facts, nxTold, sizesTold, remarks: limits, found };
  }
  const { header, machine } = state;
  const unknown = "unknown" in header ? header.unknown : [];
  return {
    description: header.description,
    mode: header.mode,
    registers: header.registers,
    cpu: unknown.includes("cpu") ? undefined : machine.cpu,
    unknown,
    ...(unknown.includes("pat") ? usual : { pat: machine.pat }),
    nxTold: true,
    sizesTold: true,
    remarks: assumed ?? [],
    found,
  };
}
