/**
 * Results that define their own display: in a notebook by Jupyter's means, in a chapter as text, table or figure.
 *
 * No representation may depend on whether a front end trusts the notebook: one that does not trust it keeps the letters of an
 * inline `<svg>` and drops the rest, and `nbconvert --sanitize-html` shows the letters of most tags. So results are images, HTML of a
 * few tags (`kept_html.ts`) and plain text.
 *
 * @module
 */

/** The representations of one output, by MIME type. Front ends choose the richest that they know and allow. */
export type MimeBundle = Readonly<Record<string, string>>;

/** A result that a notebook shows in its own way. */
export abstract class Shown {
  constructor() {
    // The method by which a Jupyter kernel asks a value how it wants to be shown; not enumerable, so `Deno.inspect` leaves it out.
    Object.defineProperty(this, Symbol.for("Jupyter.display"), { value: () => display(this.outputs()) });
  }

  /** The outputs of a notebook cell, one below the other. */
  abstract outputs(): readonly [...MimeBundle[], MimeBundle];
}

/** Sends all outputs but the last, and returns that: it becomes the result of the cell. */
async function display(outputs: readonly [...MimeBundle[], MimeBundle]): Promise<MimeBundle> {
  const above = outputs.slice(0, -1);
  for (const data of above) await broadcast({ data, metadata: {}, transient: {} });
  return outputs.at(-1) ?? {};
}

/** Deno's kernel has `Deno.jupyter.broadcast`, which the types know only where it is declared unstable. */
async function broadcast(content: object): Promise<void> {
  const deno: unknown = Reflect.get(globalThis, "Deno");
  const jupyter: unknown = typeof deno === "object" && deno !== null ? Reflect.get(deno, "jupyter") : undefined;
  const send: unknown = typeof jupyter === "object" && jupyter !== null ? Reflect.get(jupyter, "broadcast") : undefined;
  if (typeof send === "function") await send.call(jupyter, "display_data", content);
}
