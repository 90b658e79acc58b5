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
pre { overflow-x: auto; margin: .4rem 0 0; padding: .6rem .8rem; border-left: 3px solid var(--fig-stopped); }
dt { font-weight: 600; margin-top: .6rem; }
dd { margin: 0 0 0 1.25rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; padding: 0; list-style: none; max-width: none; }
figure { margin: 1rem 0; }
figcaption, .note { color: var(--fig-muted); font-size: .9rem; }
.wide { overflow-x: auto; }
.wide:focus-visible { outline: 2px solid var(--fig-clean); outline-offset: 2px; }
.wide > svg { display: block; width: 100%; height: auto; min-width: 46rem; }
.verdicts > svg { min-width: 62rem; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { padding: .25rem .7rem; border-bottom: 1px solid var(--fig-line); text-align: left; vertical-align: top; }
th { white-space: nowrap; }
td.number, th.number { text-align: right; }
details { margin: .75rem 0; }
summary { cursor: pointer; color: var(--fig-clean); }
.stops > li { margin-bottom: .8rem; }
`;

const PRINT = `
@media print {
  body { padding: 0; max-width: none; font-size: 10pt; }
  nav, .boot-stepper .controls { display: none; }
  section { break-before: page; }
  h2 { border-top: 0; margin-top: 0; }
  details:not([open]) { display: none; }
  h3, caption { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  .wide { overflow: visible; }
  .wide > svg { min-width: 0; }
  pre { white-space: pre-wrap; }
}
`;

/** The style sheet: light or dark as the reader prefers, light on paper. */
export function reportCss(): string {
  return `${paletteCss(":root", "auto")}\n${LAYOUT}${PRINT}@media print { ${paletteCss(":root", "light")} }\n`;
}
