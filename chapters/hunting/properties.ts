/**
 * What may hold of every machine: the properties that a hunt tries to refute.
 *
 * @module
 */

import { type Audit, audit, PERMISSION_ERRORS, type PermissionErrors } from "../../core/audit/mod.ts";
import type { Run } from "../../core/boot.ts";
import { tableUses } from "../../core/tables/mod.ts";
import { explain, formatAddress, formatFlags } from "../../core/mmu/mod.ts";
import type { Hypervisor } from "../../core/xen/mod.ts";
import type { MachineCase } from "./machine.ts";
import { countReferences, guestFrames, isTable, writableFrames } from "../guests/scan.ts";

/** A boot as the properties see it. What takes time is computed once, and only if it is asked for. */
export interface Booted {
  /** The machine that was booted. */
  readonly machine: MachineCase;
  readonly run: Run;
  /** The hypervisor of a Xen platform. */
  readonly xen: Hypervisor | undefined;
  readonly audit: Audit;
}

/** Something that may hold of every machine. */
export interface Property {
  /** Its id on the command line. */
  readonly id: string;
  /** The claim, in a line. */
  readonly claims: string;
  /** Why it does not hold of a boot; undefined if it does. Of a boot that stopped only `boots` and `no-refusal` say something. */
  readonly refute: (booted: Booted) => string | undefined;
}

/** A boot, ready to be judged. */
export function bootedOf(machine: MachineCase, run: Run, xen: Hypervisor | undefined): Booted {
  let audited: Audit | undefined;
  return {
    machine,
    run,
    xen,
    get audit() {
      return audited ??= audit(run);
    },
  };
}

/** The classes of permission errors, by the ids of their properties. */
const CLASSES: { readonly [id: string]: readonly [error: keyof PermissionErrors, claims: string] } = Object.freeze({
  "no-writable-table": ["writablePageTable", "no page table is writable, at any address"],
  "no-user-access": ["userAccessible", "no page of the kernel is open to user mode"],
  "no-executable-data": ["executableData", "no data can be executed"],
  "executable-text": ["nonExecutableText", "all of the kernel's text can be executed"],
  "all-writable": ["notWritable", "every page that should be writable is"],
  "all-global": ["missingGlobal", "every page is global where the CPU has PGE"],
  "all-large": ["notLarge", "every page is mapped by a large one where the CPU has PSE"],
});

/** The property that an exception refutes, whatever was asked. */
export const THROWS = "answers";

/** The properties, in the order in which they are reported. */
export const PROPERTIES: readonly Property[] = Object.freeze([
  {
    id: "boots",
    claims: "the kernel boots",
    refute: ({ run: { outcome } }) => outcome.ok ? undefined : outcome.stop.message,
  },
  {
    id: "no-refusal",
    claims: "Xen refuses nothing",
    refute: ({ run: { outcome } }) =>
      !outcome.ok && outcome.stop.kind === "refused-by-xen" ? outcome.stop.message : undefined,
  },
  { id: "covers", claims: "every page of lowmem is mapped to its own frame", refute: ofBooted(uncovered) },
  ...Object.entries(CLASSES).map(([id, [error, claims]]) => ({
    id,
    claims,
    refute: ofBooted((booted) => firstError(booted, [error])),
  })),
  {
    id: "no-permission-error",
    claims: "no permission of lowmem is wrong, of whatever class",
    refute: ofBooted((booted) => firstError(booted, PERMISSION_ERRORS)),
  },
  {
    id: "writable-stays",
    claims: "what was writable and is no table stays writable",
    refute: ofBooted(lostWritable),
  },
  {
    id: "tables-in-memory",
    claims: "no table that the kernel took lies where the memory map has no free memory",
    refute: ofBooted(tableInHole),
  },
  { id: "xen-counts", claims: "the hypervisor's counts are those of the entries that there are", refute: miscounted },
  { id: "xen-tables-closed", claims: "the guest can write none of its page tables", refute: openTable },
]);

function ofBooted(refute: Property["refute"]): Property["refute"] {
  return (booted) => booted.run.outcome.ok ? refute(booted) : undefined;
}

