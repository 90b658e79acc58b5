/**
 * The rules of the house: who may import whom, and what a file looks like. Each takes the sources by path and returns a line for every breach.
 *
 * @module
 */

/** Texts of files, by path from the root of the project. */
export type Sources = ReadonlyMap<string, string>;

/** What each room of `core/` may import besides itself. Nothing in `mmu` knows that Xen exists; nothing in `kernel` knows which strategy runs. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = Object.freeze({
  mod: ["boot", "ids", "matrix", "memory_size", "platforms", "trace"],
  mmu: ["frozen", "check"],
  trace: ["check"],
  ids: [],
  frozen: [],
  check: ["ids"],
  memory_size: ["check"],
  mapper: ["mmu", "check"],
  xen: ["mmu", "frozen", "check"],
  hosts: ["mmu", "check"],
  tables: ["mmu", "check"],
  audit: ["mmu", "tables", "check"],
  dump: ["mmu", "tables", "check"],
  recording: ["mmu", "dump", "trace", "ids", "check"],
  paravirt: ["mmu", "xen", "hosts", "check"],
  kernel: ["mmu", "paravirt", "trace", "frozen", "check"],
  strategies: ["mmu", "paravirt", "kernel", "ids", "check"],
  platforms: ["mmu", "xen", "hosts", "kernel", "ids", "check"],
  setup: ["ids", "xen", "paravirt", "mmu", "kernel", "strategies", "platforms", "memory_size", "check"],
  environment: ["mmu", "xen", "hosts", "paravirt", "kernel", "platforms", "setup", "trace", "audit"],
  boot: ["check", "mmu", "kernel", "strategies", "platforms", "setup", "trace", "audit", "environment"],
  matrix: ["ids", "paravirt", "xen", "strategies", "platforms", "audit", "boot", "setup", "check"],
});

/** An import of a file. */
interface Import {
  /** What is imported: a path from the root, or a name. */
  readonly target: string;
  /** Whether it is gone when the program runs. */
  readonly typeOnly: boolean;
}

const IMPORT =
  /^(?:import|export)\s+(?:([^"';]*?)\s*from\s*)?"([^"]+)"|\b(?:import|new URL)\("([^"]+\.ts|[^"./][^"]*)"(?:, import\.meta\.url)?\)/gm;

function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, "");
}

function importsOf(path: string, text: string): Import[] {
  return [...withoutComments(text).matchAll(IMPORT)].map(([, names, plain, dynamic]) => {
    const said = plain ?? dynamic ?? "";
    const target = said.startsWith(".") ? new URL(said, `at:/${path}`).pathname.slice(1) : said;
    return { target, typeOnly: names?.startsWith("type ") ?? false };
  });
}

/** `mmu` for `core/mmu/walk.ts`, `boot` for `core/boot.ts`. */
function roomOf(path: string): string {
  return (path.split("/")[1] ?? "").replace(/\.ts$/, "");
}

/** Imports of `core/` that leave it, or go against the direction of `MAY_IMPORT`; `mod.ts` has nothing but exports of `core/`. */
export function directionBreaches(sources: Sources): string[] {
  const breaches: string[] = [];
  for (const [path, text] of sources) {
    if (path !== "mod.ts" && !path.startsWith("core/")) continue;
    const room = roomOf(path);
    if (path !== "mod.ts" && MAY_IMPORT[room] === undefined) breaches.push(`${path}: ${room} is no room of core`);
    for (const { target } of importsOf(path, text)) {
      const inside = target.startsWith("core/");
      const free = path === "mod.ts" || roomOf(target) === room || MAY_IMPORT[room]?.includes(roomOf(target));
      if (!inside || !free) breaches.push(`${path} may not import ${target}`);
    }
  }
  const left = withoutComments(sources.get("mod.ts") ?? "").replace(/^export (\*|\{[^}]*\}) from "[^"]+";$/gm, "");
  if (left.trim() !== "") breaches.push(`mod.ts does more than export: ${left.trim()}`);
  return breaches;
}

/** The layers of the project: each may import itself and those before it, and nothing may import what comes after. */
const LAYERS: readonly string[] = ["core", "mod.ts", "chapters", "tools", "tests"];

/** Imports of a layer above: nothing outside `tests/` imports from `tests/`, no chapter imports a tool. */
export function layerBreaches(sources: Sources): string[] {
  const layerOf = (path: string) => LAYERS.indexOf(path.split("/")[0] ?? "");
  return [...sources].flatMap(([path, text]) =>
    importsOf(path, text)
      .filter(({ target }) => layerOf(target) > layerOf(path))
      .map(({ target }) => `${path} may not import ${target}`)
  );
}

/** The folder of a file. A file at the top of a layer, as `core/boot.ts` and `tools/audit.ts`, is a room of its own. */
function folderOf(path: string): string {
  const parts = path.split("/");
  return parts.length < 3 ? path : parts.slice(0, -1).join("/");
}

/** Folders that import each other in a circle, types included. Tests may: they are read one at a time. */
export function folderCircles(sources: Sources): string[] {
  const reach = new Map<string, Set<string>>();
  for (const [path, text] of sources) {
    if (path.startsWith("tests/")) continue;
    const from = folderOf(path);
    const to = importsOf(path, text).map(({ target }) => target).filter((target) => sources.has(target)).map(folderOf);
    reach.set(from, new Set([...reach.get(from) ?? [], ...to.filter((folder) => folder !== from)]));
  }
  return circlesOf([...reach.keys()], (folder) => [...reach.get(folder) ?? []]);
}

/** Files that import each other in a circle when the program runs. Types alone may. */
export function circles(sources: Sources): string[] {
  const next = (path: string) =>
    importsOf(path, sources.get(path) ?? "")
      .filter(({ target, typeOnly }) => !typeOnly && sources.has(target))
      .map(({ target }) => target);
  return circlesOf([...sources.keys()].filter((path) => !path.startsWith("tests/")), next);
}

/** Ways from a name back to itself, each as `a -> b -> a`. */
function circlesOf(names: readonly string[], next: (name: string) => readonly string[]): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (name: string, way: readonly string[]) => {
    if (way.includes(name)) found.push([...way.slice(way.indexOf(name)), name].join(" -> "));
    if (done.has(name) || way.includes(name)) return;
    for (const target of next(name)) visit(target, [...way, name]);
    done.add(name);
  };
  for (const name of names) visit(name, []);
  return found;
}

