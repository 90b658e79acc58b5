import { assertEquals, assertMatch } from "@std/assert";
import { ROOT } from "../../tools/command/root.ts";

const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));

/** Where a version of Deno is named, and how. */
const DENO: Readonly<Record<string, RegExp>> = {
  ".ci/run": /deno_version=([\d.]+)/,
  ".devcontainer/devcontainer.json": /deno==([\d.]+)/,
  ".github/workflows/publish.yml": /deno-version: ([\d.]+)/,
  ".github/workflows/site.yml": /deno-version: ([\d.]+)/,
  "binder/environment.yml": /deno>=([\d.]+)/,
  "classroom/requirements.txt": /deno==([\d.]+)/,
  "docs/teachers.md": /deno==([\d.]+)/,
};

Deno.test("CI, the workflows, Binder, the dev container and the class name the same Deno", async () => {
  const found = await Promise.all(
    Object.entries(DENO).map(async ([path, version]) => [path, version.exec(await read(path))?.[1]]),
  );
  assertEquals(new Set(found.map(([, version]) => version)).size, 1, JSON.stringify(found));
});

Deno.test("Binder, the dev container and the class take Jupyter's versions from the file of pins", async () => {
  for (const path of ["binder/postBuild", ".devcontainer/devcontainer.json", "classroom/setup"]) {
    const text = await read(path);
    assertMatch(text, /-r ("\$clone\/)?tools\/notebooks\/requirements\.txt/, path);
    assertEquals(/(jupyterlab|nbclient|nbformat)[=>]/.test(text), false, path);
  }
});

Deno.test("Binder, the dev container, a student's server and the recipe for other servers trust the notebooks that they ship", async () => {
  for (
    const path of [
      "binder/postBuild",
      ".devcontainer/devcontainer.json",
      "classroom/student-server",
      "docs/teachers.md",
    ]
  ) {
    assertMatch(await read(path), /jupyter"? trust notebooks\/\*\.ipynb/, path);
  }
});

const PACKAGES = {
  "tools/notebooks/requirements.txt": ["jupyterlab", "nbclient", "nbformat", "notebook"],
  "classroom/requirements.txt": ["jupyterhub", "jupyterhub-idle-culler", "nbgrader", "deno"],
};

Deno.test("every package in the files of pins has one version", async () => {
  for (const [path, packages] of Object.entries(PACKAGES)) {
    const lines = (await read(path)).trim().split("\n").filter((line) => !line.startsWith("#"));
    assertEquals(lines.map((line) => line.split("==")[0]), packages);
    for (const line of lines) assertMatch(line, /^[a-z-]+==\d+(\.\d+)+$/);
  }
});
