/**
 * A figure with controls as HTML: its form, and what it shows in its first state, for readers without JavaScript too.
 *
 * @module
 */

import { escapeMarkup } from "../../chapters/figures/markup.ts";
import { drawnOf } from "./client/showing.ts";
import type { Shown } from "./client/protocol.ts";
import { type Control, firstState, type MovingFigure, VERDICT } from "./figures/mod.ts";
import type { Page } from "./layout.ts";

/** The page of the figure that belongs to no chapter. */
export function livePage(): Page {
  const body = `<h1>The verdict, live</h1>
<p>Each rule is booted in this page, on the emulated machine of the book, and its page tables are drawn.</p>
${movingHtml(VERDICT)}`;
  return { file: "verdict.html", title: "The verdict, live", body, sections: [] };
}

/** A figure with controls. */
export function movingHtml({ id, title, controls, draw }: MovingFigure): string {
  const first = draw(firstState(controls)).map((it) => shownHtml(drawnOf(it, id))).join("\n");
  return `<section class="moving" data-figure="${id}" aria-label="${escapeMarkup(title)}">
<form class="controls" data-keys="">
<p class="question">${escapeMarkup(title)}</p>
${controls.map((it) => controlHtml(it, id)).join("\n")}
<noscript><p>The controls need JavaScript.</p></noscript>
</form>
<div class="shown" aria-live="polite">${first}</div>
</section>`;
}

function controlHtml(control: Control, figure: string): string {
  const { name, label } = control;
  const id = `${figure}-${name}`;
  const words = escapeMarkup(label);
  switch (control.kind) {
    case "choice":
      return `<label>${words} <select name="${name}">${
        Object.entries(control.options).map(([value, says]) =>
          `<option value="${value}"${value === control.value ? " selected" : ""}>${escapeMarkup(says)}</option>`
        ).join("")
      }</select></label>`;
    case "range": {
      const { min, max, step, value, unit } = control;
      return `<label for="${id}">${words} <input id="${id}" name="${name}" type="range" min="${min}" max="${max}" step="${step}" value="${value}"> <output for="${id}" data-unit="${unit}">${value} ${unit}</output></label>`;
    }
    case "switches":
      return `<fieldset><legend>${words}</legend>${
        Object.entries(control.options).map(([value, says]) =>
          `<label><input type="checkbox" name="${name}" value="${value}"${
            control.value.includes(value) ? " checked" : ""
          }> ${escapeMarkup(says)}</label>`
        ).join("\n")
      }</fieldset>`;
    case "bits":
      return `<div class="bits" data-width="${control.width}" data-names="${
        escapeMarkup(JSON.stringify(control.names))
      }"><label for="${id}">${words} 0x<input id="${id}" name="${name}" value="${control.value}" size="9" maxlength="8" pattern="[0-9a-fA-F]{1,8}" autocomplete="off" spellcheck="false"></label></div>`;
  }
}

function tableHtml(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const head = header.map((name) => `<th scope="col">${escapeMarkup(name)}</th>`).join("");
  const lines = rows.map((row) =>
    `<tr>${
      row.map((cell) => `<td${typeof cell === "number" ? ' class="number"' : ""}>${escapeMarkup(`${cell}`)}</td>`).join(
        "",
      )
    }</tr>`
  );
  return `<div class="scroll" tabindex="0" role="group" aria-label="Table"><table><thead><tr>${head}</tr></thead><tbody>${
    lines.join("")
  }</tbody></table></div>`;
}

function shownHtml(shown: Shown): string {
  if (shown.kind === "text") {
    return `<pre tabindex="0" role="group" aria-label="Output">${escapeMarkup(shown.text)}</pre>`;
  }
  if (shown.kind === "table") {
    const below = shown.caption === "" ? "" : `<p class="caption">${escapeMarkup(shown.caption)}</p>`;
    return `<div>${tableHtml(shown.header, shown.rows)}${below}</div>`;
  }
  const { svg, caption, description, header, rows } = shown;
  return `<figure><div class="drawing" tabindex="0" role="img" aria-label="${
    escapeMarkup(description)
  }">${svg}</div><figcaption>${escapeMarkup(caption)}</figcaption><details><summary>The same as a table</summary>${
    tableHtml(header, rows)
  }</details></figure>`;
}
