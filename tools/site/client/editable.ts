/**
 * Code on the page that can be edited in place.
 *
 * @module
 */

import { make } from "./shown.ts";

/** What the owner of the code wants to know. */
export interface EditableEvents {
  /** Called after every change, by the reader or by `set`. */
  readonly changed: (source: string) => void;
  /** Control and Enter in the editor. */
  readonly run: () => void;
  /** Name of the editor for those who do not see it. */
  readonly label: string;
}

/** Code as the reader has it. */
export class Editable {
  /** The code as it was shipped. */
  readonly original: string;
  #source: string;
  readonly #code: HTMLElement;
  readonly #events: EditableEvents;
  #replace: ((source: string) => void) | undefined;
  #opened = false;

  /**
   * @param code The element that shows the code.
   * @param events Who hears of it.
   */
  constructor(code: HTMLElement, events: EditableEvents) {
    this.#code = code;
    this.#events = events;
    this.original = this.#source = code.textContent ?? "";
    code.addEventListener("dblclick", () => void this.open());
  }

  /** The code as the reader has it. */
  get source(): string {
    return this.#source;
  }

  /** Whether it differs from what was shipped. */
  get edited(): boolean {
    return this.#source !== this.original;
  }

  /** Puts other code in place. */
  set(source: string): void {
    this.#source = source;
    if (this.#replace === undefined) this.#code.textContent = source;
    else this.#replace(source);
    this.#events.changed(source);
  }

  /** Opens the editor in place of the code. It is loaded when the first code is touched. */
  async open(): Promise<void> {
    if (this.#opened) return;
    this.#opened = true;
    const { openEditor } = await import(new URL("editor.js", import.meta.url).href) as typeof import("./editor.ts");
    const place = make("div", { class: "editor", "data-keys": "" });
    this.#code.after(place);
    this.#code.hidden = true;
    this.#replace = openEditor(place, this.#source, {
      changed: (source) => {
        this.#source = source;
        this.#events.changed(source);
      },
      run: this.#events.run,
      label: this.#events.label,
    });
  }
}

/** A button with words and what it does. */
export function button(words: string, act: () => void): HTMLButtonElement {
  const made = make("button", { type: "button" }, words) as HTMLButtonElement;
  made.addEventListener("click", act);
  return made;
}
