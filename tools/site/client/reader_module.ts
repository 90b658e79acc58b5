/**
 * A file of the reader's as a module, made of its text.
 *
 * @module
 */

import { transform } from "sucrase";

type ModuleBody = (exports: object, require: (name: string) => object, Deno: object) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => ModuleBody;

/**
 * Runs a file.
 *
 * @param name Its name, for messages.
 * @param source TypeScript; its types are taken away, not checked.
 * @param modules The modules that it may import, by name.
 * @param deno What it sees as `Deno`.
 * @returns Its exports.
 * @throws {SyntaxError} If it does not parse; or what it throws itself.
 */
export async function moduleOf(
  name: string,
  source: string,
  modules: (name: string) => object,
  deno: object = {},
): Promise<{ readonly [name: string]: unknown }> {
  const exports = {};
  await new AsyncFunction("exports", "require", "Deno", plainCode(name, source))(exports, modules, deno);
  return exports;
}

/** The file without types and with its imports as calls, line by line where it was. */
function plainCode(name: string, source: string): string {
  try {
    return transform(source, { transforms: ["typescript", "imports"], keepUnusedImports: true }).code;
  } catch (error) {
    const { message } = error as Error;
    const words = message.replace(/^Error transforming [^:]*: /, "");
    throw new SyntaxError(words.replace(/ ?\((\d+):\d+\)$/, (_, line: string) => ` (${name}, line ${line})`));
  }
}
