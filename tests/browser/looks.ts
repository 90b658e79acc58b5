/**
 * What a page looks like, in a few numbers: the mean brightness of each of its cells. Two pages of one look differ little, whatever their words say.
 *
 * @module
 */

import type { Page } from "./chromium.ts";

/** Cells of a row, and rows. */
const GRID = { columns: 16, rows: 12 } as const;

/** Brightness of the cells, row by row, 0 to 255. */
export type Look = readonly number[];

/**
 * The look of what the window shows. The page is empty afterwards: its browser reads the picture.
 *
 * @param page The page.
 */
export async function lookOf(page: Page): Promise<Look> {
  const picture = (await page.screenshot()).toString("base64");
  await page.goto("about:blank");
  return await page.evaluate(async ([picture, columns, rows]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const canvas = new OffscreenCanvas(columns, rows);
    const context = canvas.getContext("2d")!;
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, columns, rows);
    const { data } = context.getImageData(0, 0, columns, rows);
    return Array.from(
      { length: columns * rows },
      (_, at) => Math.round((data[at * 4]! + data[at * 4 + 1]! + data[at * 4 + 2]!) / 3),
    );
  }, [picture, GRID.columns, GRID.rows] as const);
}

/** A look as two hex digits a cell. */
export function lookText(look: Look): string {
  return look.map((value) => value.toString(16).padStart(2, "0")).join("");
}

/** A look read from its text. */
export function readLook(text: string): Look {
  return (text.match(/../g) ?? []).map((digits) => parseInt(digits, 16));
}

/** The mean difference of two looks, 0 to 255. */
export function differenceOf(one: Look, other: Look): number {
  return one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 255)), 0) / one.length;
}
