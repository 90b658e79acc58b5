// What an editor makes of the package: names and types from its declarations.
import { access, boot, type Mode, MODES, type Run } from "@pagetable-init/textbook";

const mode: Mode = MODES.pae;
const run: Run = boot({ platform: "xen-pae", strategy: "filter-set-pte" });
const landing = access(run.machine, 0xc0000000, "write");
/** A frame, or why there is none. */
export const told: string | number = landing.ok ? landing.frame : `${mode.id}: ${landing.fault.reason}`;
