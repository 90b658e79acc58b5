/**
 * The audit of page tables as one screen of text: what it is, what is mapped, what it costs, the findings, the regions.
 *
 * @module
 */

import type { Finding, KernelHalf, Region, TablesOwner } from "../../core/audit/mod.ts";
import { type Cpu, CR0_WP, CR4_SMAP, CR4_SMEP, EFER_NXE, formatAddress, type Unknown } from "../../core/mmu/mod.ts";
import { FINDINGS } from "../../mod.ts";
import { columns } from "../../chapters/shown/columns.ts";
import { printable } from "../../chapters/recorded/files/printable.ts";
import { absentText } from "./absent_text.ts";
import { isolationText } from "./isolation_text.ts";
import { bytesText, sizeText, spanText } from "./map_text.ts";
import type { Reported } from "./reported.ts";

/** Characters of a description that the text repeats. */
const LONGEST = 200;

/** The source of the start of the kernel's half. */
const HALF: { readonly [by in KernelHalf["by"]]: string } = Object.freeze({
  caller: "as you said",
  "upper-half": "the upper half",
  "direct-map": "a guess: memory is mapped there",
  default: "a guess: Linux's usual place",
});

/** The systems that tables may look like. */
const OWNERS: { readonly [owner in NonNullable<TablesOwner>]: string } = Object.freeze({
  linux: "Linux",
  xen: "Xen, with a guest that runs in ring 3 or 1",
  firmware: "firmware or a boot loader",
});

/** The unknown facts, in words. The CPU has a line of its own. */
const UNKNOWN: { readonly [name in Unknown]?: string } = Object.freeze({
  pkru: "PKRU",
  ac: "EFLAGS.AC",
  pat: "the PAT",
});

/**
 * An audit for people, on one screen.
 *
 * @param reported What was audited.
 * @returns Lines.
 */
export function auditText(reported: Reported): string {
  const { description, mode, registers, remarks } = reported;
  const rows = [
    ["paging", pagingText(reported)],
    ...(registers === undefined ? [] : [["CPU", cpuText(reported.cpu)]]),
    ["system", systemText(reported)],
    ...isolationText(reported.found.isolation).map((text) => ["roots", text]),
    ["mapped", mappedText(reported)],
    ...(registers === undefined ? [] : [["tables", tablesText(reported)]]),
    ...absentText(reported.found.absent).map((text) => ["absent", text]),
    ...unknownText(reported),
    ...remarks.map((text) => ["note", text]),
  ];
  const { linearBits } = mode;
  return [
    printable(description.slice(0, LONGEST)),
    ...columns(rows),
    "",
    ...findingLines(reported),
    "",
    ...regionLines(reported.found.regions, linearBits > 32 ? 16 : 8),
    "",
  ].join("\n");
}

function pagingText({ mode, registers }: Reported): string {
  if (registers === undefined) return `linear addresses of ${mode.linearBits} bits`;
  const { cr0, cr4, efer } = registers;
  const words = (["cr0", "cr3", "cr4", "efer"] as const).map((name) =>
    `${name.toUpperCase()} 0x${registers[name].toString(16)}`
  );
  const on = [[cr0 & CR0_WP, "WP"], [efer & EFER_NXE, "NXE"], [cr4 & CR4_SMEP, "SMEP"], [
    cr4 & CR4_SMAP,
    "SMAP",
  ]] as const;
  const names = (set: boolean) => on.filter(([bit]) => (bit !== 0) === set).map(([, name]) => name).join(" ") || "none";
  return `${mode.id}, ${words.join(", ")}: on ${names(true)}; off ${names(false)}`;
}

function cpuText(cpu: Cpu | undefined): string {
  if (cpu === undefined) return "not known: taken to have every feature and 52 address bits";
  const { physicalBits, name, nx, smep, smap, pku, gigabytePages, la57 } = cpu;
  const features = Object.entries({ NX: nx, SMEP: smep, SMAP: smap, PKU: pku, "1G pages": gigabytePages, LA57: la57 });
  const has = features.filter(([, value]) => value).map(([feature]) => feature);
  return `${printable(name)}: ${physicalBits} address bits; ${has.length === 0 ? "none" : has.join(", ")} of ${
    features.map(([it]) => it).join(", ")
  }`;
}

function systemText({ found: { owner, evidence, nx }, nxTold }: Reported): string {
  const nobody = "not recognised";
  const name = owner === undefined ? nobody : `${OWNERS[owner]} (a guess, by ${evidence.join(", ")})`;
  return nx || !nxTold ? name : `${name}; without NX nothing can be kept from being executed`;
}

function mappedText({ found: { sizes, leaves, map, dropped }, sizesTold }: Reported): string {
  const bytes = sizes.reduce((sum, { shift, leaves }) => sum + leaves * 2 ** shift, 0);
  const parts = sizes.map(({ shift, leaves }) => `${leaves} of ${sizeText(2 ** shift)}`);
  const aliases = map.reduce((sum, { times }) => sum + times - 1, 0);
  const more = [
    aliases > 0 ? `${aliases} ranges repeat another's frames` : [],
    dropped > 0 ? `${dropped} ranges are not in the map` : [],
  ].flat();
  const how = sizesTold ? ` in ${leaves} leaves: ${parts.join(", ") || "none"}` : "";
  return [`${bytesText(bytes)}${how}`, ...more].join("; ");
}

function tablesText({ found: { tables } }: Reported): string {
  const frames = new Set(tables.map(({ frame }) => frame)).size;
  const levels = new Map<string, Set<number>>();
  for (const { level, frame } of tables) levels.set(level.table, (levels.get(level.table) ?? new Set()).add(frame));
  const parts = [...levels].map(([name, found]) => `${found.size} ${name}`);
  return `${counted(frames, "page table")}, ${bytesText(frames * 4096)}: ${parts.join(", ")}`;
}

function unknownText({ unknown, registers, patBy }: Reported): string[][] {
  const names = unknown.flatMap((name) => UNKNOWN[name] ?? []);
  if (names.length === 0 || registers === undefined) return [];
  const types = patBy === undefined ? "" : `; memory types are named as ${patBy} has them`;
  return [["not known", `${names.join(", ")}${types}`]];
}

function findingLines({ found: { findings, kernelHalf } }: Reported): string[] {
  const { linear, by } = kernelHalf;
  const head = `findings (the kernel half was taken to begin at ${formatAddress(linear)}: ${HALF[by]})`;
  if (findings.length === 0) return [head, "  none"];
  const cells = findings.map((finding) => {
    const { id, severity, address } = finding;
    return [
      `  ${severity}`,
      id,
      extent(finding),
      address === undefined ? "" : formatAddress(address),
      FINDINGS[id].title,
    ];
  });
  return [head, ...columns(cells)];
}

/** The extent of a finding. */
export function extent({ pages, entries }: Finding): string {
  if (entries !== undefined) return `${entries} ${entries === 1 ? "entry" : "entries"}`;
  return pages === 0 ? "" : counted(pages, "page");
}

function regionLines(regions: readonly Region[], width: number): string[] {
  const cells = regions.map(({ name, first, last, pages, guess }) => [
    `  ${name}`,
    spanText(first, last, width),
    `${pages}`,
    guess ? "a guess" : "",
  ]);
  return columns([["regions", "linear addresses", "pages"], ...cells], { right: [2] });
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
