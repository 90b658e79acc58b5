/**
 * The import map of a run without JSR, computed from `deno.json` and its import map. An import map given to Deno replaces
 * the `imports` of `deno.json` and the package's own name, so all of them are repeated here.
 *
 * @module
 */

/** The names in `deno.json`: the package's own, and those that it imports. */
export interface PackageNames {
  readonly name: string;
  readonly exports: string | Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
}

/** The names that tests import from JSR, and the file of this folder that stands in for each. */
export const standIns: Readonly<Record<string, string>> = Object.freeze({
  "@std/assert": new URL("assert.js", import.meta.url).href,
  "@std/testing/bdd": new URL("bdd.ts", import.meta.url).href,
});

/** The source of `@std`. */
export type Std = "jsr" | "npm";

/**
 * Returns the `imports` of an import map that says what `deno.json` says.
 *
 * @param names the names that `deno.json` gives
 * @param root the folder of `deno.json`, as a URL that ends in a slash
 * @param std `"npm"`: no name needs JSR
 */
export function importMap(
  names: PackageNames,
  root: URL,
  std: Std = "npm",
): Record<string, string> {
  const imports: Record<string, string> = {};
  for (const [name, target] of Object.entries(names.imports)) {
    if (std === "npm" && target.startsWith("jsr:")) continue;
    imports[name] = target.startsWith(".") ? new URL(target, root).href : target;
    const [scheme = ""] = /^(npm|jsr):/.exec(target) ?? [];
    if (scheme !== "") imports[`${name}/`] = `${scheme}/${target.slice(scheme.length).replace(/^\//, "")}/`;
  }
  const exports = typeof names.exports === "string" ? { ".": names.exports } : names.exports;
  for (const [path, file] of Object.entries(exports)) {
    imports[names.name + path.slice(1)] = new URL(file, root).href;
  }
  return std === "npm" ? { ...imports, ...standIns } : imports;
}

/** Returns the import map as a `data:` URL, the form in which Deno takes one without a file. */
export function importMapUrl(names: PackageNames, root: URL): string {
  return dataUrl(importMap(names, root));
}

/**
 * Returns an import map by which nothing is imported but names, and files of the project and of a few other folders. It holds for every
 * kind of import: static ones ask for no permission, of whatever type they are, those of types included.
 *
 * @param names the names that `deno.json` gives
 * @param root the folder of `deno.json`, as a URL that ends in a slash
 * @param std where `@std` comes from
 * @param folders other folders, likewise
 */
export function closedMapUrl(names: PackageNames, root: URL, std: Std, folders: readonly URL[]): string {
  const open = Object.fromEntries([root, ...folders].map(({ href }) => [href, href]));
  return dataUrl({ ...importMap(names, root, std), ...open, "file:///": null });
}

function dataUrl(imports: Readonly<Record<string, string | null>>): string {
  return "data:application/json," + encodeURIComponent(JSON.stringify({ imports }));
}

/**
 * Returns the `jsr:` specifiers that the tests need, as `deno.json` pins them.
 *
 * @throws {RangeError} if `deno.json` does not import a name that has a stand-in
 */
export function jsrSpecifiers(names: PackageNames): string[] {
  return Object.keys(standIns).map((name) => {
    const found = Object.entries(names.imports).find(([key]) => name === key || name.startsWith(`${key}/`));
    if (found === undefined) {
      throw new RangeError(
        `Expected an import of "${name}" in deno.json but found none`,
      );
    }
    const [key, target] = found;
    return target + name.slice(key.length);
  });
}
