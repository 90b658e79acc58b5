/**
 * Debian's Xen 4.17: found, or fetched as a package and unpacked, never installed.
 *
 * @module
 */
import { cacheFolder } from "../../command/cache.ts";
import { withScratch } from "../../command/scratch.ts";
import { makeFolder, writeWhole } from "../../command/whole_file.ts";
import { type Need, runFor } from "../live/programs.ts";

/** The Debian package of the hypervisor. */
export const XEN_PACKAGE = "xen-hypervisor-4.17-amd64";
const BINARY = "xen-4.17-amd64";
const INSTALLED = `/boot/${BINARY}.gz`;
const FETCH_SECONDS = 120;

const APT: Need = { file: "/usr/bin/apt-get", debianPackage: "apt" };
const DPKG: Need = { file: "/usr/bin/dpkg", debianPackage: "dpkg" };

/** The folder that keeps the hypervisor between runs. */
export function defaultCache(): string {
  return `${cacheFolder()}/xen`;
}

/**
 * Path of the uncompressed hypervisor in `cache`, made there from the installed package if need be, or, with `fetch`,
 * from one that apt-get downloads. Undefined where neither is to be had.
 */
export async function findHypervisor(cache: string, { fetch }: { fetch: boolean }): Promise<string | undefined> {
  const binary = `${cache}/${BINARY}`;
  if (await exists(binary)) return binary;
  await makeFolder(cache);
  if (await exists(INSTALLED)) return await unpack(INSTALLED, binary);
  return fetch ? await download(cache, binary) : undefined;
}

async function download(cache: string, binary: string): Promise<string | undefined> {
  if (!await exists(APT.file) || !await exists(DPKG.file)) return undefined;
  return await withScratch(async (folder) => {
    const fetched = await runFor(APT.file, ["download", XEN_PACKAGE], { cwd: folder, seconds: FETCH_SECONDS });
    const [archive] = [...Deno.readDirSync(folder)].filter(({ name }) => name.endsWith(".deb"));
    if (fetched.code !== 0 || archive === undefined) return undefined;
    const unpacked = await runFor(DPKG.file, ["-x", archive.name, "."], { cwd: folder, seconds: FETCH_SECONDS });
    return unpacked.code === 0 ? await unpack(folder + INSTALLED, binary) : undefined;
  }, cache);
}

/** Uncompresses: whole or not at all. */
async function unpack(archive: string, binary: string): Promise<string> {
  using source = await Deno.open(archive);
  await writeWhole(binary, await new Response(source.readable.pipeThrough(new DecompressionStream("gzip"))).bytes());
  return binary;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
