/**
 * The program of the page: builds the controls, and shows the step that the reader chooses. These functions run in a browser, as text of their
 * own, so they use only each other, `state_at.ts` and `words.ts`.
 *
 * @module
 */

import { type OpenRecording, openRecording, stateAt, type StepState } from "./state_at.ts";
import {
  colorWords,
  grouped,
  mapWords,
  pageRows,
  shownPages,
  stepWords,
  totalRows,
  typeRows,
  writeRows,
} from "./words.ts";

/** The parts of a page that change from step to step. */
export interface Parts {
  readonly slider: HTMLInputElement;
  readonly number: HTMLInputElement;
  readonly play: HTMLButtonElement;
  readonly canvas: HTMLCanvasElement;
  readonly markers: { readonly written: HTMLElement; readonly chosen: HTMLElement };
  readonly page: HTMLInputElement;
  readonly says: HTMLElement;
  readonly tables: {
    readonly write: HTMLElement;
    readonly totals: HTMLElement;
    readonly types: HTMLElement;
    readonly page: HTMLElement;
  };
  readonly log: HTMLElement;
}

/** The state of the display: the step, and the chosen page. */
export interface View {
  readonly root: HTMLElement;
  readonly open: OpenRecording;
  readonly parts: Parts;
  step: number;
  page: number;
  /** What plays, while it does. */
  timer: ReturnType<typeof setInterval> | undefined;
}

