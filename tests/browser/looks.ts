/**
 * What a page looks like: the window's picture, made small. Letters are grey at this size, so that their smoothing weighs nothing.
 *
 * @module
 */

import pixelmatch from "npm:pixelmatch@8.0.0";
import type { Page } from "./chromium.ts";

/** A small picture. */
export interface Look {
  /** As a file: PNG. */
  readonly file: Uint8Array;
  /** Red, green, blue and opacity of each pixel, row by row. */
  readonly pixels: Uint8Array;
}

const SIZE = { width: 160, height: 120 } as const;

/** The look of what the window shows. The page is empty afterwards: its browser makes the picture small. */
export async function lookOf(page: Page): Promise<Look> {
  const picture = await page.screenshot({ animations: "disabled" });
  await page.goto("about:blank");
  return await readLook(page, picture);
}

/**
 * A picture as a look.
 *
 * @param page An empty page, whose browser reads the picture.
 * @param file PNG.
 */
export async function readLook(page: Page, file: Uint8Array): Promise<Look> {
  const read = await page.evaluate(async ([base64, width, height]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d")!;
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, width, height);
    const small = await (await canvas.convertToBlob()).arrayBuffer();
    return {
      file: new Uint8Array(small).toBase64(),
      pixels: new Uint8Array(context.getImageData(0, 0, width, height).data.buffer).toBase64(),
    };
  }, [new Uint8Array(file).toBase64(), SIZE.width, SIZE.height] as const);
  return { file: Uint8Array.fromBase64(read.file), pixels: Uint8Array.fromBase64(read.pixels) };
}

/** The part of the pixels that the eye can tell apart, 0 to 1. */
export function differenceOf(one: Look, other: Look): number {
  const { width, height } = SIZE;
  return pixelmatch(one.pixels, other.pixels, undefined, width, height, { threshold: 0.1 }) / (width * height);
}
