/**
 * Runs a guest with the recorder until it is to end.
 *
 * @module
 */

import { printable } from "../../chapters/recorded/files/printable.ts";
import type { Streams } from "../command.ts";
import { onFirstSignal } from "../command/ending.ts";
import { start } from "../command/process.ts";
import { Control } from "./control.ts";
import { type Guest, serialOption, wiredArguments, type Wiring } from "./guest.ts";
import type { Until } from "./until.ts";

const LOOK = 50; // milliseconds from one look at the recorder to the next
const SAY = 1000; // from one line of progress to the next
const QUESTION_TIMEOUT = 2000; // that a question to QEMU may take
const STORE_TIMEOUT = 300; // in which a guest that is not idle stores something
const END_TIMEOUT = 15_000; // in which QEMU ends after it was told to
const MAX_TEXT = 4096; // letters of the serial line that are looked through

/** The end of a guest. */
export interface Ended {
  /** Number of the recorder's reason; 0 if it gave none. */
  readonly reason: number;
  /** Stores of the whole guest. */
  readonly stores: number;
  /** QEMU's exit code. */
  readonly code: number;
  /** The error output of QEMU. */
  readonly complaint: string;
  /** Milliseconds. */
  readonly time: number;
}

/**
 * Runs a guest.
 *
 * @param guest The guest.
 * @param wiring Where the recorder's files are.
 * @param until When it ends.
 * @param streams Where progress and the guest's serial line go.
 * @returns How it ended.
 */
export async function runGuest(guest: Guest, wiring: Wiring, until: Until, streams: Streams): Promise<Ended> {
  using control = new Control(`${wiring.folder}/control`);
  const serial = until.serial.length > 0 ? serialOption(guest) : [];
  const child = start(guest.program, [...wiredArguments(guest, wiring), ...serial], {
    cwd: streams.folder,
    stdout: "piped",
    stderr: "piped",
  });
  const began = performance.now();
  const end = Promise.withResolvers<void>();
  const forget = onFirstSignal(end.resolve);
  const timer = Number.isFinite(until.time) ? setTimeout(end.resolve, until.time) : undefined;
  const complaint = collect(child.stderr);
  const said = watchSerial(child.stdout, until.serial, streams, end.resolve);
  const looking = setInterval(() => {
    if (control.progress.ended !== 0) end.resolve();
  }, LOOK);
  const saying = setInterval(() => sayProgress(control, began, streams), SAY);
  await Promise.race([end.promise, child.status]);
  [looking, saying, timer].forEach(clearInterval);
  await finish(control, child);
  forget();
  await said;
  const { ended, stores } = control.progress;
  const { code } = await child.status;
  return { reason: ended, stores, code, complaint: await complaint, time: performance.now() - began };
}

/** Has the recorder end between two stores, then QEMU. */
async function finish(control: Control, child: Deno.ChildProcess): Promise<void> {
  const isOver = child.status.then(() => true);
  const wait = (milliseconds: number) => Promise.race([isOver, pause(milliseconds)]);
  control.stop();
  for (let waited = 0; control.progress.asking && waited < QUESTION_TIMEOUT && !await wait(LOOK); waited += LOOK);
  for (let waited = 0; control.progress.ended === 0 && waited < STORE_TIMEOUT && !await wait(LOOK); waited += LOOK);
  endChild(child, "SIGTERM");
  if (!await wait(END_TIMEOUT)) endChild(child, "SIGKILL");
  await child.status;
}

function endChild(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error; // it has ended
  }
}

function pause(milliseconds: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), milliseconds));
}

async function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) text = (text + chunk).slice(0, MAX_TEXT);
  return text.trim();
}

/** Hands on what the guest says, and ends when it says one of the texts. */
async function watchSerial(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  texts: readonly string[],
  { err }: Streams,
  end: () => void,
): Promise<void> {
  let last = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    err(chunk.split("\n").map(printable).join("\n"));
    last = (last + chunk).slice(-MAX_TEXT);
    if (texts.some((text) => last.includes(text))) end();
  }
}

function sayProgress(control: Control, began: number, { err, watched }: Streams): void {
  if (!watched) return;
  const { stores, records } = control.progress;
  const seconds = Math.round((performance.now() - began) / 1000);
  err(`\r${seconds} s, ${(stores / 1e6).toFixed(1)} million stores, ${records} records\r`);
}
