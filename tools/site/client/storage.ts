/**
 * What the browser keeps for the reader. Where storage is full or forbidden, it lasts as long as the page.
 *
 * @module
 */

const kept = new Map<string, string>();

/** The text kept under a name, or null. */
export function stored(name: string): string | null {
  try {
    return localStorage.getItem(name) ?? kept.get(name) ?? null;
  } catch {
    return kept.get(name) ?? null;
  }
}

/**
 * Keeps a text under a name.
 *
 * @returns Whether it outlasts the page.
 */
export function store(name: string, text: string): boolean {
  kept.set(name, text);
  try {
    localStorage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}

/** Forgets the text under a name. */
export function forget(name: string): void {
  kept.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // storage is forbidden: it kept nothing
  }
}
