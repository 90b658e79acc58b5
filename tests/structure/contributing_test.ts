import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };

const root = new URL("../../", import.meta.url);
const text = await Deno.readTextFile(new URL("CONTRIBUTING.md", root));
const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map(([, words = ""]) => words);

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(new URL(path, root)).then(() => true, () => false);
}

Deno.test("every file and folder that CONTRIBUTING.md names with its path is there", async () => {
  const paths = quoted.filter((words) =>
    /^(core|chapters|tests|tools|docs)\/[\w./]+$/.test(words) && !words.includes("NN")
  );
  assert(paths.length > 20);
  const lost = await Promise.all(paths.map(async (path) => await exists(path) ? [] : [path]));
  assertEquals(lost.flat(), []);
});

Deno.test("every task that CONTRIBUTING.md names is one", () => {
  const tasks = new Set(quoted.flatMap((words) => /^deno task ([\w-]+)/.exec(words)?.[1] ?? []));
  assert(tasks.size > 8);
  assertEquals([...tasks].filter((task) => !(task in config.tasks)), []);
});

Deno.test("every room is in the table of CONTRIBUTING.md", async () => {
  for (const above of ["core", "chapters", "tests"]) {
    const inside = (await Array.fromAsync(Deno.readDir(new URL(above, root)))).filter(({ isDirectory }) => isDirectory);
    const rooms = inside.map(({ name }) => name).filter((name) => !/^\d\d_/.test(name));
    assertEquals(rooms.filter((room) => !quoted.includes(room) && !quoted.includes(`${above}/${room}`)), []);
  }
});
