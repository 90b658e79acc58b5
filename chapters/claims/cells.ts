/**
 * What the experiments have in common: boots, each made once, in a few words.
 *
 * @module
 */

import { audit, boot, type BootOptions, type PlatformId, PLATFORMS, type Run, type StrategyId } from "../../mod.ts";

const runs = new Map<string, Run>();

/** A boot with 64M; made once. */
export function run(strategy: StrategyId, platform: PlatformId, more: Partial<BootOptions> = {}): Run {
  const key = JSON.stringify([strategy, platform, more]);
  const made = runs.get(key) ?? boot({ platform, strategy, memory: "64M", trace: false, ...more });
  runs.set(key, made);
  return made;
}

/** How a boot ends and what is wrong then: `right`, `refused-by-xen`, or the classes of errors with their pages. */
export function end(strategy: StrategyId, platform: PlatformId, more: Partial<BootOptions> = {}): string {
  const { outcome, machine } = run(strategy, platform, more);
  if (!outcome.ok) return outcome.stop.kind;
  const wrong = Object.entries(audit(machine).permissionErrors).filter(([, { pages }]) => pages > 0);
  return wrong.map(([name, { pages }]) => `${name} ${pages}`).join(", ") || "right";
}

/** How boots end on several platforms. */
export function ends(
  strategy: StrategyId,
  platforms: readonly PlatformId[],
  more: Partial<BootOptions> = {},
): string[] {
  return platforms.map((platform) => end(strategy, platform, more));
}

/** Platforms without Xen. */
export const WITHOUT_XEN: readonly PlatformId[] = PLATFORMS.filter(({ host }) => host !== "xen").map(({ id }) => id);
/** The Xens of 2007. */
export const XEN_2007: readonly PlatformId[] = ["xen-2level", "xen-pae", "xen-pae-nx"];
/** All Xens on which a rule can be right. */
export const XENS: readonly PlatformId[] = ["xen-2level", "xen-pae", "xen-pae-nx-2008", "xen-4level"];
/** Bare machines whose kernel is not PAE. */
export const NOT_PAE: readonly PlatformId[] = ["native-486", "native-pentium", "native-p6"];
/** All platforms. */
export const EVERYWHERE: readonly PlatformId[] = PLATFORMS.map(({ id }) => id);
/** Platforms on which a rule can be right: the kernel of `xen-pae-nx` loses NX whatever the rule. */
export const DECIDABLE: readonly PlatformId[] = EVERYWHERE.filter((id) => id !== "xen-pae-nx");

/** Whether boots are all right. */
export function allRight(strategy: StrategyId, platforms: readonly PlatformId[]): boolean {
  return ends(strategy, platforms).every((said) => said === "right");
}
