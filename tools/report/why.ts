/**
 * Why a cell is as it is: how the boot ended, what the hypervisor said, the first wrong page as a walk, and its steps.
 *
 * @module
 */

import type { FigureCell } from "../../chapters/figures/cell.ts";
import { count } from "../../chapters/figures/count.ts";
import { defectsOf, explainVerdict, sayDefects, verdictOf } from "../../chapters/figures/verdict.ts";
import type { Row } from "../../core/matrix.ts";
import { PLATFORMS } from "../../core/platforms.ts";
import { STRATEGIES } from "../../core/strategies/list.ts";
import { XEN_RULES } from "../../core/xen/mod.ts";
import { firstWrongPage } from "../states/first_wrong_page.ts";
import { type Html, html } from "./html.ts";

/** The end of the boot, in a sentence. */
function ending({ row }: FigureCell): Html {
  const verdict = verdictOf(row);
  if (verdict === "errors") return html`<p>The boot went through, but ${sayDefects(defectsOf(row))}.</p>`;
  if (verdict === "clean") return html`<p>The boot went through, and every page is right.</p>`;
  return html`<p>${explainVerdict(row)}</p>${ruleOf(row)}`;
}

/** The rule by which Xen refused, and where it is checked. */
function ruleOf({ stop, platform }: Row): Html {
  if (stop?.rule === undefined) return html``;
  const { says, source } = XEN_RULES[stop.rule];
  const release = PLATFORMS.find(({ id }) => id === platform)?.release?.id;
  const where = release === undefined ? undefined : source[release];
  return html`<p>Rule <code>${stop.rule}</code>: ${says}.${
    where === undefined ? "" : ` Xen ${release}: ${where}.`
  }</p>`;
}

/** The first wrong page of the worst class, as a walk; nothing for a boot that cannot be run again by its ids. */
function firstWrong(cell: FigureCell): Html {
  const { platform, strategy } = cell.row;
  const known = PLATFORMS.some(({ id }) => id === platform) && STRATEGIES.some(({ id }) => id === strategy);
  const wrong = known ? firstWrongPage(cell, strategy) : undefined;
  if (wrong === undefined) return html``;
  return html`
    <p>The first page with the worst error, ${wrong.error}:</p>
    <pre tabindex="0" aria-label="Walk of the first wrong page">${wrong.walk}</pre>
  `;
}

function logOf({ log }: FigureCell): Html {
  if (log.length === 0) return html``;
  return html`
    <p>The hypervisor's log:</p>
    <pre tabindex="0" aria-label="Log of the hypervisor">${log.join("\n")}</pre>
  `;
}

function costOf({ row }: FigureCell): Html {
  const { entryWrites, hypercalls, emulatedStores } = row.cost;
  const { tablePages, tlbEntries } = row.coverage;
  const host = hypercalls + emulatedStores === 0
    ? ""
    : `, ${count(hypercalls)} hypercalls, ${count(emulatedStores)} emulated stores`;
  return html`
    <p class="note">${count(entryWrites)} writes${host}; ${count(tablePages)} page tables, ${count(
      tlbEntries,
    )} TLB entries to
    reach all of lowmem.</p>
  `;
}

/**
 * The panel of a cell.
 *
 * @param cell The cell.
 * @param id The panel's id, to which the cell links.
 * @param steps Its boot, write by write; undefined for none.
 * @returns A section that is seen once it is chosen.
 */
export function whyHtml(cell: FigureCell, id: string, steps: Html | undefined): Html {
  const { row } = cell;
  const stepper = steps === undefined ? "" : html`
    <details class="steps">
      <summary>Step through its ${count(row.cost.entryWrites)} writes</summary>
      <template>${steps}</template>
    </details>
  `;
  return html`
    <section class="why ${verdictOf(row)}" id="${id}" tabindex="-1" aria-labelledby="${id}-name">
    <h2 id="${id}-name">${row.strategy} on ${row.platform}</h2>
    ${ending(cell)}${row.void === undefined ? [logOf(cell), firstWrong(cell), costOf(cell)] : ""}${stepper}
    </section>
  `;
}
