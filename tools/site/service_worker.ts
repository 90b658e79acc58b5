/**
 * The program that lets the site be read without a network after the first visit.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** Files of a folder, with those in its folders. */
async function filesIn(folder: string, prefix = ""): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${prefix}`)) {
    if (isDirectory) files.push(...await filesIn(folder, `${prefix}${name}/`));
    else files.push(`${prefix}${name}`);
  }
  return files.sort();
}

/**
 * The program, which knows all files of the site.
 *
 * @param folder The site.
 * @returns JavaScript. Its cache has a name made of the contents: a new site replaces the old one.
 */
export async function serviceWorker(folder: string): Promise<string> {
  const all = await filesIn(folder);
  const files = all.filter((file) => !file.startsWith("recordings/")); // these are kept when they are first read
  const hash = createHash("sha256");
  for (const file of all) hash.update(file).update(await Deno.readFile(`${folder}/${file}`));
  const name = `book-${hash.digest("hex").slice(0, 16)}`;
  return `const NAME = ${JSON.stringify(name)};
const FILES = ${JSON.stringify(files)};
addEventListener("install", (event) => event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(["./", ...FILES]))));
addEventListener("activate", (event) => event.waitUntil(caches.keys().then((names) =>
  Promise.all(names.filter((it) => it.startsWith("book-") && it !== NAME).map((it) => caches.delete(it))))));
addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== location.origin) return;
  event.respondWith(caches.match(event.request, { ignoreSearch: true }).then((kept) => kept ?? fetch(event.request).then((found) => {
    const copy = found.clone();
    if (found.ok) caches.open(NAME).then((cache) => cache.put(event.request, copy));
    return found;
  })));
});
`;
}
