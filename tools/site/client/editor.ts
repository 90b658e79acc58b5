/**
 * The editor, loaded when a block is touched.
 *
 * @module
 */

import { javascript } from "@codemirror/lang-javascript";
import { basicSetup, EditorView } from "codemirror";

/** What the page wants to know. */
export interface EditorEvents {
  readonly changed: (source: string) => void;
  /** Control and Enter. */
  readonly run: () => void;
  /** Tells the editor of a source that the page puts in. */
  readonly replaced: (listener: (source: string) => void) => void;
  readonly label: string;
}

/**
 * Opens an editor.
 *
 * @param place Where.
 * @param source Its text.
 * @param events Who hears of it.
 */
export function openEditor(place: HTMLElement, source: string, { changed, run, replaced, label }: EditorEvents): void {
  const view = new EditorView({
    parent: place,
    doc: source,
    extensions: [
      EditorView.domEventHandlers({
        keydown: (event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return false;
          run();
          return true;
        },
      }),
      basicSetup,
      javascript({ typescript: true }),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": label }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) changed(update.state.doc.toString());
      }),
    ],
  });
  replaced((text) => {
    if (text !== view.state.doc.toString()) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    }
  });
  view.focus();
}
