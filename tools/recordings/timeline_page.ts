/**
 * A recording as one page that is stepped through.
 *
 * @module
 */

import { writersOverTime } from "../../chapters/figures/mod.ts";
import { recordGuest, STEPPER_CSS, STEPPER_SCRIPT, stepperHtml } from "../../chapters/stepper/mod.ts";
import type { Recording } from "../../core/recording/mod.ts";
import { drawing } from "../report/drawing.ts";
import { Html, html } from "../report/html.ts";
import { standalonePage } from "../report/standalone.ts";

/**
 * The page of a recording.
 *
 * @param recording The recording.
 * @returns HTML without outside requests. All that comes from the recording is text in it.
 * @throws {RangeError} If it has too many writes, or paging never is on.
 */
export function timelinePage(recording: Recording): string {
  const guest = recordGuest(recording);
  const writers = writersOverTime(recording);
  const { header, rows } = writers.table;
  const body = html`
    <main>
    <h1>${guest.title}</h1>
    <p>Every store to its page tables. Arrow keys go from write to write, Page Up and Page Down further, Home and End to the ends.</p>
    ${new Html(stepperHtml(guest, guest.steps, "guest"))}
    <h2>Who wrote when</h2>
    <figure><div class="scroll" tabindex="0">${new Html(drawing(writers, "writers"))}</div>
    <figcaption>${writers.caption}</figcaption></figure>
    <details><summary>The numbers of this figure</summary>
    <table><thead><tr>${header.map((cell) => html`<th>${cell}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>
    </details>
    </main>
  `;
  return standalonePage({
    title: `${guest.title}: its page tables, write by write`,
    css: STEPPER_CSS,
    body,
    script: STEPPER_SCRIPT,
  });
}
