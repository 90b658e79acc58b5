/**
 * The exercises in the page: the hole to fill, the tests, hints one by one, the solution, and what has been solved.
 *
 * @module
 */

import { CPU_SECONDS, type Line, type Verdict, verdictOf } from "../../learn/verdict.ts";
import { button, Editable } from "./editable.ts";
import { addHint, addSolved, progress, progressBar } from "./progress.ts";
import { make } from "./shown.ts";
import { forget, store, stored } from "./storage.ts";
import { ask, stopRun, warmUp } from "./worker.ts";

/** An exercise on the page. */
interface Shown {
  readonly id: string;
  readonly root: HTMLElement;
  readonly test: string;
  readonly answer: Editable;
  readonly verdict: HTMLElement;
}

/** Makes the exercises of the page alive, or the list of all of them. */
export function startExercises(): void {
  for (const root of document.querySelectorAll<HTMLElement>("section.exercise")) startExercise(root);
  const bar = document.querySelector<HTMLElement>(".progress");
  if (bar !== null) progressBar(bar);
}

function startExercise(root: HTMLElement): void {
  const id = root.dataset.exercise ?? "";
  const draft = `draft:${id}`;
  const verdict = root.querySelector<HTMLElement>(".verdict")!;
  const reset = button("Reset", () => answer.set(answer.original));
  const answer = new Editable(root.querySelector<HTMLElement>(".answer > pre")!, {
    changed: (source) => {
      reset.hidden = !answer.edited;
      if (answer.edited) store(draft, source);
      else forget(draft);
    },
    run: () => judge(exercise),
    label: `Your file for ${id}`,
  });
  const test = root.querySelector(".tests pre")?.textContent ?? "";
  const exercise: Shown = { id, root, test, answer, verdict };
  const bar = make("div", { class: "bar" });
  bar.append(button("Run the tests", () => judge(exercise)), button("Edit", () => answer.open()), reset);
  verdict.before(bar);
  reset.hidden = true;
  startHints(exercise);
  startSolution(exercise);
  root.addEventListener("pointerenter", () => warmUp("runner"), { once: true });
  root.addEventListener("focusin", () => warmUp("runner"), { once: true });
  const kept = stored(draft);
  if (kept !== null) answer.set(kept);
  if (progress().solved.includes(id)) say(exercise, "Solved before.");
}

/** Hints are opened one by one, and those that were given stay so. */
function startHints({ id, root }: Shown): void {
  const hints = [...root.querySelectorAll<HTMLDetailsElement>(".hint")];
  const given = () => progress().hints[id] ?? 0;
  const show = () => hints.forEach((hint, at) => hint.hidden = at > given());
  hints.forEach((hint, at) =>
    hint.addEventListener("toggle", () => {
      if (hint.open && at >= given()) addHint(id, at + 1);
      show();
    })
  );
  show();
}

/** The solution opens when the exercise is solved, or when the reader insists. */
function startSolution({ id, root }: Shown): void {
  const solution = root.querySelector<HTMLDetailsElement>(".solution");
  const summary = solution?.querySelector("summary");
  if (solution === null || summary === null || summary === undefined) return;
  let insists = false;
  summary.addEventListener("click", (event) => {
    if (insists || solution.open || progress().solved.includes(id)) return;
    event.preventDefault();
    insists = true;
    summary.textContent = "A solution: not solved yet. Press again to see it all the same.";
  });
}

function say({ verdict }: Shown, ...words: (Node | string)[]): void {
  verdict.replaceChildren(...words);
}

function judge(exercise: Shown): void {
  const { id, test, answer } = exercise;
  let told: Verdict | undefined;
  ask({ kind: "exercise", exercise: answer.source, test }, {
    reply: (reply) => {
      if (reply.kind === "judged") told = verdictOf(reply.run);
      if (reply.kind !== "done" || told === undefined) return;
      if (told.kind === "passed") addSolved(id);
      showVerdict(exercise, told);
    },
    ended: (why, tooLong) =>
      tooLong
        ? showVerdict(exercise, verdictOf({ kind: "stopped" }))
        : say(exercise, make("p", { class: "problem" }, why)),
  }, CPU_SECONDS);
  say(exercise, make("span", { class: "status" }, "running … "), button("Stop", stopRun));
}

function showVerdict(exercise: Shown, verdict: Verdict): void {
  if (verdict.kind === "broken" || verdict.kind === "endless") {
    const what = verdict.kind === "broken" ? "It does not run." : "It does not end.";
    return say(exercise, make("p", { class: "problem error" }, `${what} ${verdict.said}`));
  }
  const list = make("ul", { class: "cases" }, ...linesOf(verdict.lines));
  say(exercise, list, verdict.kind === "passed" ? "Solved. Compare the solution below." : "");
}

/** Every test by name; only the first failure is told in full, the others often follow from it. */
function linesOf(lines: readonly Line[]): HTMLElement[] {
  const first = lines.find(({ message }) => message !== "");
  return lines.map((line) => {
    if (line.message === "") return make("li", { class: "ok" }, `ok: ${line.name}`);
    const told = line === first ? [make("p", { class: "problem error" }, line.message)] : [];
    return make("li", { class: "failed" }, `failed: ${line.name}`, ...told);
  });
}
