import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  coverageMap,
  darkCss,
  paint,
  PALETTE,
  paletteCss,
  plainColors,
  renderSvg,
} from "../../chapters/figures/mod.ts";
import { SAMPLE_CELLS } from "./sample_cells.ts";

/** Relative luminance, WCAG 2.1. */
function luminance(color: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

for (const paper of ["light", "dark"] as const) {
  Deno.test(`on ${paper} paper letters have a contrast of 4.5:1, marks of 3:1`, () => {
    for (const [name, color] of Object.entries(PALETTE)) {
      if (name === "paper" || name === "line") continue; // the paper itself, and rules that say nothing
      const min = name === "ink" || name === "muted" ? 4.5 : 3;
      const found = contrast(color[paper], PALETTE.paper[paper]);
      assert(found >= min, `${name} on ${paper} paper: ${found.toFixed(2)}`);
    }
  });

  Deno.test(`on ${paper} paper large and small pages differ in lightness, not only in hue`, () => {
    assert(contrast(PALETTE.large[paper], PALETTE.small[paper]) > 1.8);
  });
}

Deno.test("a picture that follows its reader defines every colour twice, a page's picture none", () => {
  assertEquals(paletteCss(".x", "page"), "");
  const css = paletteCss(".x", "auto");
  assertStringIncludes(css, "prefers-color-scheme: dark");
  for (const { light, dark } of Object.values(PALETTE)) assert(css.includes(light) && css.includes(dark));
});

Deno.test("a file has plain colours, which any renderer shows, and on dark paper each is the dark one", () => {
  const marks = `<path fill="${paint("clean")}" stroke="${paint("line")}"/>`;
  const plain = plainColors(marks, "light");
  assertEquals(plain, `<path fill="#0b62a8" stroke="#d5dae1"/>`);
  assertEquals(plainColors(marks, "dark"), `<path fill="#62b0ff" stroke="#39424f"/>`);
  const css = darkCss(plain, ".x");
  assertStringIncludes(css, `.x [fill="#0b62a8"] { fill: #62b0ff; }`);
  assertStringIncludes(css, `.x [stroke="#d5dae1"] { stroke: #39424f; }`);
});

Deno.test("colours that are one on light paper are one on dark paper: a file tells them apart by nothing else", () => {
  const dark = new Map<string, string>();
  for (const it of Object.values(PALETTE)) {
    assertEquals(dark.get(it.light) ?? it.dark, it.dark);
    dark.set(it.light, it.dark);
  }
});

Deno.test("no file of a chapter or a report needs a CSS property to be painted", () => {
  for (const scheme of ["light", "dark", "auto"] as const) {
    const svg = renderSvg(coverageMap("native-p6", SAMPLE_CELLS), { id: "x", scheme });
    assert(!svg.includes("var(--"));
  }
});
