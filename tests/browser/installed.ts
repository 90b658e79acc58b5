/**
 * Whether a browser of Debian is installed.
 *
 * @module
 */

/** Why tests in a browser cannot run here, or undefined where they can. */
export function reasonWithout(program: string): string | undefined {
  try {
    if (Deno.statSync(program).isFile) return undefined;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return `no ${program}`;
}
