/**
 * What shows itself: in a notebook as HTML, in a chapter as text, table or figure.
 *
 * @module
 */

/** A result that a notebook shows in its own way. */
export abstract class Shown {
  constructor() {
    // The method by which a Jupyter kernel asks a value how it wants to be shown; not enumerable, so `Deno.inspect` leaves it out.
    Object.defineProperty(this, Symbol.for("Jupyter.display"), { value: () => this.mimeBundle() });
  }

  /** The representations, by MIME type. */
  abstract mimeBundle(): Readonly<Record<string, string>>;
}
