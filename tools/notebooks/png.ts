/**
 * A drawing as a picture in PNG: the same bytes on every machine, since program and fonts are packages of a fixed version.
 *
 * @module
 */

import { initWasm, Resvg } from "@resvg/resvg-wasm";
// Named so that the package is there; its fonts lie beside it.
import fonts from "dejavu-fonts-ttf/package.json" with { type: "json" };

/** A picture. */
export interface Png {
  /** Its bytes, in base64. */
  readonly base64: string;
  /** Its size on a page, in CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Dots for each CSS pixel: letters stay sharp, and a notebook stays small. */
const ZOOM = 1.5;
/** Dots across: more of a wide drawing would make its notebook too heavy. */
const MAX_PIXELS = 1400;

const FONTS = ["DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono"] as const;

let ready: Promise<Uint8Array[]> | undefined;

async function prepare(): Promise<Uint8Array[]> {
  await initWasm(await Deno.readFile(new URL("index_bg.wasm", import.meta.resolve("@resvg/resvg-wasm"))));
  const base = import.meta.resolve(`${fonts.name}/package.json`);
  return await Promise.all(FONTS.map((name) => Deno.readFile(new URL(`ttf/${name}.ttf`, base))));
}

/**
 * Draws a picture, on light paper.
 *
 * @param svg A complete `<svg>` element, as `renderSvg` makes it.
 * @returns The picture.
 */
export async function pngOf(svg: string): Promise<Png> {
  ready ??= prepare();
  const font = {
    fontBuffers: await ready,
    defaultFontFamily: "DejaVu Sans",
    sansSerifFamily: "DejaVu Sans",
    monospaceFamily: "DejaVu Sans Mono",
  };
  const [, width = ""] = /^<svg[^>]* width="(\d+)/.exec(svg) ?? [];
  const zoom = Math.min(ZOOM, MAX_PIXELS / (Number(width) || 1));
  const drawing = new Resvg(svg, { font, fitTo: { mode: "zoom", value: zoom } });
  try {
    const image = drawing.render();
    const base64 = image.asPng().toBase64();
    image.free();
    return { base64, width: Math.round(drawing.width), height: Math.round(drawing.height) };
  } finally {
    drawing.free();
  }
}
