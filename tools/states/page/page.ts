/**
 * An audit as one page: the address space as a map that is zoomed into, from all of it to one table, by mouse or keyboard.
 *
 * @module
 */

import type { Region } from "../../../core/audit/mod.ts";
import { parseStateHeader, saveState } from "../../../core/dump/mod.ts";
import { formatAddress, type Machine } from "../../../core/mmu/mod.ts";
import { pageOf } from "../../../core/tables/range_list.ts";
import { rootWord, tableLevels, tablesOf } from "../../../core/tables/tables.ts";
import { FINDINGS } from "../../../mod.ts";
import { printable } from "../../../chapters/recorded/files/printable.ts";
import { Html, html } from "../../report/html.ts";
import { standalonePage } from "../../report/standalone.ts";
import { auditText } from "../report.ts";
import type { Reported } from "../reported.ts";
import * as client from "./client.ts";
import * as space from "./space.ts";
import { PAGE_CSS } from "./style.ts";

const SCRIPT = `(() => {\n"use strict";\n${
  [...Object.values(space), ...Object.values(client)].map(String).join("\n")
}\nstartSpace();\n})();`;
/** Places of one finding that the map marks. */
const MAX_PLACES = 2000;

/**
 * The page of an audit.
 *
 * @param machine The machine that was audited.
 * @param reported Its audit.
 * @returns HTML without outside requests.
 */
export async function auditPage(machine: Machine, reported: Reported): Promise<string> {
  const { header, frameData } = await saveState(machine, { name: "page", description: "" });
  const packed = new Blob([new Uint8Array(frameData)]).stream().pipeThrough(new CompressionStream("gzip"));
  const data = JSON.stringify(spaceData(machine, reported, parseStateHeader(header).frames));
  const title = printable(reported.description.slice(0, 200));
  const { regions } = reported.found;
  const body = html`
    <main>
      <h1>${title}</h1>
      <pre tabindex="0">${auditText(reported)}</pre>
      <h2>The address space</h2>
      <p>Each square is an entry of a table. Choose one by a click or by the arrow keys; a second click, Enter or + shows the table below it, Escape or − the table above. A frame marks a finding of high or medium severity.</p>
      <form id="goto"><label>Address <input id="address" size="18" spellcheck="false"></label> <button>Go</button>
    <button type="button" id="in">Zoom in</button> <button type="button" id="out">Zoom out</button></form>
      <p id="where" aria-live="polite"></p>
      <div class="space">
        <div id="grid" role="group" aria-label="Entries of the table"></div>
        <ul id="entry" aria-live="polite"></ul>
      </div>
      <ul class="legend">
        <li class="read">read only</li>
        <li class="write">writable</li>
        <li class="exec">executable</li>
        <li class="writeExec">writable and executable</li>
        <li class="odd">reserved bits, or no table there</li>
      </ul>
      <h2>Findings</h2>
      <ul>${reported.found.findings.map((finding) => findingItem(finding, reported))}</ul>
      <h2>Regions</h2>
      <ul>${regions.map((region) => regionItem(region, reported))}</ul>
    </main>
    <script type="application/json" id="space-data">${new Html(data.replaceAll("<", "\\u003c"))}</script>
    <script type="text/plain" id="space-frames">${new Html(await base64(packed))}</script>
  `;
  return standalonePage({ title: `${title}: its address space`, css: PAGE_CSS, body, script: SCRIPT });
}

async function base64(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Uint8Array(await new Response(stream).arrayBuffer()).toBase64();
}

function findingItem(
  { id, severity, address }: Reported["found"]["findings"][number],
  { mode: { linearBits } }: Reported,
): Html {
  const title = `${severity}: ${FINDINGS[id].title} (${id})`;
  if (address === undefined) return html`<li>${title}</li>`;
  return html`<li>${title} <button data-page="${pageOf(address, linearBits)}" data-pages="1">${
    formatAddress(address)
  }</button></li>`;
}

function regionItem({ name, first, last, guess }: Region, { mode: { linearBits } }: Reported): Html {
  const page = pageOf(first, linearBits);
  const pages = pageOf(last, linearBits) - page + 1;
  return html`<li>${name}${guess ? " (a guess)" : ""} <button data-page="${page}" data-pages="${pages}">${
    formatAddress(first)
  }</button></li>`;
}

function spaceData(machine: Machine, { mode, found }: Reported, frames: readonly number[]): space.SpaceData {
  const tables = tablesOf(machine);
  const { entryWords, linearBits } = mode;
  return {
    entryWords,
    linearBits,
    root: Math.floor(tables.root / 4096),
    rootWord: rootWord(tables),
    frames,
    levels: tableLevels(tables).map(({ level, leafBit, last, leafReserved, tableReserved }) => ({
      entry: level.entry,
      shift: level.shift,
      bits: level.bits,
      leafBit: last ? -1 : leafBit,
      rights: level.rights,
      leafReserved: [leafReserved.hi, leafReserved.lo],
      tableReserved: [tableReserved.hi, tableReserved.lo],
    })),
    regions: found.regions.map(({ name, first, last, guess }) => ({
      name,
      first: pageOf(first, linearBits),
      end: pageOf(last, linearBits) + 1,
      guess,
    })),
    findings: found.findings.map(({ id, severity, ranges }) => ({
      id,
      severity,
      places: ranges.slice(0, MAX_PLACES).map((
        { linear, pages },
      ): [number, number] => [pageOf(linear, linearBits), pages]),
    })),
  };
}
