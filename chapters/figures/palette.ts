/**
 * The colours of the figures, for light and for dark paper. Symbols, heights or labels repeat their meaning for readers who do not see colours.
 *
 * @module
 */

/** One colour, for light and for dark paper. */
export interface Paint {
  readonly light: string;
  readonly dark: string;
}

/** Roles of colours. */
export type PaintName =
  | "paper"
  | "ink"
  | "muted"
  | "line"
  | "clean"
  | "errors"
  | "stopped"
  | "void"
  | "large"
  | "small"
  | "wrongFrame"
  | "unmapped"
  | "error";

/**
 * The colours by role. Blue, amber and crimson stay apart for readers with red-green or blue-yellow colour blindness;
 * all have a contrast of 3:1 to the paper, `ink` and `muted`, which letters are set in, 4.5:1 (WCAG 2.1, 1.4.3 and 1.4.11).
 * Only `line` is fainter: it carries no information.
 */
export const PALETTE: Readonly<Record<PaintName, Paint>> = Object.freeze({
  paper: { light: "#ffffff", dark: "#12161c" },
  ink: { light: "#1b2430", dark: "#e4e9f0" },
  muted: { light: "#566171", dark: "#a3aebd" },
  line: { light: "#d5dae1", dark: "#39424f" },
  clean: { light: "#0b62a8", dark: "#62b0ff" },
  errors: { light: "#b25a00", dark: "#ffb020" },
  stopped: { light: "#a8154f", dark: "#ff7aa8" },
  void: { light: "#6d7785", dark: "#8d98a8" },
  large: { light: "#0b5394", dark: "#7cc0ff" },
  small: { light: "#3a93cc", dark: "#3f83bd" },
  wrongFrame: { light: "#a8154f", dark: "#ff7aa8" },
  unmapped: { light: "#6d7785", dark: "#8d98a8" },
  error: { light: "#b25a00", dark: "#ffb020" },
});

/** The paper of a picture: light, dark, the one that the reader prefers, or that of the page around the picture. */
export type Scheme = "light" | "dark" | "auto" | "page";

/** The colour as CSS: the page's custom property, or the light one where no page defines it. */
export function paint(name: PaintName): string {
  return `var(--fig-${name}, ${PALETTE[name].light})`;
}

const PAINTED = /var\(--fig-(\w+), #[0-9a-f]{6}\)/g;

/**
 * Text in which every colour is a plain one: what renders no CSS properties (a converter, an image viewer) shows it too.
 *
 * @param text Text with colours as `paint` gives them.
 * @param paper Whose colours.
 * @returns The text with colours as `#rrggbb`.
 */
export function plainColors(text: string, paper: keyof Paint): string {
  return text.replace(PAINTED, (_, name: string) => (PALETTE as Record<string, Paint>)[name]?.[paper] ?? "#000000");
}

function properties(paper: keyof Paint): string {
  return Object.entries(PALETTE).map(([name, it]) => `--fig-${name}: ${it[paper]};`).join(" ");
}

/**
 * CSS that defines the colours for everything inside `selector`.
 *
 * @param selector CSS selector of the picture or page.
 * @param scheme `"page"` defines nothing: the page has done it.
 * @returns One or two CSS rules, or an empty string.
 */
export function paletteCss(selector: string, scheme: Scheme): string {
  if (scheme === "page") return "";
  if (scheme !== "auto") return `${selector} { ${properties(scheme)} color-scheme: ${scheme}; }`;
  return `${selector} { ${properties("light")} color-scheme: light dark; }
@media (prefers-color-scheme: dark) { ${selector} { ${properties("dark")} } }`;
}

/**
 * CSS that turns the plain colours of light paper into those of dark paper where the reader prefers it.
 *
 * @param svg The picture, as `plainColors` leaves it for light paper.
 * @param selector CSS selector of the picture.
 * @returns A rule for each colour that the picture has.
 */
export function darkCss(svg: string, selector: string): string {
  const attributes = new Set([...svg.matchAll(/ ((?:fill|stroke)="#[0-9a-f]{6}")/g)].map(([, it = ""]) => it));
  const rules = [...attributes].sort().flatMap((attribute) => {
    const [property = "", value = ""] = attribute.replaceAll('"', "").split("=");
    const found = Object.values(PALETTE).find(({ light }) => light === value);
    return found === undefined ? [] : [`${selector} [${attribute}] { ${property}: ${found.dark}; }`];
  });
  const { ink, paper } = PALETTE;
  const root = `${selector} { color: ${ink.dark}; background: ${paper.dark}; }`;
  return `@media (prefers-color-scheme: dark) { ${[root, ...rules].join(" ")} }`;
}
