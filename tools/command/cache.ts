/**
 * The user's cache folder.
 *
 * @module
 */

/** The folder for what is fetched once and kept; the one for scratch files where the user has no home. */
export function cacheFolder(): string {
  const home = Deno.env.get("HOME") ?? Deno.env.get("LOCALAPPDATA");
  const base = Deno.env.get("XDG_CACHE_HOME") ?? (home ? `${home}/.cache` : Deno.env.get("TMPDIR") ?? "/tmp");
  return `${base}/pagetable-init`;
}
