/**
 * Figures that answer to their controls: drag, keys and touch. The state of the figure that was moved last stands in the address.
 *
 * @module
 */

import type { State } from "../figures/control.ts";
import { startBits } from "./bits.ts";
import type { Reply, Request, Shown } from "./protocol.ts";
import { elementOf, make } from "./shown.ts";

/** Makes the figures of the page alive. */
export function startMoving(): void {
  for (const section of document.querySelectorAll<HTMLElement>("section.moving")) startFigure(section);
}

/** Milliseconds without a move before the address is written: browsers refuse to write it many times a second, as a drag would. */
const ADDRESS_DELAY = 200;

function startFigure(section: HTMLElement): void {
  const form = section.querySelector<HTMLFormElement>("form")!;
  const place = section.querySelector<HTMLElement>(".shown")!;
  const id = section.dataset.figure ?? "";
  form.querySelectorAll<HTMLElement>(".bits").forEach(startBits);
  let writing: ReturnType<typeof setTimeout> | undefined;
  const draw = () => {
    const state = stateOf(form);
    showNumbers(form);
    clearTimeout(writing);
    writing = setTimeout(() => history.replaceState(null, "", `#${addressOf(id, state)}`), ADDRESS_DELAY);
    void drawState(id, state, place);
  };
  form.addEventListener("input", draw);
  form.addEventListener("submit", (event) => event.preventDefault());
  const fromAddress = () => {
    if (!readAddress(id, form)) return;
    section.scrollIntoView({ block: "start" });
    draw();
  };
  addEventListener("hashchange", fromAddress);
  fromAddress();
  whenSeen(section, () => {
    if (!busy) void drawState(id, stateOf(form)); // unseen: it loads the library, and the first move need not wait for that
  });
}

/** Calls `act` once, when an element comes into the window. */
function whenSeen(element: Element, act: () => void): void {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    act();
  });
  observer.observe(element);
}

function stateOf(form: HTMLFormElement): State {
  const names = [...form.elements].flatMap((it) => "name" in it && it.name !== "" ? [String(it.name)] : []);
  const data = new FormData(form);
  return Object.fromEntries([...new Set(names)].map((name) => [name, data.getAll(name).map(String)]));
}

function showNumbers(form: HTMLFormElement): void {
  for (const output of form.querySelectorAll("output")) {
    const input = document.getElementById(output.htmlFor.value) as HTMLInputElement | null;
    output.textContent = `${input?.value ?? ""} ${output.dataset.unit ?? ""}`;
  }
}

function addressOf(id: string, state: State): string {
  const words = new URLSearchParams({ figure: id });
  for (const [name, values] of Object.entries(state)) {
    for (const value of values.length === 0 ? [""] : values) words.append(name, value);
  }
  return words.toString();
}

/** Puts the state of the address into the controls, if it is one of this figure. */
function readAddress(id: string, form: HTMLFormElement): boolean {
  const wanted = new URLSearchParams(location.hash.slice(1));
  if (wanted.get("figure") !== id) return false;
  for (const element of form.elements) {
    if (!(element instanceof HTMLInputElement || element instanceof HTMLSelectElement)) continue;
    const values = wanted.getAll(element.name);
    if (values.length === 0) continue;
    if (element.type === "checkbox") (element as HTMLInputElement).checked = values.includes(element.value);
    else element.value = values[0] ?? "";
    element.dispatchEvent(new Event("change"));
  }
  return true;
}

/** The worker of the figures. It runs the book's own code alone, so that it lives as long as the page. */
let worker: Worker | undefined;
let busy = false;
let next: (() => void) | undefined;

/**
 * Draws a state: while one is drawn, only the newest of those that come waits.
 *
 * @param id The figure.
 * @param state The state.
 * @param place Where it is shown; nowhere if undefined.
 */
async function drawState(id: string, state: State, place?: HTMLElement): Promise<void> {
  if (busy) {
    next = () => void drawState(id, state, place);
    return;
  }
  busy = true;
  const started = performance.now();
  try {
    const { shown, problem } = await answerTo({ kind: "figure", id, state });
    const elements = await Promise.all(shown.map(elementOf));
    if (place === undefined) return;
    if (problem !== undefined) elements.push(make("p", { class: "problem error", role: "alert" }, problem));
    place.replaceChildren(...elements);
    place.dataset.milliseconds = `${Math.round(performance.now() - started)}`;
  } finally {
    busy = false;
    const waiting = next;
    next = undefined;
    waiting?.();
  }
}

function answerTo(request: Request): Promise<{ readonly shown: Shown[]; readonly problem?: string }> {
  worker ??= new Worker(`${document.body.dataset.root}assets/runner.js`, { type: "module" });
  const mine = worker;
  const shown: Shown[] = [];
  let problem: string | undefined;
  return new Promise((resolve) => {
    const end = () => resolve(problem === undefined ? { shown } : { shown, problem });
    mine.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (data.kind === "show") shown.push(data.shown);
      if (data.kind === "error") problem = data.message;
      if (data.kind === "done") end();
    };
    mine.onerror = (event) => {
      worker = undefined; // the next state gets a new one
      problem = event.message || "the worker ended; move a control to start another";
      end();
    };
    mine.postMessage(request);
  });
}
