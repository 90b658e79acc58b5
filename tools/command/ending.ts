/**
 * The tidying up at the end of a command, however it ends: children, scratch folders, half-written files.
 *
 * @module
 */

/** The signals that ask a process to end, and their numbers. A system that has one of them not is not asked about it. */
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
type Signal = keyof typeof SIGNALS;

/** Milliseconds that all undoing together may take: a child may not want to end. */
const UNDO_TIMEOUT = 10_000;

const undos = new Set<() => unknown>();
const heard = new Map<Signal, () => void>();
let endedBy: Signal | undefined;
let name = "";

/** Says what the line about a signal begins with. */
export function nameEnding(command: string): void {
  name = command;
}

/** Whether a signal has asked this process to end: what is said from then on is not about the command's work. */
export function isEnding(): boolean {
  return endedBy !== undefined;
}

/**
 * Has something undone if a signal ends the process. Without anything to undo a signal ends it at once, as it does any program.
 *
 * @param undo Undoes it. The last that was registered is undone first. A text that it returns is added to the line about the signal.
 * @returns Call it when there is nothing to undo any more.
 */
export function onSignalEnd(undo: () => unknown): () => void {
  if (undos.size === 0) listen();
  undos.add(undo);
  return () => {
    undos.delete(undo);
    if (undos.size === 0 && endedBy === undefined) unlisten();
  };
}

/** Milliseconds in which a second signal is the same: on Ctrl-C the terminal and `deno task` send one each. */
const SAME_SIGNAL = 1_000;

let finish: (() => void) | undefined;
let finishing = 0;

/**
 * Has the first signal finish the work early and keep what was done. A later one ends the process as ever. There must be something to undo meanwhile.
 *
 * @param early Has the work come to its end.
 * @returns Call it when the work is done.
 */
export function onFirstSignal(early: () => void): () => void {
  finish = early;
  return () => finish = undefined;
}

function hear(signal: Signal): void {
  if (finish !== undefined && finishing === 0) {
    finishing = Date.now();
    finish();
  } else if (finish === undefined || Date.now() - finishing > SAME_SIGNAL) void end(signal);
}

function listen(): void {
  for (const signal of Object.keys(SIGNALS) as Signal[]) {
    const listener = () => hear(signal);
    try {
      Deno.addSignalListener(signal, listener);
      heard.set(signal, listener);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // Windows does not have them all
    }
  }
}

function unlisten(): void {
  for (const [signal, listener] of heard) Deno.removeSignalListener(signal, listener);
  heard.clear();
}

/** Undoes everything and ends, with the exit code that a shell gives to the signal. */
async function end(signal: Signal): Promise<void> {
  if (endedBy !== undefined) return; // on Ctrl-C the terminal and `deno task` send one each
  endedBy = signal;
  const timeout = setTimeout(() => Deno.exit(128 + SIGNALS[signal]), UNDO_TIMEOUT);
  const notes: string[] = [];
  for (const undo of [...undos].reverse()) {
    try {
      const note = await undo();
      if (typeof note === "string") notes.push(note);
    } catch {
      // the next must be undone all the same
    }
  }
  clearTimeout(timeout);
  sayEnding([`ended by ${signal}`, ...notes].join("; "));
  Deno.exit(128 + SIGNALS[signal]);
}

/** One line, if somebody can read it. */
function sayEnding(what: string): void {
  try {
    if (name !== "") Deno.stderr.writeSync(new TextEncoder().encode(`${name}: ${what}\n`));
  } catch {
    // the terminal has gone: that is what SIGHUP says
  }
}
