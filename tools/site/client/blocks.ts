/**
 * The blocks of a chapter: each can be run with those above it, and edited in place.
 *
 * @module
 */

import { button, Editable } from "./editable.ts";
import { withEdits } from "./notebook.ts";
import type { Reply } from "./protocol.ts";
import { elementOf, make } from "./shown.ts";
import { saveFile } from "./save_file.ts";
import { sharedEdit, shareEdit } from "./shared_edit.ts";
import { ask, stopRun, warmUp } from "./worker.ts";

/** A block on the page. */
interface Block {
  readonly number: number;
  readonly root: HTMLElement;
  readonly code: Editable;
  readonly output: HTMLElement;
  readonly status: HTMLElement;
}

let blocks: readonly Block[] = [];

/** Makes the blocks of the page alive. */
export function startBlocks(): void {
  blocks = [...document.querySelectorAll<HTMLElement>(".block")].map(blockOf);
  startNotebook();
  applyShared();
  if (blocks.length > 0) addEventListener("hashchange", applyShared);
}

function blockOf(root: HTMLElement, number: number): Block {
  const status = make("span", { class: "status", role: "status" });
  const run = button("Run", () => runTo(block));
  run.setAttribute("aria-label", `Run block ${number + 1} with those above it`);
  const reset = button("Reset", () => code.set(code.original));
  const share = button("Share", () => void shareEdit(`${number}`, code.source, (words) => say(block, words)));
  reset.hidden = share.hidden = true;
  const code = new Editable(root.querySelector<HTMLElement>("pre")!, {
    changed: () => {
      reset.hidden = share.hidden = !code.edited;
      root.classList.toggle("edited", code.edited);
    },
    run: () => runTo(block),
    label: `Block ${number + 1}`,
  });
  root.querySelector(".bar")!.append(run, button("Edit", () => code.open()), reset, share, status);
  const output = root.querySelector<HTMLElement>(".output") ?? root.appendChild(make("div", { class: "output" }));
  const block: Block = { number, root, code, output, status };
  root.addEventListener("pointerenter", () => warmUp("runner"), { once: true });
  root.addEventListener("focusin", () => warmUp("runner"), { once: true });
  return block;
}

/** The notebook of the chapter gets the reader's edits. */
function startNotebook(): void {
  const link = document.querySelector<HTMLAnchorElement>("a.notebook");
  link?.addEventListener("click", async (event) => {
    const edits = blocks.map(({ code }) => code).filter(({ edited }) => edited);
    if (edits.length === 0) return; // the file as it is
    event.preventDefault();
    const json = await fetch(link.href).then((found) => found.text());
    saveFile(link.href.split("/").at(-1) ?? "", withEdits(json, edits), "application/x-ipynb+json");
  });
}

/** Runs the blocks from the first to one. */
function runTo(block: Block): void {
  const all = blocks.slice(0, block.number + 1);
  const fresh = new Set<number>();
  const finish = (words: string) => {
    block.root.classList.remove("running");
    say(block, words);
  };
  let failed = false;
  ask({
    kind: "run",
    blocks: all.map(({ number, code: { source, edited } }) => ({ number, source, edited })),
  }, {
    reply: (reply) => {
      if (reply.kind === "done") {
        return finish(failed ? "failed" : `${Math.round(reply.milliseconds)} ms, with the blocks above`);
      }
      if (reply.kind === "error") failed = true;
      put(reply, fresh);
    },
    ended: (why) => {
      problem(block, why);
      finish("ended");
    },
  });
  for (const it of all) {
    it.root.classList.remove("failed");
    it.root.querySelectorAll(".problem").forEach((problem) => problem.remove());
  }
  block.root.classList.add("running");
  say(block, "running …");
  block.status.append(" ", button("Stop", stopRun));
}

/** Puts what a block shows, or says, below it. */
function put(reply: Reply, fresh: Set<number>): void {
  if (reply.kind !== "show" && reply.kind !== "warn" && reply.kind !== "error") return;
  const block = blocks[reply.block];
  if (block === undefined) return;
  if (reply.kind === "show") {
    if (!fresh.has(block.number)) block.output.replaceChildren();
    fresh.add(block.number);
    const place = block.output.appendChild(make("div"));
    void elementOf(reply.shown).then((element) => place.replaceWith(element));
  } else if (reply.kind === "warn") problem(block, reply.message, "warning");
  else {
    block.root.classList.add("failed");
    problem(block, `line ${reply.line}: ${reply.message}`);
  }
}

function problem(block: Block, message: string, kind = "error"): void {
  block.output.before(make("p", { class: `problem ${kind}`, role: "alert" }, message));
}

function say({ status }: Block, words: string): void {
  status.replaceChildren(words);
}

/** An edit that came with the address. */
function applyShared(): void {
  const shared = sharedEdit();
  const block = blocks[Number(shared?.name)];
  if (shared === undefined || block === undefined) return;
  if (shared.source === undefined) return say(block, "the edit in the address cannot be read");
  block.code.set(shared.source);
  say(block, "this edit came with the address");
  block.root.scrollIntoView({ block: "center" });
}
