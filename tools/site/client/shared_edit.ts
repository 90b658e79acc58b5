/**
 * An edit in the address, to be sent to somebody.
 *
 * @module
 */

/** An edit that came with the address. */
export interface SharedEdit {
  /** What was edited: the number of a block, or another name. */
  readonly name: string;
  /** The edited code; undefined if the address does not have it whole. */
  readonly source: string | undefined;
}

/**
 * Puts an edit into the address, and the address onto the clipboard where that is allowed.
 *
 * @param name What was edited.
 * @param source The edited code.
 * @param say Is told what was done.
 */
export async function shareEdit(name: string, source: string, say: (words: string) => void): Promise<void> {
  const edit = btoa(String.fromCharCode(...new TextEncoder().encode(source)));
  history.replaceState(null, "", `#edit=${name}.${encodeURIComponent(edit)}`);
  say("the address has your edit now");
  await navigator.clipboard?.writeText(location.href).then(() => say("copied: the address has your edit"), () => {});
}

/** The edit that came with the address, if one did. */
export function sharedEdit(): SharedEdit | undefined {
  const [, name, text] = /^#edit=(\w+)\.(.+)$/.exec(location.hash) ?? [];
  if (name === undefined || text === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(decodeURIComponent(text)), (letter) => letter.charCodeAt(0));
    return { name, source: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { name, source: undefined };
  }
}
