/**
 * The boots that a report shows write by write.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { FigureCell } from "../../chapters/figures/mod.ts";
import { recordBoot, STEPPER_CSS, STEPPER_SCRIPT, stepperHtml } from "../../chapters/stepper/mod.ts";
import { boot } from "../../core/boot.ts";
import { Html, html } from "./html.ts";

/** The steppers of a report, by platform. */
export type Steppers = ReadonlyMap<string, Html>;

/** What a page needs once, if it has any stepper at all. */
export interface StepperParts {
  /** For its style sheet. */
  readonly css: string;
  /** For its end. */
  readonly script: Html;
  /** For its policy: the one script that may run. */
  readonly policy: string;
}

/** Of each platform the first boot that Xen refuses; and a boot that was asked for alone, however it ends. */
function chosen(cells: readonly FigureCell[]): FigureCell[] {
  const asked = cells.filter(({ row }) => row.void === undefined);
  if (asked.length === 1) return asked;
  const refused = asked.filter(({ row }) => row.stop?.kind === "refused-by-xen");
  return refused.filter(({ row }, at) => refused.findIndex((it) => it.row.platform === row.platform) === at);
}

/**
 * Records the boots that are worth stepping through.
 *
 * @param cells The matrix; its ids must be those of strategies and platforms.
 * @returns At most one stepper a platform;
 */
export function steppersOf(cells: readonly FigureCell[]): Steppers {
  const steppers = new Map<string, Html>();
  for (const { row: { platform, strategy, memoryBytes } } of chosen(cells)) {
    const run = boot({ platform, strategy, memory: memoryBytes });
    const recording = recordBoot(run);
    steppers.set(platform, new Html(stepperHtml(recording, recording.steps, `step-${steppers.size}`)));
  }
  return steppers;
}

/** What the page of some steppers needs beside them; all empty if there is none. */
export function stepperParts(steppers: Steppers): StepperParts {
  if (steppers.size === 0) return { css: "", script: html``, policy: "" };
  const hash = createHash("sha256").update(STEPPER_SCRIPT).digest("base64");
  return {
    css: STEPPER_CSS,
    script: new Html(`<script>${STEPPER_SCRIPT}</script>`),
    policy: `; script-src 'sha256-${hash}'`,
  };
}
