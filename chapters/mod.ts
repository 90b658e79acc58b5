/**
 * What the chapters and notebooks use beside the library: figures, tables of results, and checks of the numbers in the prose.
 *
 * The blocks of a chapter import it as `@pagetable-init/chapters`. It is not part of the published package.
 *
 * @module
 */

export * from "./figures/mod.ts";
export * from "./guests/hunt.ts";
export * from "./guests/xen_guest.ts";
export * from "./hunting/mod.ts";
export * from "./recorded/mod.ts";
export * from "./shown/mod.ts";
export * from "./stepper/mod.ts";
