/**
 * The style of an audit's page, in the colours of the figures.
 *
 * @module
 */

/** CSS for a page that defines the colours (`reportCss`). */
export const PAGE_CSS: string = `
main pre { max-width: 100%; font-size: .8rem; }
#goto { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
#goto input, #goto button, main li button { font: inherit; color: inherit; background: var(--fig-paper); border: 1px solid var(--fig-void); border-radius: 3px; padding: .1rem .45rem; }
main li button { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .85rem; cursor: pointer; }
[aria-invalid="true"] { outline: 2px solid var(--fig-stopped); }
.space { display: grid; grid-template-columns: minmax(0, 2fr) minmax(16rem, 1fr); gap: 1.25rem; align-items: start; }
@media (max-width: 60rem) { .space { grid-template-columns: minmax(0, 1fr); } }
#grid { display: grid; grid-template-columns: repeat(32, minmax(0, 1fr)); gap: 1px; border: 1px solid var(--fig-void); background: var(--fig-line); }
#grid button { aspect-ratio: 1; min-width: 0; padding: 0; border: 0; border-radius: 0; cursor: pointer; background: color-mix(in srgb, var(--paint) calc(var(--full) * 100%), var(--fig-paper)); }
.absent { --paint: var(--fig-paper); }
.read { --paint: var(--fig-void); }
.write { --paint: var(--fig-small); }
.exec { --paint: var(--fig-errors); }
.writeExec { --paint: var(--fig-stopped); }
.odd { --paint: var(--fig-ink); }
#grid .table { border-radius: 35%; }
#grid .marked { outline: 2px dashed var(--fig-stopped); outline-offset: -2px; }
#grid button[aria-pressed="true"] { box-shadow: inset 0 0 0 2px var(--fig-ink), inset 0 0 0 3px var(--fig-paper); }
#grid button:focus-visible { outline: 3px solid var(--fig-ink); outline-offset: 1px; z-index: 1; }
#entry { margin: 0; padding: 0; list-style: none; font: .82rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; list-style: none; max-width: none; }
.legend li::before { content: ""; display: inline-block; width: .9em; height: .9em; margin-right: .4em; vertical-align: -.1em; background: var(--paint); border: 1px solid var(--fig-void); }
`;