/** An element with attributes and children. Text stays text. */
export function make(tag: string, attributes: Record<string, string>, ...children: (Node | string)[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Fills a table with rows of a name and a value, below its caption. */
export function fillTable(table: HTMLElement, rows: readonly (readonly [string, string | number])[]): void {
  const lines = rows.map(([name, value]) => {
    const cell = make("td", {}, typeof value === "number" ? grouped(value) : value);
    if (typeof value === "number") cell.className = "count";
    return make("tr", {}, make("th", { scope: "row" }, name), cell);
  });
  table.querySelector("tbody")?.replaceChildren(...lines);
  table.hidden = rows.length === 0;
}

/** Pages in a row of the map: one MiB, or as much more as keeps the rows to 128. */
export function columnsOf(pages: number): number {
  let columns = 256;
  while (pages / columns > 128) columns *= 2;
  return columns;
}

/** Paints one pixel a page. The colours are those of the page around it. */
export function paintMap(canvas: HTMLCanvasElement, open: OpenRecording, state: StepState): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const style = getComputedStyle(canvas);
  const colors = open.states.map(({ color }) => {
    const name = { readOnly: "ink", unmapped: "line" }[color as string] ?? color;
    return parseInt(style.getPropertyValue(`--fig-${name}`).trim().slice(1), 16);
  });
  const image = context.createImageData(canvas.width, canvas.height);
  state.pages.subarray(0, canvas.width * canvas.height).forEach((code, pfn) => {
    const color = colors[code] ?? 0;
    image.data.set([color >> 16, (color >> 8) & 255, color & 255, 255], pfn * 4);
  });
  context.putImageData(image, 0, 0);
}

/** Puts a frame around a page of the map, or hides it. */
export function markPage(marker: HTMLElement, canvas: HTMLCanvasElement, pfn: number): void {
  const { width, height } = canvas;
  marker.hidden = pfn < 0 || pfn >= width * height;
  marker.style.left = `${(pfn % width) / width * 100}%`;
  marker.style.top = `${Math.floor(pfn / width) / height * 100}%`;
  marker.style.width = `${100 / width}%`;
  marker.style.height = `${100 / height}%`;
}

/** Shows a step: every part of the page follows. */
export function showStep(view: View, step: number): void {
  const { open, parts } = view;
  view.step = Math.max(0, Math.min(open.steps, Math.round(step) || 0));
  const state = stateAt(open, view.step);
  const says = stepWords(open, view.step);
  parts.slider.value = parts.number.value = String(view.step);
  parts.slider.setAttribute("aria-valuetext", says);
  parts.says.textContent = says;
  // Before the first write the rows stand empty: nothing below them moves.
  const rows = view.step > 0
    ? writeRows(open, view.step)
    : writeRows(open, 1).map(([name]): [string, string] => [name, "–"]);
  fillTable(parts.tables.write, open.steps > 0 ? rows : []);
  fillTable(parts.tables.totals, totalRows(open, state));
  fillTable(parts.tables.types, typeRows(open, state));
  fillTable(parts.tables.page, pageRows(open, state, view.page));
  parts.log.textContent = state.log.join("\n") || "nothing yet";
  paintMap(parts.canvas, open, state);
  const counts = totalRows(open, state).map(([name, value]) => `${name} ${grouped(value)}`).join(", ");
  parts.canvas.setAttribute("aria-label", `${mapWords(open, parts.canvas.width)} ${counts}.`);
  const written = view.step > 0 && open.space === undefined ? open.writes[(view.step - 1) * 9 + 5] ?? -1 : -1;
  markPage(parts.markers.written, parts.canvas, written);
  markPage(parts.markers.chosen, parts.canvas, view.page);
}

/** Chooses the page whose state and type are told. */
export function choosePage(view: View, text: string): void {
  const pfn = Number(text.trim());
  const isPage = text.trim() !== "" && Number.isInteger(pfn) && pfn >= 0;
  view.parts.page.setAttribute("aria-invalid", String(!isPage));
  if (!isPage) return;
  view.page = pfn;
  showStep(view, view.step);
}

/** Stops playing, if it plays. */
export function pause(view: View): void {
  clearInterval(view.timer);
  view.timer = undefined;
  view.parts.play.textContent = "▶ Play";
}

/** Plays from here, or from the beginning if this is the end: a boot takes some twelve seconds, and each move is a write or more. */
export function play(view: View): void {
  if (view.step >= view.open.steps) showStep(view, 0);
  view.parts.play.textContent = "❚❚ Pause";
  const writes = Math.max(1, Math.ceil(view.open.steps / 150));
  const wait = Math.min(800, Math.max(80, 12_000 / Math.max(1, view.open.steps)));
  view.timer = setInterval(() => {
    showStep(view, view.step + writes);
    if (view.step >= view.open.steps || !view.root.isConnected) pause(view);
  }, wait);
}

/** How far a key moves: to a step, or undefined if it does not. */
export function stepOfKey(view: View, key: string): number | undefined {
  const page = Math.max(10, Math.round(view.open.steps / 50));
  switch (key) {
    case "ArrowRight":
    case "ArrowUp":
      return view.step + 1;
    case "ArrowLeft":
    case "ArrowDown":
      return view.step - 1;
    case "PageUp":
      return view.step + page;
    case "PageDown":
      return view.step - page;
    case "Home":
      return 0;
    case "End":
      return view.open.steps;
  }
  return undefined;
}

/** Keys move through the boot wherever the reader is in it, but in a field that needs them itself. */
export function listen(view: View): void {
  const { root, parts } = view;
  root.addEventListener("keydown", (event) => {
    const isText = event.target === parts.number || event.target === parts.page;
    const step = isText || event.ctrlKey || event.altKey || event.metaKey ? undefined : stepOfKey(view, event.key);
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    pause(view);
    showStep(view, step);
  });
  const go = (step: number) => {
    pause(view);
    showStep(view, step);
  };
  parts.play.addEventListener("click", () => view.timer === undefined ? play(view) : pause(view));
  parts.slider.addEventListener("input", () => go(Number(parts.slider.value)));
  parts.number.addEventListener("change", () => go(Number(parts.number.value)));
  parts.page.addEventListener("change", () => choosePage(view, parts.page.value));
  parts.canvas.addEventListener("click", (event) => {
    const { width, height } = parts.canvas;
    const box = parts.canvas.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top) / box.height * height);
    const pfn = row * width + Math.floor((event.clientX - box.left) / box.width * width);
    parts.page.value = `0x${pfn.toString(16)}`;
    choosePage(view, parts.page.value);
  });
  const repaint = () => showStep(view, view.step);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  new MutationObserver(repaint).observe(document.body, { attributes: true });
}

/** A row of buttons and the slider. */
export function controlsOf(
  open: OpenRecording,
  move: (key: string) => void,
): [HTMLElement, Parts["slider"], Parts["number"], Parts["play"]] {
  const range = { min: "0", max: String(open.steps), step: "1" };
  const slider = make("input", { type: "range", ...range, "aria-label": "Write" }) as HTMLInputElement;
  const number = make("input", { type: "number", ...range, "aria-label": "Number of the write" }) as HTMLInputElement;
  const buttons = [
    ["Home", "|◀", "Before the first write"],
    ["ArrowLeft", "‹", "One write back"],
    ["ArrowRight", "›", "One write on"],
    ["End", "▶|", "After the last write"],
  ].map(([key = "", sign = "", label = ""]) => {
    const button = make("button", { type: "button", "aria-label": label, title: label }, sign);
    button.addEventListener("click", () => move(key));
    return button;
  });
  const play = make("button", { type: "button", class: "play" }, "▶ Play") as HTMLButtonElement;
  const row = make("div", { class: "controls" }, play, ...buttons, slider, make("label", {}, "write ", number));
  row.append(` of ${grouped(open.steps)}`);
  return [row, slider, number, play];
}

