/**
 * The page of the reader's own: a proposal that is judged and hunted, and files that are audited.
 *
 * @module
 */

import type { DroppedFile } from "./dropped.ts";
import { button, Editable } from "./editable.ts";
import type { OwnRequest, Reply } from "./protocol.ts";
import { sharedEdit, shareEdit } from "./shared_edit.ts";
import { elementOf, make } from "./shown.ts";
import { forget, store, stored } from "./storage.ts";
import { ask, stopRun, warmUp } from "./worker.ts";

const DRAFT = "draft:proposal";
const MACHINES = 200;
/** Seconds that a hunt or a large recording may take. */
const MAX_SECONDS = 120;

/** Makes the page alive. */
export function startOwn(): void {
  startProposal(document.querySelector<HTMLElement>(".proposal")!);
  startDrop(document.querySelector<HTMLElement>(".files")!);
}

function startProposal(root: HTMLElement): void {
  const reset = button("Reset", () => code.set(code.original));
  const status = make("span", { class: "status", role: "status" });
  const share = button(
    "Share",
    () => void shareEdit("proposal", code.source, (words) => status.replaceChildren(words)),
  );
  let keeps = true; // what came from somebody else does not take the place of what is kept, until the reader changes it
  const code = new Editable(root.querySelector<HTMLElement>("pre")!, {
    changed: (source) => {
      reset.hidden = !code.edited;
      if (code.edited && keeps) store(DRAFT, source);
      else if (keeps) forget(DRAFT);
    },
    run: () => judge(),
    label: "Your proposal",
  });
  const place = root.querySelector<HTMLElement>(".result")!;
  const judge = () => answer(place, { kind: "proposal", source: code.source }, "cells judged");
  const hunt = () => answer(place, { kind: "hunt", source: code.source, machines: MACHINES }, "hunted");
  const bar = make("div", { class: "bar" });
  bar.append(
    button("Judge it", judge),
    button("Edit", () => code.open()),
    button(`Hunt on ${MACHINES} machines`, hunt),
    share,
    reset,
    status,
  );
  place.before(bar);
  reset.hidden = true;
  root.addEventListener("pointerenter", () => warmUp("own_runner"), { once: true });
  root.addEventListener("focusin", () => warmUp("own_runner"), { once: true });
  const kept = stored(DRAFT);
  if (kept !== null) code.set(kept);
  const shared = sharedEdit();
  if (shared?.name !== "proposal") return;
  if (shared.source === undefined) return status.replaceChildren("the proposal in the address cannot be read");
  keeps = false;
  code.set(shared.source);
  keeps = true;
  status.replaceChildren("this proposal came with the address");
}

function startDrop(root: HTMLElement): void {
  const input = root.querySelector<HTMLInputElement>("input[type=file]")!;
  const moment = root.querySelector<HTMLInputElement>("input[name=moment]")!;
  const drop = root.querySelector<HTMLElement>(".drop")!;
  const place = root.querySelector<HTMLElement>(".result")!;
  let chosen: readonly DroppedFile[] = [];
  const audit = () => {
    if (chosen.length > 0) answer(place, { kind: "dropped", files: chosen, moment: moment.value.trim() }, "audited");
  };
  const take = async (files: FileList | null | undefined) => {
    chosen = await Promise.all([...files ?? []].map(read));
    audit();
  };
  input.addEventListener("change", () => void take(input.files));
  moment.addEventListener("change", audit);
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    void take(event.dataTransfer?.files);
  });
}

async function read(file: File): Promise<DroppedFile> {
  return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

/** Asks the worker and shows what it answers. */
function answer(place: HTMLElement, request: OwnRequest, done: string): void {
  const status = make("p", { class: "status", role: "status" }, "running … ");
  const count = make("span");
  status.append(count, " ", button("Stop", stopRun));
  const shown: Promise<HTMLElement>[] = [];
  const reply = async (reply: Reply) => {
    if (reply.kind === "progress") count.textContent = `${reply.count} machines`;
    if (reply.kind === "show") shown.push(elementOf(reply.shown));
    if (reply.kind === "error") shown.push(Promise.resolve(problem(reply.message)));
    if (reply.kind !== "done") return;
    const time = make("p", { class: "status", role: "status" }, `${done} in ${Math.round(reply.milliseconds)} ms`);
    place.replaceChildren(...await Promise.all(shown), time);
  };
  ask(request, { reply, ended: (why) => place.replaceChildren(problem(why)) }, MAX_SECONDS);
  place.replaceChildren(status);
}

function problem(message: string): HTMLElement {
  return make("p", { class: "problem error", role: "alert" }, message);
}
