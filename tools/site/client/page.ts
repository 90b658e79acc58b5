/**
 * The program of every page: light and dark, keys, search, blocks that run. It loads what is heavy when it is asked for.
 *
 * @module
 */

import { startBlocks } from "./blocks.ts";
import { store } from "./storage.ts";

/** Light, dark, or as the system has it; `theme.ts` puts on what was chosen before. */
function startTheme(button: HTMLButtonElement | null): void {
  const root = document.documentElement;
  button?.addEventListener("click", () => {
    const dark = root.dataset.theme === "dark" ||
      (root.dataset.theme === undefined && matchMedia("(prefers-color-scheme: dark)").matches);
    root.dataset.theme = dark ? "light" : "dark";
    store("theme", root.dataset.theme);
  });
}

/** Arrow keys go to the page before and after, unless a field or a figure needs them. */
function startKeys(): void {
  addEventListener("keydown", (event) => {
    const target = event.target as Element;
    const busy = target.closest("input, textarea, select, summary, svg, .cm-editor, [tabindex], [data-keys]") !== null;
    if (busy || event.altKey || event.ctrlKey || event.metaKey) return;
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const link = rel === undefined ? null : document.querySelector<HTMLAnchorElement>(`a[rel="${rel}"]`);
    if (link === null) return;
    event.preventDefault();
    link.click();
  });
}

/** What the glossary says of a word, at the word: for pointer, focus and touch. */
function startTerms(): void {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "tooltip");
  tip.id = "term";
  tip.hidden = true;
  document.body.append(tip);
  const show = (link: HTMLAnchorElement) => {
    const box = link.getBoundingClientRect();
    tip.textContent = link.dataset.term ?? "";
    tip.hidden = false;
    link.setAttribute("aria-describedby", tip.id);
    const left = Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8));
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${box.bottom + scrollY + 4}px`;
  };
  let shown: HTMLAnchorElement | undefined;
  const hide = () => {
    tip.hidden = true;
    shown = undefined;
  };
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-term]")) {
    link.addEventListener("pointerenter", ({ pointerType }) => pointerType !== "touch" && show(link));
    link.addEventListener("pointerleave", ({ pointerType }) => pointerType !== "touch" && hide());
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", hide);
    link.addEventListener("click", (event) => {
      if ((event as PointerEvent).pointerType !== "touch" || shown === link) return;
      event.preventDefault(); // the first tap says it, the second follows the link
      shown = link;
      show(link);
    });
  }
  addEventListener("keydown", (event) => event.key === "Escape" && hide());
}

/** The search field: the search itself is loaded when the reader turns to it. */
function startSearchField(): void {
  const field = document.querySelector<HTMLInputElement>("#search");
  if (field === null) return;
  field.disabled = false;
  field.addEventListener("focus", async () => {
    const { startSearch } = await import(new URL("search.js", import.meta.url).href) as typeof import("./search.ts");
    startSearch();
  }, { once: true });
  addEventListener("keydown", (event) => {
    const inField = (event.target as Element).closest("input, textarea, .cm-editor") !== null;
    if (event.key !== "/" || inField || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    field.focus();
  });
}

/** What only some pages have is loaded by those. */
async function startOthers(): Promise<void> {
  const address = (name: string) => new URL(`${name}.js`, import.meta.url).href;
  if (document.querySelector(".exercise, .progress") !== null) {
    const { startExercises } = await import(address("exercises")) as typeof import("./exercises.ts");
    startExercises();
  }
  if (document.querySelector(".own") !== null) {
    const { startOwn } = await import(address("own")) as typeof import("./own.ts");
    startOwn();
  }
  if (document.querySelector(".moving") !== null) {
    const { startMoving } = await import(address("moving")) as typeof import("./moving.ts");
    startMoving();
  }
}

startTheme(document.querySelector("#theme"));
startKeys();
startTerms();
startSearchField();
// What the chapters call is in browsers since 2024; an older one keeps the line that says so.
if ("groupBy" in Map) {
  document.querySelector(".old")?.remove();
  startBlocks();
  void startOthers();
}
navigator.serviceWorker?.register(document.body.dataset.root + "sw.js").catch(() => {}); // without one the site needs the network
