/**
 * The metadata of the package that registries show, besides name, version and licence, which `deno.json` has.
 *
 * @module
 */

/** Facts about the package, as `package.json` names them. */
export interface Metadata {
  /** One sentence. */
  readonly description: string;
  /** Words to be found by. */
  readonly keywords: readonly string[];
  /** The oldest Node that the tests run with. */
  readonly engines: { readonly node: string };
  /**
   * Address of the repository's page, `https://…/OWNER/NAME` without a slash at the end. The owner sets it here, once: `package.json`, the
   * links of the packed README and the provenance follow from it. While it is empty, links to files that are not packed are plain text.
   */
  readonly repository: string;
}

/** The metadata. */
export const METADATA: Metadata = Object.freeze({
  description:
    "An executable textbook about who may write a kernel's first page tables: an emulated x86 MMU, a Xen-like hypervisor, and every proposal of the 2007 debate",
  keywords: Object.freeze([
    "x86",
    "mmu",
    "paging",
    "page-tables",
    "emulator",
    "hypervisor",
    "xen",
    "linux",
    "textbook",
  ]),
  engines: Object.freeze({ node: ">=20" }),
  repository: "",
});