/** The map with its legend. */
export function mapOf(open: OpenRecording): [HTMLElement, Parts["canvas"], Parts["markers"]] {
  const width = columnsOf(open.pages);
  const rows = Math.ceil(shownPages(open, width) / width);
  const height = String(rows);
  const canvas = make("canvas", { width: String(width), height, role: "img" }) as HTMLCanvasElement;
  const markers = {
    chosen: make("span", { class: "marker chosen", hidden: "" }),
    written: make("span", { class: "marker written", hidden: "" }),
  };
  const used = Object.entries(colorWords(open)).filter(([color]) => open.states.some((it) => it.color === color));
  const entries = used.map(([color, words]) => make("li", { class: color }, words));
  if (open.space === undefined) entries.push(make("li", { class: "written" }, "page of this write"));
  entries.push(make("li", { class: "chosen" }, "page chosen"));
  const caption = make("figcaption", {}, `${mapWords(open, width)} A click chooses a page.`);
  canvas.style.height = `${Math.max(160, rows * 5)}px`;
  const map = make("div", { class: "map" }, canvas, markers.chosen, markers.written);
  const names = make("div", { class: "regions", "aria-hidden": "true" });
  let free = 0; // percent: where the next name has room
  for (const { first, name } of open.regions ?? []) {
    const top = Math.max(free, Math.floor(first / width) / rows * 100);
    free = top + 1500 / Math.max(160, rows * 5);
    if (top < 95) names.append(make("span", { style: `top: ${top}%` }, `0x${first.toString(16)} ${name}`));
  }
  return [
    make(
      "figure",
      {},
      make("div", { class: "mapped" }, map, names),
      caption,
      make("ul", { class: "legend" }, ...entries),
    ),
    canvas,
    markers,
  ];
}

/** A table without rows. */
export function emptyTable(caption: string | Node): HTMLElement {
  return make("table", {}, make("caption", {}, caption), make("tbody", {}));
}

/** Builds the page of a recording in place of its still picture. */
export function buildStepper(root: HTMLElement, open: OpenRecording, move: (key: string) => void): Parts {
  const [controls, slider, number, play] = controlsOf(open, move);
  const [map, canvas, markers] = mapOf(open);
  const page = make("input", { type: "text", size: "8", value: "0x1", spellcheck: "false" }) as HTMLInputElement;
  const says = make("p", { class: "says", "aria-live": "polite" });
  const log = make("pre", { tabindex: "0", "aria-label": "Log so far" });
  const tables = {
    write: emptyTable("This write"),
    totals: emptyTable("Counts, in pages of 4K"),
    types: emptyTable("Pages by type"),
    page: emptyTable(make("label", {}, "Page ", page)),
  };
  root.querySelector(".still")?.remove();
  root.append(
    make("p", { class: "title" }, make("strong", {}, open.title), ` ${open.end}`),
    controls,
    says,
    map,
    make("div", { class: "tables" }, tables.write, tables.page, tables.totals, tables.types),
    ...(open.types.length + open.log.length > 0 ? [make("p", { class: "heading" }, "Log"), log] : []),
  );
  return { slider, number, play, canvas, markers, page, says, tables, log };
}

/** Starts one stepper. */
export function startStepper(root: HTMLElement): void {
  root.setAttribute("data-ready", "");
  const data = JSON.parse(root.querySelector("script[type='application/json']")?.textContent ?? "null");
  const open = openRecording(data.recording);
  const move = (key: string) => {
    pause(view);
    showStep(view, stepOfKey(view, key) ?? view.step);
  };
  const view: View = { root, open, parts: buildStepper(root, open, move), step: 0, page: 1, timer: undefined };
  listen(view);
  showStep(view, data.step);
}

/** Starts all steppers of a page that were not started yet. */
export function startSteppers(): void {
  for (const root of document.querySelectorAll(".boot-stepper:not([data-ready])")) startStepper(root as HTMLElement);
}
