/**
 * Keeps the outputs of a notebook. Deno 2.9.6's kernel may tell that a cell is done before it sends what the cell shows, and
 * front ends then drop it. Importing this module, as the first cell of a notebook does with the chapters, makes every cell wait
 * until its output is under way. Outside a kernel it does nothing.
 *
 * @module
 */

/** Milliseconds of one wait. The kernel empties its queue in less than one, if it gets the processor. */
const WAIT = 10;
/** A wait that takes this many milliseconds too long means that other processes use the processor. Then it waits again, up to this many times. */
const LATE = 5;
const MAX_WAITS = 20;

const SETTLES = Symbol("settles");

/**
 * Makes a kernel wait for its outputs.
 *
 * @param runtime The `Deno` namespace: in a kernel it has `jupyter.broadcastResult` among its internals.
 * @returns Whether it is a kernel that waited for nothing before.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { settleOutputs } from "@pagetable-init/chapters";
 *
 * assertEquals(settleOutputs({}), false);
 * ```
 */
export function settleOutputs(runtime: object): boolean {
  const jupyter = jupyterOf(runtime);
  const send = jupyter?.broadcastResult;
  if (jupyter === undefined || typeof send !== "function" || SETTLES in send) return false;
  const settles = async (...shown: unknown[]): Promise<void> => {
    await send.apply(jupyter, shown);
    await settled();
  };
  jupyter.broadcastResult = Object.assign(settles, { [SETTLES]: true });
  return true;
}

/** Waits; on a busy machine for longer. */
async function settled(): Promise<void> {
  for (let waits = 0, late = true; late && waits < MAX_WAITS; waits++) {
    const begin = performance.now();
    await new Promise((done) => setTimeout(done, WAIT));
    late = performance.now() - begin > WAIT + LATE;
  }
}

function jupyterOf(runtime: object): Record<string, unknown> | undefined {
  const internal: unknown = Reflect.get(runtime, "internal");
  const internals: unknown = typeof internal === "symbol" ? Reflect.get(runtime, internal) : undefined;
  return isRecord(internals) && isRecord(internals.jupyter) ? internals.jupyter : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

if ("Deno" in globalThis) settleOutputs(Deno);
