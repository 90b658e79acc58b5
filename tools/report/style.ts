/**
 * The style sheet of the report.
 *
 * @module
 */

import { paletteCss } from "../../chapters/figures/palette.ts";

const LAYOUT = `
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 78rem;
  font: 1rem/1.55 system-ui, sans-serif; color: var(--fig-ink); background: var(--fig-paper);
}
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.35rem; margin: 3rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--fig-line); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .4rem; }
p, dl, ul { max-width: 48rem; }
a { color: var(--fig-clean); }
code, pre { font: .875em/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
pre { overflow-x: auto; margin: .4rem 0 0; padding: .3rem 0; }
dt { font-weight: 600; margin-top: .6rem; }
dd { margin: 0 0 0 1.25rem; }
figure { margin: 1rem 0; }
figcaption, .note { color: var(--fig-muted); font-size: .9rem; }
.headline { font-size: 1.15rem; font-weight: 600; }
.wide > svg, .narrow > svg { display: block; max-width: 100%; height: auto; }
.narrow { display: none; }
.narrow > svg { width: 100%; max-width: 34rem; }
@media (max-width: 60rem) { .wide { display: none; } .narrow { display: block; } }
.verdicts figcaption { display: none; }
.verdicts a:focus-visible { outline: none; }
.verdicts a:focus-visible rect, .verdicts a.chosen rect { stroke: var(--fig-ink); stroke-width: 2.5px; stroke-opacity: 1; }
.why { display: none; margin: 1rem 0; padding: .25rem 1.1rem .9rem; border-left: 4px solid var(--fig-clean); background: color-mix(in srgb, var(--fig-ink) 5%, var(--fig-paper)); }
.why:target { display: block; }
.why:focus-visible { outline: 2px solid var(--fig-clean); outline-offset: 2px; }
.why h2 { margin: .5rem 0; padding: 0; border: 0; font-size: 1.1rem; }
.why.errors { border-color: var(--fig-errors); }
.why.stopped { border-color: var(--fig-stopped); }
.scroll { overflow-x: auto; }
.scroll:focus-visible, pre:focus-visible { outline: 2px solid var(--fig-clean); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { padding: .25rem .7rem; border-bottom: 1px solid var(--fig-line); text-align: left; vertical-align: top; }
th { white-space: nowrap; }
td.number, th.number { text-align: right; }
details { margin: .75rem 0; }
summary { cursor: pointer; color: var(--fig-clean); }
details details { margin-left: 1rem; }
`;

const PRINT = `
@media print {
  body { padding: 0; max-width: none; font-size: 10pt; }
  .wide { display: block; }
  .narrow, details:not([open]):not(.printed), .why:not(:target), .boot-stepper .controls, .printed > summary { display: none; }
  .printed::details-content { content-visibility: visible; block-size: auto; }
  h2 { margin-top: 1.5rem; }
  h2, h3, caption { break-after: avoid; }
  figure, tr, .why { break-inside: avoid; }
  .scroll { overflow: visible; }
  pre { white-space: pre-wrap; }
}
`;

/** The style sheet: light or dark as the reader prefers, light on paper. */
export function reportCss(): string {
  return `${paletteCss(":root", "auto")}\n${LAYOUT}${PRINT}@media print { ${paletteCss(":root", "light")} }\n`;
}
