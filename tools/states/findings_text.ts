/**
 * Every place of every finding, as lines.
 *
 * @module
 */

import type { FindingRange, OddEntry } from "../../core/audit/mod.ts";
import { formatAddress } from "../../core/mmu/mod.ts";
import { FINDINGS } from "../../mod.ts";
import { columns } from "../../chapters/shown/columns.ts";
import { framesText, rangeText, rightsText, WIDTHS } from "./map_text.ts";
import { extent } from "./report.ts";
import type { Reported } from "./reported.ts";

/** The findings with their places. */
export function findingsText({ found: { findings }, mode }: Reported): string {
  if (findings.length === 0) return "no findings\n";
  const width = mode.linearBits > 32 ? 16 : 8;
  const lines = findings.flatMap((finding) => {
    const { id, severity, ranges } = finding;
    const size = extent(finding);
    const cells = ranges.map((range) => findingCells(range, width));
    return [
      `${severity}: ${FINDINGS[id].title} (${id})${size === "" ? "" : `: ${size}`}`,
      ...columns(cells, { right: [2], widths: WIDTHS }).map((line) => `  ${line}`),
    ];
  });
  return `${lines.join("\n")}\n`;
}

function findingCells({ linear, pages, frame, rights, entry }: FindingRange, width: number): string[] {
  const place = [rangeText(linear, pages, width), framesText(frame, pages), `${pages}`];
  return [...place, entry === undefined ? rightsText(rights) : entryText(entry)];
}

function entryText({ name, hi, lo, bits }: OddEntry): string {
  const odd = (bits.hi | bits.lo) === 0 ? "" : `, reserved: ${formatAddress(bits)}`;
  return `${name} ${formatAddress({ hi, lo })}${odd}`;
}