const OUTER_WORLD = /(?<![.\w"'`-])(Deno|console|process|document|localStorage)(?=[.([])/g;

/** Words of `core/` that not every place where it runs has. */
export function outerWorld(sources: Sources): string[] {
  return [...sources].filter(([path]) => path.startsWith("core/")).flatMap(([path, text]) =>
    [...withoutComments(text).matchAll(OUTER_WORLD)].map(([word]) => `${path} uses ${word}`)
  );
}

/** Names by which a chapter's programs reach what is not their own: the package, its parts, what chapters draw with, assertions. */
const NAMES = /^@(pagetable-init\/(textbook(\/\w+)?|chapters(\/hunting)?)|std\/assert)$/;

/** Imports of a chapter's exercises that a reader could not write: anything but names, and files of the exercise itself. */
export function chapterBreaches(sources: Sources): string[] {
  return [...sources].filter(([path]) => /^chapters\/\d/.test(path)).flatMap(([path, text]) =>
    importsOf(path, text)
      .filter(({ target }) => !NAMES.test(target) && !target.startsWith(path.slice(0, path.lastIndexOf("/") + 1)))
      .map(({ target }) => `${path} may not import ${target}`)
  );
}

/** What stands in one place: the words by which it is known, where they may stand, and what to use elsewhere. */
const ONE_PLACE: readonly {
  readonly words: RegExp;
  readonly within: RegExp;
  readonly places: readonly string[];
  readonly instead: string;
}[] = [
  {
    words: /<< (12|29)\b|& 0x(80|1ff|3ff)\b|\b\w*[lL]o & 1\b|>>> 27\b/,
    within: /^core\//,
    places: ["core/mmu/entry.ts", "core/mmu/reserved_bits.ts", "core/mmu/walk.ts", "core/xen/frame_table.ts"],
    instead: "frameOf, flagsOf, lowWord and highWord of core/mmu/entry.ts, indexAt, tableType, or the bit by its name",
  },
  {
    words: /\bnew Deno\.Command\b/,
    within: /^(chapters|tools|tests)\//,
    places: ["tools/command/process.ts", "tests/structure/structure_test.ts", "tests/tools/runner_test.ts"],
    instead: "run, runDeno or start of tools/command/process.ts",
  },
  {
    words: /\bparseArgs\b/,
    within: /^(chapters|tools)\//,
    places: ["tools/command/arguments.ts"],
    instead: "a Command of tools/command.ts",
  },
  {
    words: /\bDeno\.(exit|exitCode)\b/,
    within: /^(chapters|tools)\//,
    places: ["tools/command.ts", "tools/command/ending.ts", "tools/reference/xen/check.ts"],
    instead: "main of tools/command.ts",
  },
  {
    words: /\.padEnd\(|\.padStart\((?![^()]*(\([^()]*\)[^()]*)*, "0"\))/,
    within: /^(chapters|tools)\//,
    places: ["chapters/shown/columns.ts"],
    instead: "columns of chapters/shown/columns.ts",
  },
  {
    words: /\bDeno\.(writeTextFile|writeFile|create)(Sync)?\b/,
    within: /^(chapters|tools)\//,
    places: [
      "tools/command/whole_file.ts",
      // scratch folders, which go with the run
      "tools/book/programs.ts",
      "tools/book/write.ts",
      "tools/docs/site.ts",
      "tools/exercises/variants.ts",
      "tools/mutants/copy.ts",
      "tools/notebooks/execute.ts",
      "tools/reference/live/bochs.ts",
      "tools/reference/live/qemu.ts",
      "tools/reference/xen/ask.ts",
    ],
    instead: "writeWhole of tools/command/whole_file.ts",
  },
  {
    words: /\bDeno\.makeTempDir(Sync)?\b/,
    within: /^(chapters|tools)\//,
    places: ["tools/command/scratch.ts"],
    instead: "withScratch of tools/command/scratch.ts",
  },
  {
    words: /new URL\("(\.\.\/)+", import\.meta\.url\)/,
    within: /^(chapters|tools)\//,
    places: ["tools/command/root.ts"],
    instead: "ROOT of tools/command/root.ts",
  },
  {
    words: /\bframeDataSha256: await\b/,
    within: /^(core|chapters|tools)\//,
    places: ["core/dump/write.ts"],
    instead: "writeState of core/dump/write.ts",
  },
  {
    words: /\.filter\(\(part\) => part\.kind === "block"\)/,
    within: /^tools\//,
    places: ["tools/book/parse.ts"],
    instead: "blocksOf of tools/book/parse.ts",
  },
];

/** What is written again where one function does it for all. */
export function repeated(sources: Sources): string[] {
  return ONE_PLACE.flatMap(({ words, within, places, instead }) =>
    [...sources]
      .filter(([path, text]) => within.test(path) && !places.includes(path) && words.test(withoutComments(text)))
      .map(([path]) => `${path} does by itself what ${instead} does`)
  );
}

/** Every task is a command: its program ends with `main` of one. */
export function taskBreaches(sources: Sources): string[] {
  return [...sources]
    .filter(([path]) => /^tools\/\w+\.ts$/.test(path) && path !== "tools/command.ts")
    .filter(([, text]) => !/^if \(import\.meta\.main\) await main\(\w+(\(Deno\.args\))?\);\n$/m.test(text))
    .map(([path]) => `${path} does not end with main of its command`);
}

const MAX_LINES = 350;

/** Files that are too long, are not named in snake_case, or have an `enum` or a default export. */
export function shapeBreaches(sources: Sources): string[] {
  return [...sources].flatMap(([path, text]) => {
    const lines = text.split("\n").length - 1;
    const code = withoutComments(text);
    return [
      lines > MAX_LINES ? `${path} has ${lines} lines, more than ${MAX_LINES}` : [],
      /^[a-z0-9_.]+$/.test(path.slice(path.lastIndexOf("/") + 1)) ? [] : `${path} is not named in snake_case`,
      /^export default\b/m.test(code) ? `${path} has a default export` : [],
      /^(export )?(const )?enum\b/m.test(code) ? `${path} has an enum` : [],
      path.startsWith("core/") && /\bUint8Array</.test(code)
        ? `${path} has a Uint8Array of a kind that TypeScript 5.0 lacks`
        : [],
    ].flat();
  });
}
