/**
 * The editor, loaded when code is touched. Its colours are those of the page, on light paper and on dark.
 *
 * @module
 */

import { javascript } from "@codemirror/lang-javascript";
import { syntaxHighlighting } from "@codemirror/language";
import { classHighlighter } from "@lezer/highlight";
import { basicSetup, EditorView } from "codemirror";
import type { EditableEvents } from "./editable.ts";

const THEME = EditorView.theme({
  ".cm-content": { caretColor: "var(--fig-ink)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--fig-ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--fig-clean) 28%, transparent)",
  },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--fig-muted)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": {
    backgroundColor: "color-mix(in srgb, var(--fig-ink) 5%, transparent)",
  },
  ".cm-tooltip, .cm-panels": {
    backgroundColor: "var(--fig-paper)",
    color: "var(--fig-ink)",
    border: "1px solid var(--fig-line)",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "color-mix(in srgb, var(--fig-clean) 28%, var(--fig-paper))",
    color: "var(--fig-ink)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--fig-clean) 28%, transparent)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "color-mix(in srgb, var(--fig-stopped) 28%, transparent)" },
});

/**
 * Opens an editor.
 *
 * @param place Where.
 * @param source Its text.
 * @param events Who hears of it.
 * @returns Puts another text into it.
 */
export function openEditor(
  place: HTMLElement,
  source: string,
  { changed, run, label }: EditableEvents,
): (source: string) => void {
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
      syntaxHighlighting(classHighlighter),
      basicSetup,
      THEME,
      javascript({ typescript: true }),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": label }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) changed(update.state.doc.toString());
      }),
    ],
  });
  view.focus();
  return (text) => {
    if (text !== view.state.doc.toString()) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    }
  };
}
