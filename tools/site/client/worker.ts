/**
 * One worker at a time, with a time limit: a loop without end is ended, and the next run gets a new worker.
 *
 * @module
 */

import type { Reply, Request } from "./protocol.ts";

/** What a run says, and how it ends. */
export interface Listener {
  readonly reply: (reply: Reply) => void;
  /** The worker was ended: it took too long, was stopped or replaced, or died. */
  readonly ended: (why: string, tooLong: boolean) => void;
}

/** Seconds that a run may take: the longest chapter takes thirty on two cores that eight programs share. `?limit=N` in the address sets another. */
const LIMIT_SECONDS = Number(new URLSearchParams(location.search).get("limit")) || 60;
/** Workers that have loaded the library and wait for a request, by program. */
const spare = new Map<Program, Worker>();
let busy: { readonly worker: Worker; readonly stop: (why: string, tooLong?: boolean) => void } | undefined;

function root(): string {
  return document.body.dataset.root ?? "";
}

/** A program that runs in a worker. */
export type Program = "runner" | "own_runner";

/** The program that answers each request. */
const PROGRAM_OF: Readonly<Record<Request["kind"], Program>> = {
  run: "runner",
  figure: "runner",
  exercise: "runner",
  proposal: "own_runner",
  hunt: "own_runner",
  dropped: "own_runner",
};

function makeWorker(program: Program): Worker {
  return new Worker(`${root()}assets/${program}.js`, { type: "module" });
}

/** Loads the library before it is needed. */
export function warmUp(program: Program): void {
  if (spare.has(program)) return;
  const worker = makeWorker(program);
  worker.onerror = () => spare.delete(program); // it could not be loaded: who asks gets a new one, and hears why
  spare.set(program, worker);
}

/**
 * Runs something in a worker. What runs already is ended, and its listener told so, before this returns: show that the new one runs afterwards.
 *
 * @param request What to do.
 * @param listener Who hears of it.
 * @param seconds How long it may take.
 */
export function ask(request: Request, { reply, ended }: Listener, seconds: number = LIMIT_SECONDS): void {
  busy?.stop("replaced by a newer run");
  const program = PROGRAM_OF[request.kind];
  const worker = spare.get(program) ?? makeWorker(program);
  spare.delete(program);
  const limit = () => stop(`ended after ${seconds} seconds: is there a loop without end?`, true);
  const timer = setTimeout(limit, seconds * 1000);
  const stop = (why: string, tooLong = false) => {
    clearTimeout(timer);
    worker.terminate();
    if (busy?.worker === worker) busy = undefined;
    ended(why, tooLong);
  };
  busy = { worker, stop };
  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    if (data.kind === "ready") return;
    reply(data);
    if (data.kind !== "done") return;
    clearTimeout(timer);
    if (busy?.worker === worker) busy = undefined;
    worker.terminate(); // what the reader's code has left in it ends with it
    warmUp(program);
  };
  worker.onerror = (event) => stop(event.message || "the worker ended");
  worker.postMessage(request);
}

/** Ends what runs. */
export function stopRun(): void {
  busy?.stop("stopped");
}
