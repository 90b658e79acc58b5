/**
 * The page on which every boot can be tried: the coverage of lowmem for a machine of the reader's.
 *
 * @module
 */

import { escapeMarkup } from "../../chapters/figures/markup.ts";
import type { Platform } from "../../core/platforms.ts";
import type { Strategy } from "../../core/strategies/mod.ts";
import type { Page } from "./layout.ts";

const CHOSEN = ["write-always", "keep-template", "filter-set-pte"];

/**
 * The page.
 *
 * @param platforms The platforms to choose from.
 * @param strategies The strategies to choose from.
 * @returns The page.
 */
export function livePage(platforms: readonly Platform[], strategies: readonly Strategy[]): Page {
  const machines = platforms.map(({ id, title }) =>
    `<option value="${id}"${id === "xen-pae" ? " selected" : ""}>${escapeMarkup(`${id}: ${title}`)}</option>`
  );
  const rules = strategies.map(({ id }) =>
    `<label><input type="checkbox" name="strategy" value="${id}"${CHOSEN.includes(id) ? " checked" : ""}> ${id}</label>`
  );
  const body = `<h1>The verdict, live</h1>
<p>Choose a machine and some proposals. Each is booted in this page, on the emulated machine of the book, and its page tables are drawn.</p>
<form class="coverage" data-keys="">
<label>machine <select name="platform">${machines.join("")}</select></label>
<label for="memory">memory <input id="memory" name="memory" type="range" min="16" max="256" step="4" value="64"> <output for="memory">64 MiB</output></label>
<label for="kernel">end of the kernel <input id="kernel" name="kernel" type="range" min="2" max="12" step="1" value="5"> <output for="kernel">5 MiB</output></label>
<fieldset><legend>proposals</legend>${rules.join("\n")}</fieldset>
</form>
<div class="coverage-figure" aria-live="polite"><p>This figure needs JavaScript.</p></div>`;
  return { file: "verdict.html", title: "The verdict, live", body, sections: [] };
}
