/**
 * The report: one HTML file that needs nothing but itself.
 *
 * @module
 */

import type { FigureCell } from "../../chapters/figures/cell.ts";
import { count, explainVerdict, verdictOf } from "../../chapters/figures/verdict.ts";
import { ERROR_CLASSES } from "../../chapters/figures/error_classes.ts";
import { PLATFORMS } from "../../core/platforms.ts";
import type { DrawnFigure, PlatformFigures, ReportFigures } from "./figures.ts";
import { Html, html } from "./html.ts";
import { stepperParts, type Steppers } from "./steppers.ts";
import { reportCss } from "./style.ts";
import { costTable, figureTable, strategiesTable } from "./tables.ts";

// Nothing is fetched and no script runs but that of the steppers, whatever a strategy or a platform calls itself.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** What a report is about. */
export interface Report {
  readonly memoryBytes: number;
  readonly figures: ReportFigures;
  /** Boots to step through, by platform; none unless said otherwise. */
  readonly steppers?: Steppers;
}

/** A figure with its caption, its alternative text readable to all, and its numbers. */
function figureHtml({ figure, svg }: DrawnFigure, name: string): Html {
  const kind = name === "verdicts" ? "wide verdicts" : "wide";
  return html`
    <figure>
      <div class="${kind}" tabindex="0" role="group" aria-label="${figure.caption}">${new Html(svg)}</div>
      <figcaption>${figure.caption}</figcaption>
    </figure>
    <details><summary>The numbers of this figure</summary>
    <p>${figure.description}</p>
    ${figureTable(figure)}
    </details>
  `;
}

function legend(): Html {
  const classes = ERROR_CLASSES.map(({ short, label, says }) =>
    html`
      <dt>${short}: ${label}</dt>
      <dd>pages that ${says}</dd>
    `
  );
  return html`
    <h2 id="key">How to read it</h2>
    <p>Where something is wrong, a cell names the worst kind of defect and its number of 4K pages; +2 means that two more kinds
    are there. A boot that was refused is judged at the moment it stopped.</p>
    <details>
      <summary>The kinds of defects, worst first</summary>
      <dl><dt>frame: wrong frame</dt><dd>pages that map a frame that is not theirs</dd>
    <dt>unmapped</dt><dd>pages that are not mapped</dd>${classes}</dl>
    </details>
    <details><summary>The strategies</summary>
    ${strategiesTable()}
    </details>
  `;
}

/** One stopped boot: what stopped it, at which write, and what the hypervisor logged. */
function stopHtml({ row, log }: FigureCell): Html {
  const lines = log.length === 0 ? "" : html`<pre>${log.join("\n")}</pre>`;
  return html`
    <li><strong>${row.strategy}</strong>, ${explainVerdict(row)}${lines}</li>
  `;
}

function stopsHtml(cells: readonly FigureCell[]): Html {
  const stopped = cells.filter(({ row }) => verdictOf(row) === "stopped");
  const voids = cells.filter(({ row }) => row.void !== undefined);
  const stops = html`
    <h3>What stopped</h3>
    <ul class="stops">${stopped.map(stopHtml)}</ul>
  `;
  const reasons = voids.map(({ row }) => html`<li><strong>${row.strategy}</strong>: ${row.void ?? ""}</li>`);
  return html`${stopped.length === 0 ? "" : stops}${
    voids.length === 0 ? "" : html`
      <h3>What is void, and why</h3>
      <ul>${reasons}</ul>
    `
  }`;
}

/** What stands behind the id of a platform; nothing for one that is not of the book. */
function aboutPlatform(id: string): Html {
  const found = PLATFORMS.find((platform) => platform.id === id);
  return found === undefined ? html`` : html`<p>${found.title}: ${found.note}.</p>`;
}

/** A boot, write by write, and how to see another so. */
function stepperSection(stepper: Html | undefined): Html {
  if (stepper === undefined) return html``;
  return html`
    <h3>Write by write</h3>
    <p>The slider and the keys move through the boot. Another boot is shown here if it is asked for alone:
    <code>deno task debate --platform ID --strategy ID</code>.</p>
    ${stepper}
  `;
}

function platformHtml(
  { platform, cells, coverage, errors }: PlatformFigures,
  at: number,
  stepper: Html | undefined,
): Html {
  return html`
    <section id="platform-${at}" aria-labelledby="platform-${at}-heading">
    <h2 id="platform-${at}-heading">${platform}</h2>
    ${aboutPlatform(platform)}
    <h3>Coverage</h3>
    ${figureHtml(coverage, "coverage")}<h3>Permission errors</h3>
    ${figureHtml(errors, "errors")}${stopsHtml(cells)}${stepperSection(stepper)}
    <details><summary>Coverage and cost of each boot</summary>
    ${costTable(cells)}
    </details>
    </section>
  `;
}

function contents(platforms: readonly PlatformFigures[]): Html {
  const links = platforms.map(({ platform }, at) => html`<li><a href="#platform-${at}">${platform}</a></li>`);
  return html`
    <nav aria-label="Contents">
      <ul><li><a href="#key">How to read it</a></li>${links}</ul>
    </nav>
  `;
}

/**
 * The report as the text of an HTML file.
 *
 * @param report What it is about. Ids and messages in it are escaped.
 * @returns HTML without outside requests, and without scripts but that of the steppers.
 */
export function reportPage({ memoryBytes, figures, steppers = new Map() }: Report): string {
  const parts = stepperParts(steppers);
  const platforms = figures.platforms.map((it, at) => platformHtml(it, at, steppers.get(it.platform)));
  const mebibytes = count(memoryBytes / 2 ** 20);
  return html`
    <!doctype html>
    <html lang="en-GB">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${POLICY}${new Html(parts.policy)}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>The pagetable_init debate: the verdict</title>
        <style>${new Html(reportCss() + parts.css)}</style>
      </head>
      <body>
        <main>
    <h1>The pagetable_init debate: the verdict</h1>
    <p>In April 2007 the Linux kernel list argued about who may write the first page tables of a kernel that runs both on
    bare x86 and on Xen. Here every proposal boots on every platform, with ${mebibytes} MiB of memory, and its page tables are
    compared with what kernel and processor need. ${figures.verdicts.figure.description}</p>
    ${contents(figures.platforms)}
    ${figureHtml(figures.verdicts, "verdicts")}${legend()}
    ${platforms}
        </main>
        ${parts.script}
      </body>
    </html>
  `.text;
}
