/**
 * Links of pages that leave the project: what is not packed is found in the repository.
 *
 * @module
 */

/** The facts by which a link is judged. */
export interface Packed {
  /** Paths of the packed files, from the root of the project. */
  readonly files: ReadonlySet<string>;
  /** Address of the repository's page; empty if it is not known. */
  readonly repository: string;
}

const LINK = /(!?)\[([^\]]*)\]\((?![a-z]+:|#)([^)\s]+)\)/g;
const ATTRIBUTE = /(\ssrc(?:set)?=")(?![a-z]+:)([^"]+)(?=")/g;
const PICTURE = /<picture>[^]*?<\/picture>\n*/g;

/**
 * A page of Markdown as it is packed: a relative link to a file that is not packed becomes absolute or, without a repository, plain text.
 * Pictures are shown from the repository; without one they are left out.
 *
 * @param markdown The page.
 * @param path Its path from the root of the project: its links are relative to it.
 * @param packed What is packed.
 * @returns The page.
 */
export function packedPage(markdown: string, path: string, packed: Packed): string {
  const { files, repository } = packed;
  const pictured = repository === "" ? markdown.replace(PICTURE, "") : markdown;
  return pictured
    .replace(ATTRIBUTE, (_all, before: string, link: string) => before + inRepository(repository, "raw", path, link))
    .replace(LINK, (all: string, image: string, words: string, link: string) => {
      const [file = ""] = fromRoot(path, link).split("#");
      if (files.has(file)) return all;
      if (repository === "") return image === "" ? words : "";
      return `${image}[${words}](${inRepository(repository, image === "" ? "blob" : "raw", path, link)})`;
    });
}

/** Code hosts show a file of the newest commit below `blob/HEAD`, and serve its bytes below `raw/HEAD`. */
function inRepository(repository: string, form: "blob" | "raw", path: string, link: string): string {
  return `${repository}/${form}/HEAD/${fromRoot(path, link)}`;
}

function fromRoot(path: string, link: string): string {
  const { pathname, hash } = new URL(link, `file:///${path}`);
  return decodeURIComponent(pathname.slice(1)) + hash;
}
