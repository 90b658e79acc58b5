/**
 * The style sheet of the site.
 *
 * @module
 */

import { paletteCss } from "../../chapters/figures/palette.ts";

const CODE_COLORS = `
.hljs-keyword, .hljs-literal, .tok-keyword, .tok-bool { color: var(--fig-stopped); }
.hljs-string, .hljs-number, .tok-string, .tok-number { color: var(--fig-clean); }
.hljs-comment, .tok-comment { color: var(--fig-muted); }
.hljs-title, .hljs-built_in, .hljs-type, .tok-typeName { font-weight: 600; }
`;

const LAYOUT = `
:root { --panel: color-mix(in srgb, var(--fig-ink) 5%, var(--fig-paper)); }
* { box-sizing: border-box; }
html { scroll-padding-top: 4rem; }
body { margin: 0; font: 1.05rem/1.65 Charter, "Bitstream Charter", Georgia, serif; color: var(--fig-ink); background: var(--fig-paper); }
a { color: var(--fig-clean); }
a[data-term] { text-decoration-style: dotted; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; z-index: 3; background: var(--fig-paper); padding: .5rem; }
header { position: sticky; top: 0; z-index: 2; display: flex; gap: 1rem; align-items: center; padding: .5rem 1.2rem; border-bottom: 1px solid var(--fig-line); background: var(--fig-paper); font: .95rem system-ui, sans-serif; }
.home { font-weight: 700; color: inherit; text-decoration: none; margin-right: auto; }
.search { position: relative; }
.search input { width: min(16rem, 34vw); padding: .35rem .6rem; border: 1px solid var(--fig-line); border-radius: 4px; background: var(--panel); color: inherit; font: inherit; }
#found { position: absolute; right: 0; top: 100%; margin: .3rem 0 0; padding: 0; width: min(30rem, 88vw); list-style: none; background: var(--fig-paper); border: 1px solid var(--fig-line); border-radius: 4px; }
#found:empty { display: none; }
#found li { padding: .4rem .8rem; }
#found small { color: var(--fig-muted); }
button { font: .85rem system-ui, sans-serif; padding: .2rem .7rem; border: 1px solid var(--fig-muted); border-radius: 4px; background: var(--fig-paper); color: inherit; cursor: pointer; }
button:focus-visible, a:focus-visible, summary:focus-visible, input:focus-visible, select:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--fig-clean); outline-offset: 2px; }
.frame { display: grid; grid-template-columns: 16rem minmax(0, 62rem); gap: 3rem; justify-content: center; padding: 1.5rem 1.2rem 4rem; }
.contents { font: .9rem/1.5 system-ui, sans-serif; position: sticky; top: 4rem; align-self: start; max-height: calc(100vh - 5rem); overflow-y: auto; }
.contents summary { display: none; }
.contents ul { list-style: none; margin: 0; padding: 0; }
.contents ul ul { border-left: 2px solid var(--fig-line); margin: .2rem 0 .5rem .3rem; padding-left: .8rem; }
.contents a { color: var(--fig-muted); text-decoration: none; }
.contents a[aria-current] { color: var(--fig-ink); font-weight: 700; }
.contents li { margin: .25rem 0; }
main { min-width: 0; }
main > :is(p, ul, ol, blockquote, h1, h2, h3, dl), section > :is(p, ul, ol) { max-width: 46rem; }
h1, h2, h3 { font-family: system-ui, sans-serif; line-height: 1.25; }
h2 { margin-top: 2.5rem; }
.tools { font: .9rem system-ui, sans-serif; color: var(--fig-muted); margin-top: -.6rem; }
.old { max-height: 0; overflow: hidden; margin: 0; padding: 0 1.2rem; background: var(--panel); font: .9rem system-ui, sans-serif; animation: say 0s 4s forwards; }
@keyframes say { to { max-height: 20rem; padding-block: .5rem; } }
.anchor { margin-left: .4em; color: var(--fig-line); text-decoration: none; font-weight: 400; }
blockquote { margin: 1rem 0; padding: .1rem 1.2rem; border-left: 4px solid var(--fig-clean); background: var(--panel); }
code, pre, .cm-editor { font: .84rem/1.55 ui-monospace, "DejaVu Sans Mono", monospace; }
:not(pre) > code { background: var(--panel); padding: .1em .3em; border-radius: 3px; overflow-wrap: anywhere; }
pre { overflow-x: auto; margin: .8rem 0; padding: .7rem .9rem; background: var(--panel); border-radius: 4px; }
.block { margin: 1.2rem 0; }
.block > pre, .block .cm-editor { border: 1px solid var(--fig-line); margin: 0; border-radius: 4px; background: var(--panel); }
.block.running > pre, .block.edited > pre { border-color: var(--fig-clean); }
.block.failed > pre { border-color: var(--fig-stopped); }
.block > .bar { min-height: 2.25rem; }
.bar { display: flex; gap: .5rem; align-items: center; padding: .3rem 0; font: .85rem system-ui, sans-serif; }
.status { color: var(--fig-muted); }
.problem { font: .9rem/1.5 ui-monospace, monospace; border-left: 4px solid var(--fig-stopped); padding: .3rem .9rem; margin: .6rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.problem.warning { border-color: var(--fig-errors); }
.exercise { border-top: 1px solid var(--fig-line); margin-top: 2.5rem; }
.drop { border: 2px dashed var(--fig-muted); border-radius: 6px; padding: 1.2rem; font: .95rem system-ui, sans-serif; }
.drop.over { border-color: var(--fig-clean); background: var(--panel); }
.own pre { max-height: 40rem; overflow: auto; }
.symbol h3 { margin-top: 2.5rem; }
.symbol h3 small { color: var(--fig-muted); font-weight: 400; }
.symbol pre { white-space: pre-wrap; }
.cases { list-style: none; padding: 0; font: .9rem/1.6 system-ui, sans-serif; }
.cases .ok { color: var(--fig-muted); }
.cases .failed { color: var(--fig-stopped); }
.cases .problem { color: var(--fig-ink); }
li.solved a::after { content: " ✓ solved"; color: var(--fig-muted); }
figure { margin: 1rem 0; }
.drawing { overflow-x: auto; }
/* A shade where more can be scrolled to: it is covered at the ends. */
.drawing, .scroll { background: linear-gradient(to right, var(--fig-paper) 40%, transparent) left / 2rem 100% no-repeat local, linear-gradient(to left, var(--fig-paper) 40%, transparent) right / 2rem 100% no-repeat local, linear-gradient(to right, var(--fig-muted), transparent) left / .5rem 100% no-repeat, linear-gradient(to left, var(--fig-muted), transparent) right / .5rem 100% no-repeat; }
.drawing svg { display: block; max-width: max(100%, 50rem); height: auto; }
figure svg text { white-space: pre; }
figcaption, .caption { color: var(--fig-muted); font-size: .92rem; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font: .88rem/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .7rem; border-bottom: 1px solid var(--fig-line); text-align: left; vertical-align: top; }
:is(th, td) code { overflow-wrap: normal; }
td.number { text-align: right; }
details > summary { cursor: pointer; color: var(--fig-clean); font-family: system-ui, sans-serif; font-size: .9rem; }
.neighbours { display: flex; justify-content: space-between; gap: 1rem; margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--fig-line); font: .95rem system-ui, sans-serif; }
.tip { position: absolute; z-index: 3; max-width: 24rem; padding: .5rem .8rem; background: var(--fig-paper); border: 1px solid var(--fig-muted); border-radius: 4px; font: .85rem/1.5 system-ui, sans-serif; pointer-events: none; }
.moving { margin: 1.5rem 0; border: 1px solid var(--fig-line); border-radius: 6px; padding: 0 1rem 1rem; }
.controls { display: grid; gap: .6rem; font: .92rem system-ui, sans-serif; background: var(--panel); margin: 0 -1rem; padding: .8rem 1rem; border-radius: 6px 6px 0 0; }
.question { margin: 0; font-weight: 600; }
.controls fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: .3rem 1rem; }
.controls legend { float: left; padding: 0 .6rem 0 0; }
.controls select { max-width: 100%; font: inherit; }
.controls input[type="range"] { vertical-align: middle; width: min(18rem, 50vw); }
.bits .row { display: flex; flex-wrap: wrap; touch-action: none; user-select: none; margin-top: .3rem; cursor: ew-resize; }
.bits [role="switch"] { display: grid; justify-items: center; min-width: 1.35rem; padding: .1rem .15rem; border: 1px solid var(--fig-line); margin: 0 -1px -1px 0; background: var(--fig-paper); }
.bits [aria-checked="true"] { background: color-mix(in srgb, var(--fig-clean) 25%, var(--fig-paper)); }
.bits b { font: .95rem ui-monospace, monospace; }
.bits small { font-size: .68rem; }
.bits input { font: inherit; font-family: ui-monospace, monospace; }
@media (max-width: 62rem) {
  html { scroll-padding-top: 6.5rem; }
  .frame { grid-template-columns: minmax(0, 62rem); gap: 1rem; }
  .contents { position: static; max-height: none; }
  .contents summary { display: block; }
  [data-script] .contents details > ul { display: none; }
  header { flex-wrap: wrap; }
  .drawing svg { max-width: max(100%, 60rem); }
  .scroll table { width: max-content; max-width: max(100%, 34rem); }
}
@page { size: A4; margin: 22mm 20mm 20mm; @bottom-center { content: counter(page); font: 9pt system-ui, sans-serif; } }
@page :first { @bottom-center { content: none; } }
@media print {
  header, .contents, .neighbours, .bar, .anchor, .moving, .tools, .old, .skip, .doors, .offline, details:not(.guess), details > summary, noscript { display: none; }
  details.guess::details-content { content-visibility: visible; block-size: auto; }
  body { font-size: 10.5pt; line-height: 1.5; }
  .frame { display: block; padding: 0; }
  a { color: inherit; text-decoration: none; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; break-inside: avoid; }
  code, pre { font-size: 8.4pt; }
  table { font-size: 8.6pt; }
  .scroll, .drawing { overflow: visible; background: none; }
  figure, figure svg, tr { break-inside: avoid; }
  figure { break-after: avoid; }
  .drawing svg { max-width: 100%; max-height: 235mm; }
  thead { display: table-header-group; }
  h1, h2, h3, h4 { break-after: avoid; }
  .cover { min-height: 200mm; display: grid; align-content: center; }
  .cover h1 { font-size: 30pt; }
  .book-contents ol { list-style: none; }
  .book-contents, .chapter { break-before: page; }
}
`;

/** The style sheet: light or dark as the system or the reader has it, light on paper. */
export function siteCss(): string {
  const system = paletteCss(":root", "auto");
  const byHand = paletteCss(':root[data-theme="light"]', "light") + paletteCss(':root[data-theme="dark"]', "dark");
  return `${system}\n${byHand}\n${LAYOUT}${CODE_COLORS}@media print { ${paletteCss(":root:root", "light")} }\n`;
}
