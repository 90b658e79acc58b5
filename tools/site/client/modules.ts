/**
 * What the blocks of a chapter may import.
 *
 * @module
 */

/** Names of the modules: every part of the library, and what the chapters share. */
export const MODULE_NAMES = [
  "@pagetable-init/textbook",
  "@pagetable-init/textbook/audit",
  "@pagetable-init/textbook/boot",
  "@pagetable-init/textbook/dump",
  "@pagetable-init/textbook/hosts",
  "@pagetable-init/textbook/kernel",
  "@pagetable-init/textbook/mapper",
  "@pagetable-init/textbook/mmu",
  "@pagetable-init/textbook/paravirt",
  "@pagetable-init/textbook/recording",
  "@pagetable-init/textbook/strategies",
  "@pagetable-init/textbook/tables",
  "@pagetable-init/textbook/xen",
  "@pagetable-init/chapters",
  "@pagetable-init/chapters/hunting",
] as const;

/** Name of a module. */
export type ModuleName = typeof MODULE_NAMES[number];
