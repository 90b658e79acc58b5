// A program of somebody else's: it knows the library by its name only, and runs in Deno, in Node and in a browser.
import { access, audit, boot, explain, matrix } from "@pagetable-init/textbook";
import { formatFlags } from "@pagetable-init/textbook/mmu";

/** Everything asked, as JSON text: the three places must give the same letters. */
export function answers() {
  const rows = [...matrix({ memory: "64M" })].map(({ row }) => row);
  const { machine, log } = boot({ platform: "xen-pae", strategy: "write-always", memory: "64M" });
  const { steps } = explain(machine, 0xc0100000);
  return JSON.stringify({
    rows,
    log,
    landing: access(machine, 0xc0100000, "write"),
    walk: steps.map(({ lo, hi, took }) => ({ flags: formatFlags(lo, hi), took })),
    coverage: audit(machine).coverage,
  });
}
