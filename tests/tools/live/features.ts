/**
 * What an audit must find in the guest of `features.asm`: each defect that it has, and nothing else.
 *
 * @module
 */

import { formatAddress } from "@pagetable-init/textbook/mmu";
import type { TablesAudit } from "@pagetable-init/textbook/audit";
import { GUEST_MODES, type GuestMode } from "./guest.ts";

/** The builds of the guest, by the number that its source has for them. */
export const BUILDS = ["sound", "defects", "off"] as const;

/** Each guest, with the name of its state. */
export const FEATURES: readonly { name: string; mode: GuestMode; build: typeof BUILDS[number] }[] = GUEST_MODES
  .flatMap((mode) => BUILDS.map((build) => ({ name: `${mode}-${build}`, mode, build })));

const HIGH_HALF = "0xffffc000000";
/** The findings that follow from a mode, or a build, in which every page is executable. */
const NO_NX = ["note kernel-write-exec", "note user-write-exec"];
const OFF = ["medium nxe-off", "medium smap-off", "medium smep-off", "medium wp-off", ...NO_NX];

/** Findings with the addresses of their places, by the names of states; sorted. */
export const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  "two-level-sound": NO_NX,
  "two-level-defects": [
    "high kernel-user-accessible 0xc0014000",
    "high page-table-writable 0x00022000",
    "medium missing-table 0xc3c00000",
    "medium reserved-bits 0xc4400000",
    "note beyond-memory 0xc4800000 0xc4c00000",
    ...NO_NX,
  ],
  "two-level-off": ["medium smap-off", "medium smep-off", "medium wp-off", ...NO_NX],
  "pae-sound": [],
  "pae-defects": [
    "high alias-write-exec 0xc0012000",
    "high kernel-user-accessible 0xc0014000",
    "high kernel-write-exec 0xc0010000 0xc2000000",
    "high page-table-writable 0x00022000",
    "medium missing-table 0xc1e00000",
    "medium reserved-bits 0x80000000 0xc0016000 0xc2200000 0xc2400000",
    "medium user-write-exec 0x00020000 0x02000000",
    "note beyond-memory 0xc0018000",
  ],
  "pae-off": ["medium reserved-bits 0xc0006000", ...OFF],
  ...Object.fromEntries((["4-level", "5-level"] as const).flatMap((mode) => [
    [`${mode}-sound`, []],
    [`${mode}-defects`, [
      `high alias-write-exec ${HIGH_HALF}12000`,
      `high kernel-user-accessible ${HIGH_HALF}14000`,
      `high kernel-write-exec ${HIGH_HALF}10000 0xffffc00002000000 0xffffc00400000000`,
      "high page-table-writable 0x00022000",
      "medium missing-table 0xffffc00001e00000",
      `medium reserved-bits ${mode === "5-level" ? "0xfffe000000000000 " : ""}${HIGH_HALF}16000 ` +
      "0xffffc00002200000 0xffffc00002400000 0xffffc00440000000 0xffffc08000000000",
      "medium user-write-exec 0x00020000 0x02000000",
      `note beyond-memory ${HIGH_HALF}18000`,
    ]],
    [`${mode}-off`, [`medium reserved-bits ${HIGH_HALF}06000`, ...OFF]],
  ])),
};

/** The findings of an audit as `EXPECTED` has them: without places where every page is executable. */
export function findingsOf({ findings, nx }: TablesAudit): string[] {
  return findings.map(({ id, severity, ranges }) => {
    const places = !nx && id.endsWith("write-exec") ? [] : ranges.map(({ linear }) => formatAddress(linear));
    return [`${severity} ${id}`, ...places].join(" ");
  }).sort();
}
