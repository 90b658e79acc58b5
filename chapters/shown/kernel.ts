/**
 * Keeps the outputs of a notebook. Deno 2.9.6's kernel may tell that a cell is done before it sends what the cell shows, and
 * front ends then drop it. Importing this module, as the first cell of a notebook does with the chapters, makes every cell wait
 * until its output is under way. Outside a kernel it does nothing.
 *
 * @module
 */

/** Milliseconds that a cell waits: the kernel's own queue is emptied in less than one. */
const WAIT = 5;

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
    await new Promise((done) => setTimeout(done, WAIT));
  };
  jupyter.broadcastResult = Object.assign(settles, { [SETTLES]: true });
  return true;
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
