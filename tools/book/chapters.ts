/**
 * The chapters on disk.
 *
 * @module
 */

import { ROOT } from "../command/root.ts";
import { CONTENTS, numberOf } from "../pages/contents.ts";
import { type ChapterText, PageError, parseChapter } from "./parse.ts";

/** A chapter that is written. */
export interface Chapter {
  /** Name of its folder. */
  readonly slug: string;
  /** Its number. */
  readonly number: number;
  /** Its folder, ending in a slash. */
  readonly folder: URL;
  /** Its text. */
  readonly page: ChapterText;
}

/**
 * Reads the chapters that are written.
 *
 * @param numbers Numbers of the chapters wanted; all if there are none.
 * @param root The folder of the project, ending in a slash.
 * @returns The chapters, in order.
 * @throws {RangeError} If a folder is not in the table of contents.
 * @throws {PageError} If a text does not parse; the message names the file.
 */
export async function readChapters(numbers: readonly number[] = [], root: URL = ROOT): Promise<Chapter[]> {
  const slugs = await writtenSlugs(root);
  const wanted = slugs.filter((slug) => numbers.length === 0 || numbers.includes(numberOf(slug)));
  return await Promise.all(wanted.map((slug) => readChapter(slug, root)));
}

/** Folders of the chapters that are written, in order. */
export async function writtenSlugs(root: URL = ROOT): Promise<string[]> {
  const folder = new URL("chapters/", root);
  const slugs = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory && /^\d/.test(name) && await exists(new URL(`${name}/README.md`, folder))) slugs.push(name);
  }
  return slugs.sort();
}

/**
 * Reads one chapter.
 *
 * @param slug Name of its folder.
 * @param root The folder of the project, ending in a slash.
 * @returns The chapter.
 * @throws {RangeError} If it is not in the table of contents.
 * @throws {PageError} If its text does not parse; the message names the file.
 */
export async function readChapter(slug: string, root: URL = ROOT): Promise<Chapter> {
  if (!CONTENTS.some((planned) => planned.slug === slug)) {
    throw new RangeError(`Expected a chapter of the table of contents but found the folder ${slug}`);
  }
  const folder = new URL(`chapters/${slug}/`, root);
  const text = await Deno.readTextFile(new URL("README.md", folder));
  return { slug, number: numberOf(slug), folder, page: namingPage(slug, () => parseChapter(text)) };
}

/** Does something with a chapter; a mistake that it finds there gets the name of the page in front. */
export function namingPage<T>(slug: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof PageError)) throw error;
    throw new PageError(error.line, `chapters/${slug}/README.md:${error.line}: ${error.message}`);
  }
}

/** Whether there is a file or folder. */
export async function exists(path: URL): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
