/**
 * The program of the report: arrow keys in the matrix, and steppers that are made when they are asked for. Its functions run in a browser, as text.
 *
 * @module
 */

import { stepperProgram } from "../../chapters/stepper/mod.ts";

declare function startSteppers(): void;

/** The cell above, below, left or right of another; the nearest, since lines stand in groups. */
function neighbour(cells: readonly SVGAElement[], from: SVGAElement, key: string): SVGAElement | undefined {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (way === undefined) return undefined;
  const middle = (cell: Element) => {
    const box = cell.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2] as const;
  };
  const [x, y] = middle(from);
  const [dx = 0, dy = 0] = way;
  let best: SVGAElement | undefined;
  let nearest = Infinity;
  for (const cell of cells) {
    const [cx, cy] = middle(cell);
    const along = (cx - x) * dx + (cy - y) * dy;
    const across = Math.abs((cx - x) * dy) + Math.abs((cy - y) * dx);
    if (along > 1 && across < 2 && along < nearest) {
      best = cell;
      nearest = along;
    }
  }
  return best;
}

/** Lets one cell of a picture be reached by Tab, and the others by the arrow keys. */
function roam(svg: SVGSVGElement): void {
  const cells = [...svg.querySelectorAll<SVGAElement>("a")];
  const reach = (cell: SVGAElement) => {
    for (const it of cells) it.setAttribute("tabindex", it === cell ? "0" : "-1");
  };
  if (cells[0] !== undefined) reach(cells[0]);
  svg.addEventListener("focusin", (event) => {
    const cell = (event.target as Element).closest<SVGAElement>("a");
    if (cell !== null) reach(cell);
  });
  svg.addEventListener("keydown", (event) => {
    const cell = (event.target as Element).closest<SVGAElement>("a");
    const next = cell === null ? undefined : neighbour(cells, cell, event.key);
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  });
}

/** Marks the cell whose panel is shown. */
function markChosen(): void {
  for (const cell of document.querySelectorAll("svg a")) {
    const chosen = location.hash !== "" && cell.getAttribute("href") === location.hash;
    cell.classList.toggle("chosen", chosen);
    if (chosen) cell.setAttribute("aria-current", "true");
    else cell.removeAttribute("aria-current");
  }
}

/** Makes a stepper when it is asked for. */
function openSteps(details: HTMLDetailsElement): void {
  const template = details.querySelector("template");
  if (!details.open || template === null) return;
  details.append(template.content.cloneNode(true));
  template.remove();
  startSteppers();
}

function startReport(): void {
  for (const svg of document.querySelectorAll<SVGSVGElement>(".verdicts svg")) roam(svg);
  for (const details of document.querySelectorAll<HTMLDetailsElement>("details.steps")) {
    details.addEventListener("toggle", () => openSteps(details));
  }
  addEventListener("hashchange", markChosen);
  markChosen();
}

/** The program as text. */
export const REPORT_SCRIPT: string = stepperProgram(
  [neighbour, roam, markChosen, openSteps, startReport],
  "startReport();",
);