function uncovered({ audit: { coverage, coverageRanges } }: Booted): string | undefined {
  const wrong = coverage.unmapped + coverage.wrongFrame;
  if (wrong === 0) return undefined;
  const first = coverageRanges.find(({ kind }) => kind !== "right");
  return `${pagesOf(wrong)} not mapped to their own frames; the first is pfn 0x${
    (first?.firstPfn ?? 0).toString(16)
  }, ${first?.kind ?? ""}`;
}

/** The errors of some classes, with the entries that make the first one. */
function firstError({ run, audit }: Booted, classes: readonly (keyof PermissionErrors)[]): string | undefined {
  const found = classes.filter((name) => audit.permissionErrors[name].pages > 0);
  const [first] = found;
  const at = first && audit.permissionErrors[first].example;
  if (at === undefined) return undefined;
  const counts = found.map((name) => `${name}: ${pagesOf(audit.permissionErrors[name].pages)}`).join(", ");
  return `${counts}; the first at ${formatAddress(at)}: ${entriesAt(run, at)}`;
}

function entriesAt(run: Run, linear: { readonly hi: number; readonly lo: number }): string {
  const { steps } = explain(run, linear);
  return steps.map(({ level, lo, hi }) => `${level.table} ${formatFlags(hi, lo, level)}`).join(", ");
}

/** A page that was writable when the kernel started, should be, and is not. */
function lostWritable({ run, audit }: Booted): string | undefined {
  const { pages, ranges } = audit.permissionErrors.notWritable;
  if (pages === 0) return undefined;
  const start = run.at(0);
  const lost = ranges.find(({ linear }) => {
    const { outcome } = explain(start, linear, "write");
    return outcome.ok;
  });
  return lost && `${formatAddress(lost.linear)} was writable at the start: ${entriesAt(run, lost.linear)}`;
}

/**
 * A page table that the kernel took in a page that is not usable memory. Tables that were there at the start do not count: head.S or the domain
 * builder placed them. Tables in the kernel's image do not count either: the linker did.
 */
function tableInHole({ run }: Booted): string | undefined {
  const { usable, textStart, kernelEnd } = run.kernel.layout;
  const isUsable = (pfn: number) => usable.some(({ first, end }) => pfn >= first && pfn < end);
  const isImage = (pfn: number) => pfn >= textStart / 4096 && pfn < kernelEnd / 4096;
  const lost = tablePages(run).filter((pfn) => !isUsable(pfn) && !isImage(pfn));
  if (lost.length === 0) return undefined;
  const before = new Set(tablePages(run.at(0)));
  const pfn = lost.find((it) => !before.has(it));
  return pfn === undefined ? undefined : `pfn 0x${pfn.toString(16)} is a page table and no usable memory`;
}

/** pfns of the page tables in use; those of the hypervisor have none. */
function tablePages({ machine }: Run): number[] {
  const { m2p } = machine.guest;
  const frames = [...tableUses(machine.guest)].map(({ frame }) => frame);
  return frames.map((frame) => m2p === undefined ? frame : m2p[frame] ?? -1).filter((pfn) => pfn >= 0);
}

function miscounted({ xen }: Booted): string | undefined {
  if (xen === undefined || xen.domain.rootMfn < 0) return undefined;
  const { type, general } = countReferences(xen);
  for (const mfn of guestFrames(xen)) {
    const { typeCount, count } = xen.frames.at(mfn);
    const [types, all] = [type.get(mfn) ?? 0, general.get(mfn) ?? 0];
    if (typeCount !== types) {
      return `mfn 0x${mfn.toString(16)} has the type count ${typeCount}; ${types} entries use it so`;
    }
    if (count !== all) return `mfn 0x${mfn.toString(16)} has the count ${count}; ${all} entries refer to it`;
  }
  return undefined;
}

function openTable({ xen }: Booted): string | undefined {
  if (xen === undefined || xen.domain.rootMfn < 0) return undefined;
  const mfn = [...writableFrames(xen)].find((frame) => isTable(xen, frame));
  return mfn === undefined ? undefined : `the guest can write the page table in mfn 0x${mfn.toString(16)}`;
}

function pagesOf(count: number): string {
  return count === 1 ? "1 page" : `${count} pages`;
}
