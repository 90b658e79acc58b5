import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ROOT } from "../../tools/command/root.ts";

const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));
const REQUIREMENTS = "tools/notebooks/requirements.txt";

/** Where a version of Deno is named, and how. */
const DENO: Readonly<Record<string, RegExp>> = {
  ".ci/run": /deno_version=([\d.]+)/,
  ".devcontainer/devcontainer.json": /deno==([\d.]+)/,
  "binder/environment.yml": /deno>=([\d.]+)/,
  "docs/teachers.md": /deno==([\d.]+)/,
};

Deno.test("CI, Binder and the dev container name the same Deno", async () => {
  const found = await Promise.all(
    Object.entries(DENO).map(async ([path, version]) => [path, version.exec(await read(path))?.[1]]),
  );
  assertEquals(new Set(found.map(([, version]) => version)).size, 1, JSON.stringify(found));
});

Deno.test("Binder and the dev container take Jupyter's versions from the file of pins", async () => {
  for (const path of ["binder/postBuild", ".devcontainer/devcontainer.json"]) {
    const text = await read(path);
    assertEquals(text.includes(`-r ${REQUIREMENTS}`), true, path);
    assertEquals(/jupyterlab|nbclient|nbformat/.test(text), false, path);
  }
});

Deno.test("Binder, the dev container and the recipe for JupyterHub trust the notebooks that they ship", async () => {
  for (const path of ["binder/postBuild", ".devcontainer/devcontainer.json", "docs/teachers.md"]) {
    assertStringIncludes(await read(path), "jupyter trust notebooks/*.ipynb", path);
  }
});

Deno.test("every package in the file of pins has one version", async () => {
  const lines = (await read(REQUIREMENTS)).trim().split("\n").filter((line) => !line.startsWith("#"));
  assertEquals(lines.map((line) => line.split("==")[0]), ["jupyterlab", "nbclient", "nbformat", "notebook"]);
  for (const line of lines) assertMatch(line, /^[a-z-]+==\d+(\.\d+)+$/);
});
