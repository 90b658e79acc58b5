import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { PALETTE, paletteCss } from "../../chapters/figures/mod.ts";

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
      const least = name === "ink" || name === "muted" ? 4.5 : 3;
      const found = contrast(color[paper], PALETTE.paper[paper]);
      assert(found >= least, `${name} on ${paper} paper: ${found.toFixed(2)}`);
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
