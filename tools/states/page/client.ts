/**
 * The program of the page: a table as a grid that one zooms into, an entry, and the walk to it. Sent to the page as text, as `space.ts` is.
 *
 * @module
 */

import {
  addressText,
  belowTable,
  both,
  entryAt,
  limited,
  openSpace,
  ownRights,
  pageIn,
  rightsOf,
  sizeOf,
  type Space,
} from "./space.ts";

/** Where one looks: the tables from the root to the one that is shown, and the entry that is chosen. */
export interface Sight {
  /** Index in each table above, root first. */
  readonly path: readonly number[];
  readonly chosen: number;
}

/** What a sight shows. */
export interface Shown {
  readonly depth: number;
  readonly frame: number;
  /** First page below the table. */
  readonly page: number;
  /** Rights that the levels above leave. */
  readonly above: number;
  readonly steps: readonly string[];
}

/** The table of a path; the path is cut where there is none. */
export function shownAt(space: Space, path: readonly number[]): Shown {
  const { levels, root } = space.data;
  let shown: Shown = { depth: 0, frame: root, page: 0, above: 3, steps: [] };
  for (const index of path) {
    const level = levels[shown.depth];
    const entry = entryAt(space, shown.depth, shown.frame, index);
    if (level === undefined || entry.kind !== "table") break;
    shown = {
      depth: shown.depth + 1,
      frame: entry.frame,
      page: shown.page + index * 2 ** (level.shift - 12),
      above: both(ownRights(level, entry.hi, entry.lo), shown.above),
      steps: [...shown.steps, stepText(space, shown, index)],
    };
  }
  return shown;
}

/** One entry of a walk in words. */
export function stepText(space: Space, { depth, frame }: Pick<Shown, "depth" | "frame">, index: number): string {
  const level = space.data.levels[depth];
  const { hi, lo, kind } = entryAt(space, depth, frame, index);
  const digits = (word: number) => (word >>> 0).toString(16).padStart(8, "0");
  const words = `0x${space.data.entryWords === 2 ? digits(hi) : ""}${digits(lo)}`;
  const large = level !== undefined && level.shift > 12 && kind === "leaf";
  const names = ["P", "RW", "US", "PWT", "PCD", "A", "D", large ? "PS" : "", "G"];
  const flags = names.filter((name, bit) => name !== "" && (lo & (1 << bit)) !== 0).concat(hi < 0 ? ["NX"] : []);
  return `${level?.entry ?? "?"} ${index} of the table in frame 0x${frame.toString(16)}: ${words} ${
    flags.join(" ")
  } (${kind})`;
}

/** The path to the table that has a page, as deep as tables go, and the entry there. */
export function sightOf(space: Space, page: number, pages: number): Sight {
  const path: number[] = [];
  for (let depth = 0;; depth++) {
    const level = space.data.levels[depth];
    if (level === undefined) return { path: path.slice(0, -1), chosen: path.at(-1) ?? 0 };
    const each = 2 ** (level.shift - 12);
    const index = Math.floor(page / each) % 2 ** level.bits;
    const { frame } = shownAt(space, path);
    const inside = page % each + pages <= each;
    if (!inside || entryAt(space, depth, frame, index).kind !== "table") return { path, chosen: index };
    path.push(index);
  }
}

/** What is worst below an entry: the name of its colour. */
export function paintOf(kind: string, rights: number): string {
  if (kind === "absent") return "absent";
  if (kind === "reserved" || kind === "missing") return "odd";
  const has = (test: (set: number) => boolean) =>
    Array.from({ length: 8 }, (_, set) => set).some((set) => (rights & (1 << set)) !== 0 && test(set));
  if (has((set) => (set & 5) === 1)) return "writeExec";
  if (has((set) => (set & 4) === 0)) return "exec";
  if (has((set) => (set & 1) !== 0)) return "write";
  return rights === 0 ? "absent" : "read";
}

/** Names of regions at some pages. */
export function regionsAt(space: Space, page: number, pages: number): string[] {
  return space.data.regions.filter(({ first, end }) => first < page + pages && end > page).map(({ name, guess }) =>
    guess ? `${name} (a guess)` : name
  );
}

/** Ids of findings at some pages. */
export function findingsAt(space: Space, page: number, pages: number): string[] {
  return space.data.findings.filter(({ places }) =>
    places.some(([first, count]) => first < page + pages && first + count > page)
  )
    .map(({ id, severity }) => `${severity}: ${id}`);
}

