/**
 * The report: one HTML file that needs nothing but itself. One screen of result, then what one asks for.
 *
 * @module
 */

import { STEPPER_CSS } from "../../chapters/stepper/mod.ts";
import { count } from "../../chapters/figures/count.ts";

import { PLATFORMS } from "../../core/platforms.ts";
import { type DrawnFigure, panelId, type PlatformFigure, type ReportFigures } from "./figures.ts";
import { Html, html } from "./html.ts";
import { REPORT_SCRIPT } from "./script.ts";
import { standalonePage } from "./standalone.ts";
import type { Steppers } from "./steppers.ts";
import { costTable, figureTable, strategiesTable } from "./tables.ts";
import { whyHtml } from "./why.ts";

/** The subject of a report. */
export interface Report {
  readonly memoryBytes: number;
  readonly figures: ReportFigures;
  /** The boots, write by write; none unless said otherwise. */
  readonly steppers?: Steppers;
}

/** A figure with its caption, its alternative text readable to all, and its numbers. */
function figureHtml({ figure, svg, narrow, id }: DrawnFigure): Html {
  return html`
    <figure class="${id}">
      <div class="wide">${new Html(svg)}</div>
      <div class="narrow">${new Html(narrow)}</div>
      <figcaption>${figure.caption}</figcaption>
    </figure>
    <details><summary>The numbers of this figure</summary>
    <p>${figure.description}</p>
    ${figureTable(figure)}
    </details>
  `;
}

/** The text behind the id of a platform; nothing for one that is not of the book. */
function aboutPlatform(id: string): Html {
  const found = PLATFORMS.find((platform) => platform.id === id);
  return found === undefined ? html`` : html`<p>${found.title}: ${found.note}.</p>`;
}

function platformHtml({ platform, cells, coverage }: PlatformFigure, at: number): Html {
  return html`
    <details class="platform" id="platform-${at}"><summary>${platform}</summary>
    ${aboutPlatform(platform)}
    ${figureHtml(coverage)}
    <details><summary>Coverage and cost of each boot</summary>
    ${costTable(cells)}
    </details>
    </details>
  `;
}

function stoppedHtml(stopped: DrawnFigure | undefined): Html {
  if (stopped === undefined) return html``;
  return html`
    <details class="printed"><summary>The boots that stopped, at that moment</summary>
    ${figureHtml(stopped)}
    </details>
  `;
}

function body({ memoryBytes, figures, steppers = [] }: Report): Html {
  const { cells, verdicts, finished, stopped, platforms } = figures;
  return html`
    <main>
    <h1>The pagetable_init debate: the verdict</h1>
    <p class="headline">${verdicts.figure.caption}</p>
    <p>In April 2007 the Linux kernel list argued about who may write the first page tables of a kernel that runs both on
    bare x86 and on Xen. Every proposal was booted on every machine, with ${count(
      memoryBytes / 2 ** 20,
    )} MiB of memory, and its
    page tables were compared with what kernel and processor need. Choose a cell to see why.</p>
    ${figureHtml(verdicts)}
    ${cells.map((cell, at) => whyHtml(cell, panelId(cells, cell.row), steppers[at]))}
    <h2 id="errors">Which pages have wrong permissions</h2>
    ${figureHtml(finished)}${stoppedHtml(stopped)}
    <h2 id="coverage">What is mapped, machine by machine</h2>
    ${platforms.map(platformHtml)}
    <h2 id="strategies">The proposals</h2>
    <details class="printed"><summary>What each does, and whose it is</summary>
    ${strategiesTable()}
    </details>
    </main>
  `;
}

/**
 * The report as the text of an HTML file.
 *
 * @param report What it is about. Ids and messages in it are escaped.
 * @returns HTML without outside requests, and without scripts but its own.
 */
export function reportPage(report: Report): string {
  return standalonePage({
    title: "The pagetable_init debate: the verdict",
    css: STEPPER_CSS,
    body: body(report),
    script: REPORT_SCRIPT,
  });
}
