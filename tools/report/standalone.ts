/**
 * A page that is one file and needs nothing but itself.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { Html, html } from "./html.ts";
import { reportCss } from "./style.ts";

/** What stands in the file. */
export interface Standalone {
  readonly title: string;
  /** Style sheet beside the one that all such pages have. */
  readonly css: string;
  readonly body: Html;
  /** The only script that runs, at the end of the page. */
  readonly script: string;
}

/**
 * The page as the text of its file.
 *
 * @param page What stands in it. The title is escaped.
 * @returns HTML. Nothing is fetched and no other script runs, whatever names stand in its text.
 */
export function standalonePage({ title, css, body, script }: Standalone): string {
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; ` +
    `script-src 'sha256-${hash}'`;
  return html`
    <!doctype html>
    <html lang="en-GB">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${title}</title>
        <style>${new Html(reportCss() + css)}</style>
      </head>
      <body>
        ${body}
        <script>${new Html(script)}</script>
      </body>
    </html>
  `.text;
}