/** Starts the page. */
export async function startSpace(): Promise<void> {
  const json = document.getElementById("space-data")?.textContent ?? "{}";
  const packed = Uint8Array.from(
    atob(document.getElementById("space-frames")?.textContent ?? ""),
    (letter) => letter.charCodeAt(0),
  );
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const space = openSpace(JSON.parse(json), new Uint8Array(await new Response(stream).arrayBuffer()));
  const grid = document.getElementById("grid") as HTMLElement;
  let sight: Sight = { path: [], chosen: 0 };
  const go = (next: Sight, focus: boolean) => {
    sight = next;
    drawTable(space, sight, grid);
    drawEntry(space, sight);
    if (focus) (grid.children[sight.chosen] as HTMLElement | undefined)?.focus();
  };
  const zoomIn = () => {
    const { depth, frame } = shownAt(space, sight.path);
    if (entryAt(space, depth, frame, sight.chosen).kind === "table") {
      go({ path: [...sight.path, sight.chosen], chosen: 0 }, true);
    }
  };
  const zoomOut = () => {
    if (sight.path.length > 0) go({ path: sight.path.slice(0, -1), chosen: sight.path.at(-1) ?? 0 }, true);
  };
  grid.addEventListener("click", (event) => {
    const index = [...grid.children].indexOf(event.target as Element);
    if (index < 0) return;
    const again = index === sight.chosen;
    go({ ...sight, chosen: index }, true);
    if (again) zoomIn();
  });
  grid.addEventListener("keydown", (event) => {
    const last = grid.children.length - 1;
    const moves: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: 32,
      ArrowUp: -32,
      Home: -last,
      End: last,
    };
    const move = moves[event.key];
    if (move !== undefined) go({ ...sight, chosen: Math.min(last, Math.max(0, sight.chosen + move)) }, true);
    else if (event.key === "Enter" || event.key === "+") zoomIn();
    else if (event.key === "Backspace" || event.key === "Escape" || event.key === "-") zoomOut();
    else return;
    event.preventDefault();
  });
  document.getElementById("out")?.addEventListener("click", zoomOut);
  document.getElementById("in")?.addEventListener("click", zoomIn);
  document.getElementById("goto")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const input = document.getElementById("address") as HTMLInputElement;
    const page = pageIn(space, input.value);
    input.setAttribute("aria-invalid", `${page < 0}`);
    if (page >= 0) go(sightOf(space, page, 1), true);
  });
  for (const button of document.querySelectorAll<HTMLElement>("[data-page]")) {
    button.addEventListener(
      "click",
      () => go(sightOf(space, Number(button.dataset["page"]), Number(button.dataset["pages"])), true),
    );
  }
  go(sight, false);
}

/** Draws the entries of the table that is shown. */
export function drawTable(space: Space, { path, chosen }: Sight, grid: HTMLElement): void {
  const { depth, frame, page, above } = shownAt(space, path);
  const level = space.data.levels[depth];
  if (level === undefined) return;
  const each = 2 ** (level.shift - 12);
  const count = 2 ** level.bits;
  while (grid.children.length > count) grid.lastElementChild?.remove();
  while (grid.children.length < count) grid.append(document.createElement("button"));
  for (let index = 0; index < count; index++) {
    const cell = grid.children[index] as HTMLElement;
    const entry = entryAt(space, depth, frame, index);
    const rights = limited(entry.below.rights, above);
    const first = page + index * each;
    const marks = findingsAt(space, first, each).filter((text) => !text.startsWith("note"));
    cell.className = `${paintOf(entry.kind, rights)}${entry.kind === "table" ? " table" : ""}${
      marks.length > 0 ? " marked" : ""
    }`;
    cell.tabIndex = index === chosen ? 0 : -1;
    cell.setAttribute("aria-pressed", `${index === chosen}`);
    cell.style.setProperty("--full", `${0.35 + 0.65 * (entry.below.pages / each) ** 0.25}`);
    cell.setAttribute(
      "aria-label",
      `${addressText(space, first, 0)}, ${entry.kind}, ${sizeOf(entry.below.pages)} mapped`,
    );
    cell.title = `${addressText(space, first, 0)}: ${sizeOf(entry.below.pages)} mapped`;
  }
  const total = belowTable(space, depth, frame).pages;
  const where = document.getElementById("where");
  if (where === null) return;
  const names = regionsAt(space, page, count * each);
  const regions = names.length === 0 || depth === 0 ? "" : `; regions: ${names.slice(0, 6).join(", ")}`;
  const size = `${sizeOf(count * each)}, ${sizeOf(total)} of it mapped; each square is ${sizeOf(each)}`;
  const end = addressText(space, page + count * each - 1, 4095);
  where.textContent = `${addressText(space, page, 0)} to ${end}: ${size}${regions}`;
}

/** Says what the chosen entry is, and the walk to it. */
export function drawEntry(space: Space, { path, chosen }: Sight): void {
  const shown = shownAt(space, path);
  const level = space.data.levels[shown.depth];
  const panel = document.getElementById("entry");
  if (level === undefined || panel === null) return;
  const each = 2 ** (level.shift - 12);
  const first = shown.page + chosen * each;
  const entry = entryAt(space, shown.depth, shown.frame, chosen);
  const rights = limited(entry.below.rights, shown.above);
  const sets = Array.from({ length: 8 }, (_, set) => set).filter((set) => (rights & (1 << set)) !== 0).map(rightsOf);
  const lines = [
    `${addressText(space, first, 0)} to ${addressText(space, first + each - 1, 4095)}, ${sizeOf(each)}`,
    `${sizeOf(entry.below.pages)} mapped${sets.length === 0 ? "" : `, ${sets.join(" ")}`}${
      entry.kind === "leaf" ? `, frame 0x${entry.frame.toString(16)}` : ""
    }`,
    ...regionsAt(space, first, each).map((name) => `region: ${name}`),
    ...findingsAt(space, first, each),
    "walk:",
    ...shown.steps,
    stepText(space, shown, chosen),
  ];
  panel.replaceChildren(...lines.map((line) => {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  }));
}
