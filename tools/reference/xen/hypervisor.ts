/**
 * Debian's Xen 4.17: found, or fetched as a package and unpacked, never installed.
 *
 * @module
 */
import { type Need, run } from "../live/programs.ts";

/** The Debian package of the hypervisor. */
export const XEN_PACKAGE = "xen-hypervisor-4.17-amd64";
const BINARY = "xen-4.17-amd64";
const INSTALLED = `/boot/${BINARY}.gz`;
const FETCH_SECONDS = 120;

const APT: Need = { file: "/usr/bin/apt-get", debianPackage: "apt" };
const DPKG: Need = { file: "/usr/bin/dpkg", debianPackage: "dpkg" };

/** The user's cache folder for what the live reference keeps; the folder for scratch files where there is none. */
export function defaultCache(): string {
  const home = Deno.env.get("HOME");
  const base = Deno.env.get("XDG_CACHE_HOME") ?? (home ? `${home}/.cache` : Deno.env.get("TMPDIR") ?? "/tmp");
  return `${base}/pagetable-init/xen`;
}

/**
 * Path of the uncompressed hypervisor in `cache`, made there from the installed package if need be, or, with `fetch`,
 * from one that apt-get downloads. Undefined where neither is to be had.
 */
export async function findHypervisor(cache: string, { fetch }: { fetch: boolean }): Promise<string | undefined> {
  const binary = `${cache}/${BINARY}`;
  if (await exists(binary)) return binary;
  await Deno.mkdir(cache, { recursive: true });
  if (await exists(INSTALLED)) return await unpack(INSTALLED, binary);
  return fetch ? await download(cache, binary) : undefined;
}

async function download(cache: string, binary: string): Promise<string | undefined> {
  if (!await exists(APT.file) || !await exists(DPKG.file)) return undefined;
  const folder = await Deno.makeTempDir({ dir: cache });
  try {
    const fetched = await run(APT.file, ["download", XEN_PACKAGE], { cwd: folder, seconds: FETCH_SECONDS });
    const [archive] = [...Deno.readDirSync(folder)].filter(({ name }) => name.endsWith(".deb"));
    if (fetched.code !== 0 || archive === undefined) return undefined;
    const unpacked = await run(DPKG.file, ["-x", archive.name, "."], { cwd: folder, seconds: FETCH_SECONDS });
    return unpacked.code === 0 ? await unpack(folder + INSTALLED, binary) : undefined;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Uncompresses, with a rename at the end, so that a run that was stopped leaves no half of a file. */
async function unpack(archive: string, binary: string): Promise<string> {
  const source = await Deno.open(archive);
  const partial = `${binary}.${crypto.randomUUID()}`;
  const target = await Deno.create(partial);
  await source.readable.pipeThrough(new DecompressionStream("gzip")).pipeTo(target.writable);
  await Deno.rename(partial, binary);
  return binary;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
