/**
 * Places in lowmem that explain where an error begins and ends.
 *
 * @module
 */

import { audit } from "../../core/audit/mod.ts";
import { boot } from "../../core/boot.ts";
import { KERNEL_START } from "../../core/kernel/layout.ts";
import { type Platform, PLATFORMS } from "../../core/platforms.ts";

/** A place in lowmem. */
export interface Landmark {
  readonly name: string;
  /** Its pfn. */
  readonly page: number;
}

/** The maker of the map on which a kernel starts. */
function startMap({ host, mode }: Platform): string {
  if (host === "xen") return "Xen's template ends";
  return mode.entryWords === 2 ? "head.S's PAE tables end" : "head.S's tables end";
}

/** The landmarks of one platform: a boot that may not write shows what its kernel starts on. */
function landmarksOn(platform: Platform, memory: number): Landmark[] {
  const { machine, kernel: { layout } } = boot({ platform: platform.id, strategy: "write-always", memory, until: 0 });
  const { coverageRanges } = audit(machine);
  const unmapped = coverageRanges.find(({ kind }) => kind === "unmapped");
  return [
    { name: "kernel text", page: KERNEL_START / 4096 },
    { name: "__init_end", page: layout.initEnd / 4096 },
    { name: "_end", page: layout.kernelEnd / 4096 },
    ...(unmapped === undefined ? [] : [{ name: startMap(platform), page: unmapped.firstPfn }]),
  ];
}

/**
 * The landmarks of some platforms, each once, in order of address.
 *
 * @param platforms Ids; those that are not of the book are left out.
 * @param memory Bytes of memory.
 * @returns Names and pfns.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { landmarksOf } from "./landmarks.ts";
 *
 * const places = landmarksOf(["native-p6"], 2 ** 26).map(({ name, page }) => `${name} at ${page / 256} MiB`);
 * assertEquals(places, ["kernel text at 1 MiB", "__init_end at 4.5 MiB", "_end at 5 MiB", "head.S's tables end at 12 MiB"]);
 * ```
 */
export function landmarksOf(platforms: readonly string[], memory: number): Landmark[] {
  const known = PLATFORMS.filter(({ id }) => platforms.includes(id));
  const all = known.flatMap((platform) => landmarksOn(platform, memory));
  const once = new Map(all.map((landmark) => [`${landmark.name} ${landmark.page}`, landmark]));
  return [...once.values()].sort((a, b) => a.page - b.page);
}
