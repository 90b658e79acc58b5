/**
 * The modules that a reader's code may import: every part of the library, and what the chapters share.
 *
 * @module
 */

import * as hunting from "../../../chapters/hunting/mod.ts";
import * as chapters from "../../../chapters/mod.ts";
import * as audit from "../../../core/audit/mod.ts";
import * as dump from "../../../core/dump/mod.ts";
import * as hosts from "../../../core/hosts/mod.ts";
import * as kernel from "../../../core/kernel/mod.ts";
import * as mapper from "../../../core/mapper/mod.ts";
import * as mmu from "../../../core/mmu/mod.ts";
import * as boot from "../../../core/mod.ts";
import * as paravirt from "../../../core/paravirt/mod.ts";
import * as recording from "../../../core/recording/mod.ts";
import * as strategies from "../../../core/strategies/mod.ts";
import * as tables from "../../../core/tables/mod.ts";
import * as xen from "../../../core/xen/mod.ts";
import * as textbook from "../../../mod.ts";
import type { ModuleName } from "./modules.ts";

/** The modules by name. */
export const LIBRARY: Readonly<Record<ModuleName, object>> = Object.freeze({
  "@pagetable-init/textbook": textbook,
  "@pagetable-init/textbook/audit": audit,
  "@pagetable-init/textbook/boot": boot,
  "@pagetable-init/textbook/dump": dump,
  "@pagetable-init/textbook/hosts": hosts,
  "@pagetable-init/textbook/kernel": kernel,
  "@pagetable-init/textbook/mapper": mapper,
  "@pagetable-init/textbook/mmu": mmu,
  "@pagetable-init/textbook/paravirt": paravirt,
  "@pagetable-init/textbook/recording": recording,
  "@pagetable-init/textbook/strategies": strategies,
  "@pagetable-init/textbook/tables": tables,
  "@pagetable-init/textbook/xen": xen,
  "@pagetable-init/chapters": chapters,
  "@pagetable-init/chapters/hunting": hunting,
});

/**
 * A module of the library.
 *
 * @param name Its name, as code imports it.
 * @returns Its exports.
 * @throws {RangeError} If there is no such module.
 */
export function libraryModule(name: string): object {
  if (Object.hasOwn(LIBRARY, name)) return LIBRARY[name as ModuleName];
  throw new RangeError(`Expected one of ${Object.keys(LIBRARY).join(", ")} but found ${JSON.stringify(name)}`);
}
