/**
 * The figure that moves: coverage of lowmem, with machine, memory, kernel and strategies to choose. Its state stands in the address.
 *
 * @module
 */

import type { Shown } from "./protocol.ts";
import { elementOf, make } from "./shown.ts";
import { ask } from "./worker.ts";

/** Makes the figure of the page alive, if it has one. */
export function startCoverage(): void {
  const form = document.querySelector<HTMLFormElement>("form.coverage");
  const place = document.querySelector<HTMLElement>(".coverage-figure");
  if (form === null || place === null) return;
  readAddress(form);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const draw = () => {
    clearTimeout(timer);
    timer = setTimeout(() => drawChosen(form, place), 60);
  };
  form.addEventListener("input", draw);
  draw();
}

function readAddress(form: HTMLFormElement): void {
  const wanted = new URLSearchParams(location.hash.slice(1));
  for (const element of form.elements) {
    if (!(element instanceof HTMLInputElement || element instanceof HTMLSelectElement)) continue;
    const values = wanted.getAll(element.name);
    if (values.length === 0 && !wanted.has("platform")) continue;
    if (element.type === "checkbox") (element as HTMLInputElement).checked = values.includes(element.value);
    else if (values[0] !== undefined) element.value = values[0];
  }
}

function drawChosen(form: HTMLFormElement, place: HTMLElement): void {
  const data = new FormData(form);
  const words = new URLSearchParams([...data].map(([name, value]) => [name, String(value)]));
  history.replaceState(null, "", `#${words}`);
  for (const output of form.querySelectorAll("output")) {
    output.textContent = `${data.get(output.htmlFor.value)} MiB`;
  }
  const strategies = data.getAll("strategy").map(String);
  if (strategies.length === 0) return place.replaceChildren(make("p", {}, "Choose a strategy."));
  const drawn: Shown[] = [];
  const started = performance.now();
  ask({
    kind: "coverage",
    platform: String(data.get("platform")),
    strategies,
    memory: `${data.get("memory")}M`,
    kernelEnd: Math.round(Number(data.get("kernel")) * 2 ** 20),
  }, {
    reply: async (reply) => {
      if (reply.kind === "show") drawn.push(reply.shown);
      if (reply.kind === "error") place.replaceChildren(make("p", { class: "problem error" }, reply.message));
      if (reply.kind !== "done" || drawn.length === 0) return;
      const time = `${strategies.length} boots in ${Math.round(performance.now() - started)} ms, in this page.`;
      place.replaceChildren(...await Promise.all(drawn.map(elementOf)), make("p", { class: "caption" }, time));
    },
    ended: () => {},
  });
}
