/**
 * A recording as one page that is stepped through.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { writersOverTime } from "../../chapters/figures/mod.ts";
import { recordGuest, STEPPER_CSS, STEPPER_SCRIPT, stepperHtml } from "../../chapters/stepper/mod.ts";
import type { Recording } from "../../core/recording/mod.ts";
import { drawing } from "../report/drawing.ts";
import { Html, html } from "../report/html.ts";
import { reportCss } from "../report/style.ts";

// Nothing is fetched and no script runs but the stepper's, whatever a guest calls its functions.
const HASH = createHash("sha256").update(STEPPER_SCRIPT).digest("base64");
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; ` +
  `script-src 'sha256-${HASH}'`;

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
  return html`
    <!doctype html>
    <html lang="en-GB">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${POLICY}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${guest.title}: its page tables, write by write</title>
        <style>${new Html(reportCss() + STEPPER_CSS)}</style>
      </head>
      <body>
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
        <script>${new Html(STEPPER_SCRIPT)}</script>
      </body>
    </html>
  `.text;
}
