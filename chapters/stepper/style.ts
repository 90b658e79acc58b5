/**
 * The style of a stepper, in the colours that the page defines for figures.
 *
 * @module
 */

/** CSS for all steppers of a page that defines the colours (`paletteCss`). */
export const STEPPER_CSS: string = `
.boot-stepper { max-width: 62rem; padding: .75rem; color: var(--fig-ink); background: var(--fig-paper); border: 1px solid var(--fig-line); font: 14px/1.45 system-ui, sans-serif; }
.boot-stepper p { margin: .4rem 0; max-width: none; color: inherit; }
.boot-stepper .heading { font-weight: 600; }
.boot-stepper img { display: block; max-width: 100%; height: auto; }
.boot-stepper .controls { display: flex; flex-wrap: wrap; gap: .35rem; align-items: center; }
.boot-stepper input[type="range"] { flex: 1 1 12rem; min-width: 8rem; accent-color: var(--fig-clean); }
.boot-stepper input[type="number"] { width: 6rem; }
.boot-stepper button, .boot-stepper input { font: inherit; color: inherit; }
.boot-stepper button, .boot-stepper input:not([type="range"]) { background: var(--fig-paper); border: 1px solid var(--fig-void); border-radius: 3px; padding: .15rem .45rem; }
.boot-stepper :focus-visible { outline: 2px solid var(--fig-clean); outline-offset: 2px; }
.boot-stepper [aria-invalid="true"] { outline: 2px solid var(--fig-stopped); }
.boot-stepper figure { margin: .5rem 0; }
.boot-stepper .mapped { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .5rem; }
.boot-stepper .map { position: relative; border: 1px solid var(--fig-void); }
.boot-stepper .regions { position: relative; width: 13rem; font-size: 12px; line-height: 15px; color: var(--fig-muted); }
.boot-stepper .regions span { position: absolute; left: 0; white-space: nowrap; }
.boot-stepper .regions span::before { content: "◂ "; }
@media (max-width: 640px) {
  .boot-stepper .mapped { grid-template-columns: minmax(0, 1fr); }
  .boot-stepper .regions { display: flex; flex-wrap: wrap; gap: 0 1rem; width: auto; }
  .boot-stepper .regions span { position: static; }
}
.boot-stepper .play { min-width: 6.2rem; }
.boot-stepper canvas { display: block; width: 100%; image-rendering: pixelated; cursor: crosshair; }
.boot-stepper .marker { position: absolute; box-sizing: content-box; margin: -4px; padding: 2px; border: 2px solid; pointer-events: none; }
.boot-stepper .marker[hidden] { display: none; }
.boot-stepper .marker.written { border-color: var(--fig-stopped); box-shadow: 0 0 0 1px var(--fig-paper); }
.boot-stepper .marker.chosen { border-color: var(--fig-ink); border-style: dashed; box-shadow: 0 0 0 1px var(--fig-paper); }
.boot-stepper figcaption { color: var(--fig-muted); font-size: .92em; }
.boot-stepper .legend { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: .3rem 0; padding: 0; list-style: none; max-width: none; }
.boot-stepper .legend li::before { content: ""; display: inline-block; box-sizing: border-box; width: .9em; height: .9em; margin-right: .4em; vertical-align: -.1em; border: 1px solid var(--fig-void); background: var(--swatch); }
.boot-stepper .legend .large { --swatch: var(--fig-large); }
.boot-stepper .legend .small { --swatch: var(--fig-small); }
.boot-stepper .legend .readOnly { --swatch: var(--fig-ink); }
.boot-stepper .legend .error { --swatch: var(--fig-error); }
.boot-stepper .legend .wrongFrame { --swatch: var(--fig-wrongFrame); }
.boot-stepper .legend .unmapped { --swatch: var(--fig-line); }
.boot-stepper .legend .written::before { border: 2px solid var(--fig-stopped); }
.boot-stepper .legend .chosen::before { border: 2px dashed var(--fig-ink); }
.boot-stepper .tables { display: flex; flex-wrap: wrap; gap: .5rem 2rem; align-items: flex-start; }
.boot-stepper table { margin: 0; border-collapse: collapse; font-size: .92em; font-variant-numeric: tabular-nums; color: inherit; background: none; }
.boot-stepper table[hidden] { display: none; }
.boot-stepper caption { padding: .2rem 0; text-align: left; font-weight: 600; color: inherit; white-space: nowrap; }
.boot-stepper .tables table:first-child { min-width: 20rem; }
.boot-stepper thead, .boot-stepper tbody, .boot-stepper tr, .boot-stepper tr:hover { background: none !important; }
.boot-stepper th, .boot-stepper td { padding: .1rem .8rem .1rem 0; border: 0; border-bottom: 1px solid var(--fig-line); text-align: left; font-weight: 400; white-space: nowrap; color: inherit; background: none !important; }
.boot-stepper th { color: var(--fig-muted); }
.boot-stepper td.count { text-align: right; padding-right: 0; }
.boot-stepper pre { margin: 0; padding: .4rem .6rem; height: 6.5em; overflow: auto; white-space: pre-wrap; color: inherit; background: none !important; border: 0; border-left: 3px solid var(--fig-stopped); font: 12.5px/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }
`;
