/**
 * What the reader has solved, kept in the browser, and as the file of `deno task learn`.
 *
 * @module
 */

import { mergeProgress, NO_PROGRESS, parseProgress, type Progress, progressText } from "../../learn/progress_text.ts";
import { button } from "./editable.ts";
import { saveFile } from "./save_file.ts";
import { make } from "./shown.ts";
import { store, stored } from "./storage.ts";

const NAME = "progress";

/** What the reader has done. */
export function progress(): Progress {
  return parseProgress(stored(NAME) ?? "") ?? NO_PROGRESS;
}

function add(more: Progress): boolean {
  return store(NAME, progressText(mergeProgress(progress(), more)));
}

/** Keeps that an exercise is solved. */
export function addSolved(id: string): void {
  add({ solved: [id], hints: {} });
}

/** Keeps how many hints of an exercise were given. */
export function addHint(id: string, count: number): void {
  add({ solved: [], hints: { [id]: count } });
}

/** The list of all exercises with what is solved, and the file to take it elsewhere. */
export function progressBar(bar: HTMLElement): void {
  const items = [...document.querySelectorAll<HTMLElement>("li[data-exercise]")];
  const words = make("p", { role: "status" });
  const note = make("p", { class: "caption", role: "status" });
  const show = () => {
    const { solved } = progress();
    const known = items.filter((item) => solved.includes(item.dataset.exercise ?? ""));
    for (const item of items) item.classList.toggle("solved", known.includes(item));
    words.textContent = `${known.length} of ${items.length} solved.`;
  };
  const file = make("input", {
    type: "file",
    accept: ".json,application/json",
    id: "progress-file",
  }) as HTMLInputElement;
  file.addEventListener("change", async () => {
    const text = await file.files?.[0]?.text() ?? "";
    const read = parseProgress(text);
    file.value = "";
    note.textContent = read === undefined
      ? "That is no progress file: deno task learn keeps it as .progress.json."
      : add(read)
      ? "Read and added."
      : "Read, but this browser keeps nothing: it lasts until you leave.";
    show();
  });
  const label = make("label", { for: file.id }, "Add a progress file of deno task learn: ");
  bar.append(
    words,
    make(
      "p",
      {},
      button("Save as a file", () => saveFile(".progress.json", progressText(progress()), "application/json")),
      " ",
      label,
      file,
    ),
    note,
  );
  show();
}
