/**
 * Search over the whole book; the index is loaded when somebody searches.
 *
 * @module
 */

import MiniSearch, { type Options } from "minisearch";
import { unpackIndex } from "./search_pack.ts";
import { make } from "./shown.ts";

/** A section of a page, as the index has it. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly page: string;
  readonly text: string;
}

/** Words that are on every page: they find nothing and weigh much. */
const EVERYWHERE: ReadonlySet<string> = new Set(
  ("a about after all also an and any are as at be because been before below but by can did do does each even every first for from had has " +
    "have here how if in into is it its itself just like made make many may more most must my never no nor not nothing now of on once " +
    "one only or other others our out over own same so some such than that the their them then there these they this those through " +
    "asked both chapter constant four interface s says takes three " +
    "to too two under until up us was we were what when where which while who whose why will with without would yes yet you your")
    .split(" "),
);

/** How the index is made; the builder of the site makes it the same way. */
export const INDEX_OPTIONS: Options<Section> = {
  fields: ["title", "text"],
  storeFields: ["title", "page"],
  processTerm: (term) => {
    const word = term.toLowerCase();
    return EVERYWHERE.has(word) || /^\d{1,3}$/.test(word) || word.length > 24 ? null : word;
  },
  searchOptions: { boost: { title: 3 }, prefix: true, fuzzy: 0.15, combineWith: "AND" },
};

let index: Promise<MiniSearch<Section>> | undefined;

function loadIndex(): Promise<MiniSearch<Section>> {
  index ??= fetch(`${document.body.dataset.root}assets/search.txt`).then((found) => found.text())
    .then((text) => MiniSearch.loadJSON<Section>(unpackIndex(text), INDEX_OPTIONS));
  return index;
}

/** Makes the search field alive: called when the reader first turns to it. */
export function startSearch(): void {
  const field = document.querySelector<HTMLInputElement>("#search");
  const list = document.querySelector<HTMLElement>("#found");
  if (field === null || list === null) return;
  void loadIndex();
  field.addEventListener("input", () => void show(field, list));
  if (field.value !== "") void show(field, list);
  field.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    if (event.key === "Escape") list.replaceChildren();
    if (event.key === "Enter") links[0]?.click();
    if (event.key === "ArrowDown") links[0]?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    (links[next] ?? field).focus();
  });
}

const MAX_FOUND = 10;

async function show(field: HTMLInputElement, list: HTMLElement): Promise<void> {
  const words = field.value.trim();
  if (words === "") return list.replaceChildren();
  const found = (await loadIndex()).search(words).slice(0, MAX_FOUND);
  const items = found.map(({ id, title, page }) =>
    make("li", {}, make("a", { href: `${document.body.dataset.root}${id}` }, title, make("small", {}, ` ${page}`)))
  );
  list.replaceChildren(...(items.length === 0 ? [make("li", {}, "nothing found")] : items));
}
