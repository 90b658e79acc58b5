/**
 * Tables of the report.
 *
 * @module
 */

import type { FigureCell } from "../../chapters/figures/cell.ts";
import type { Figure } from "../../chapters/figures/figure.ts";
import { STRATEGIES } from "../../core/strategies/mod.ts";
import { count } from "../../chapters/figures/count.ts";
import { verdictOf } from "../../chapters/figures/verdict.ts";
import { type Html, html } from "./html.ts";

const MAX_ROWS = 400; // a fragmented map has thousands of runs, which nobody reads in a page

function cellHtml(value: string | number): Html {
  return typeof value === "number" ? html`<td class="number">${count(value)}</td>` : html`<td>${value}</td>`;
}

function tableHtml(header: readonly string[], rows: readonly (readonly (string | number)[])[]): Html {
  const shown = rows.slice(0, MAX_ROWS);
  const rest = rows.length - shown.length;
  const isNumber = (at: number) => rows.length > 0 && rows.every((row) => typeof row[at] === "number");
  const heads = header.map((name, at) =>
    html`
      <th scope="col" ${isNumber(at)
        ? html`
          class="number"
        `
        : ""}>${name}</th>
    `
  );
  const lines = shown.map(([first = "", ...cells]) =>
    html`<tr><th scope="row">${first}</th>${cells.map(cellHtml)}</tr>\n`
  );
  const note = rest === 0 ? "" : html`<p class="note">${count(rest)} more rows are not shown here.</p>`;
  return html`
    <div class="scroll" tabindex="0" role="group" aria-label="Table">
      <table>
        <thead>
          <tr>${heads}</tr>
        </thead>
        <tbody>
    ${lines}</tbody>
      </table>
    </div>${note}
  `;
}

/** The table that a figure was drawn from. */
export function figureTable({ table }: Figure): Html {
  return tableHtml(table.header, table.rows);
}

/** Coverage and cost, one line for each strategy. */
export function costTable(cells: readonly FigureCell[]): Html {
  const header = [
    "strategy",
    "verdict",
    "right pages",
    "wrong frame",
    "not mapped",
    "large pages",
    "TLB entries",
    "table pages",
    "entry writes",
    "hypercalls",
    "emulated stores",
  ];
  const rows = cells.map(({ row }) => {
    const { mapped, wrongFrame, unmapped, largePages, tlbEntries, tablePages } = row.coverage;
    const { entryWrites, hypercalls, emulatedStores } = row.cost;
    const coverage = [mapped, wrongFrame, unmapped, largePages, tlbEntries, tablePages];
    return [row.strategy, verdictOf(row), ...coverage, entryWrites, hypercalls, emulatedStores];
  });
  return tableHtml(header, rows);
}

/** The strategies: what each does, and whose it is. */
export function strategiesTable(): Html {
  return tableHtml(["strategy", "does", "who"], STRATEGIES.map(({ id, does, who }) => [id, does, who]));
}
