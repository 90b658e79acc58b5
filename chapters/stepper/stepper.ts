/**
 * A boot as the result of a block, which the reader steps through.
 *
 * @module
 */

import type { Run } from "../../core/boot.ts";
import { bootStep } from "./boot_step.ts";
import { renderSvg } from "../figures/render.ts";
import { escapeMarkup } from "../figures/markup.ts";
import { pictureOutputs } from "../shown/drawing.ts";
import { NOTEBOOK_FIGURE, notebookCss } from "../shown/notebook_style.ts";
import { type MimeBundle, Shown } from "../shown/shown.ts";
import type { Recording as GuestRecording } from "../../core/recording/mod.ts";
import { recordBoot } from "./record_boot.ts";
import { recordGuest } from "./record_guest.ts";
import type { Recording } from "./recording.ts";
import { STEPPER_SCRIPT } from "./script.ts";
import { STEPPER_CSS } from "./style.ts";

const ESCAPES: Readonly<Record<string, string>> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026" };

/** JSON that may stand in an element: no bracket in it can end one. */
function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&]/g, (it) => ESCAPES[it] ?? it);
}

/**
 * A recording as HTML, without the program and the style sheet, which a page needs once: `STEPPER_SCRIPT` and `STEPPER_CSS`.
 *
 * @param recording The boot.
 * @param step The step that is shown first; without scripts it is the only one.
 * @param id Begins the ids of the still picture: give each stepper of a page its own.
 * @returns An element; all that comes from the recording is text in it.
 */
export function stepperHtml(recording: Recording, step: number, id: string): string {
  return stepperElement(recording, step, renderSvg(bootStep(recording, step), { id, scheme: "page" }));
}

/**
 * A recording as HTML, with the caller's own still picture.
 *
 * @param recording The boot.
 * @param step The step that is shown first.
 * @param still Markup that is shown if scripts do not run.
 * @returns An element.
 */
export function stepperElement(recording: Recording, step: number, still: string): string {
  const data = `<script type="application/json">${jsonText({ step, recording })}</script>`;
  const attributes =
    `class="boot-stepper" role="group" aria-label="A boot, write by write" data-lm-suppress-shortcuts="true"`;
  return `<div ${attributes}><div class="still">${still}</div>${data}</div>`;
}

/** A boot that a notebook shows with a slider. */
export class Stepper extends Shown {
  /** The recording that is shown. */
  readonly recording: Recording;
  /** The step that is shown first. */
  readonly step: number;

  /**
   * @param recording The boot.
   * @param step The step that is shown first.
   * @throws {RangeError} If there is no such step.
   */
  constructor(recording: Recording, step: number) {
    super();
    if (!Number.isInteger(step) || step < 0 || step > recording.steps) {
      throw new RangeError(`Expected a step of 0 to ${recording.steps} but found ${step}`);
    }
    this.recording = recording;
    this.step = step;
  }

  /**
   * For a notebook: the stepper, all in one, nothing is fetched. Where scripts do not run it is a picture of the step that is
   * shown first.
   */
  override outputs(): readonly [MimeBundle, MimeBundle] {
    const figure = bootStep(this.recording, this.step);
    const svg = renderSvg(figure, { id: "boot-step", scheme: "auto" });
    const [picture, words] = pictureOutputs({ ...figure, svg, caption: `${figure.caption} ${RUN_IT}` });
    const css = `<style>${notebookCss()}${STEPPER_CSS}</style>`;
    const body = stepperElement(this.recording, this.step, stillImage(svg, figure.description));
    const html = `<div class="${NOTEBOOK_FIGURE}">${css}${body}<script>${STEPPER_SCRIPT}</script></div>`;
    return [{ "text/html": html, ...picture }, words];
  }
}

const RUN_IT = "A picture that has no slider is one step of the boot: run the cell to move through all of them.";

/** An image: a front end that does not trust a notebook takes an inline drawing to pieces. */
function stillImage(svg: string, description: string): string {
  const bytes = new TextEncoder().encode(svg).toBase64();
  return `<img src="data:image/svg+xml;base64,${bytes}" alt="${escapeMarkup(description)}">`;
}

/**
 * Shows a boot write by write: a slider and keys move through it.
 *
 * @param run The boot.
 * @param step The step that is shown first; the last unless said otherwise.
 * @returns A result, for the last line of a block.
 * @throws {RangeError} If there is no such step.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { stepper } from "@pagetable-init/chapters";
 *
 * const shown = stepper(boot({ platform: "xen-pae", strategy: "write-always" }));
 * assertEquals([shown.step, shown.recording.steps], [6, 6]);
 * ```
 */
export function stepper(run: Run, step?: number): Stepper {
  const recording = recordBoot(run);
  return new Stepper(recording, step ?? recording.steps);
}

/**
 * Shows a recording of a real guest write by write: in a notebook, one line.
 *
 * @param recording The guest (`loadRecording`).
 * @param step The step that is shown first; the last unless said otherwise.
 * @returns A result, for the last line of a block.
 * @throws {RangeError} If there is no such step, too many writes, or paging never is on.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadRecording } from "@pagetable-init/textbook/recording";
 * import { timeline } from "@pagetable-init/chapters";
 *
 * const header = { kind: "page-table writes of a real kernel", kernel: "2.6.20", memory_mb: 16, mode: "two-level", roots: ["0x1000"], tables: { "0x1": 2 } };
 * const lines = [header, { n: 10, who: "head.S", frame: 1, index: 768, value: "0xe3" }, { n: 11, who: "head.S", event: "mov cr0", imm: null }];
 * const recording = await loadRecording(new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join("\n")));
 * assertEquals(timeline(recording).recording.steps, 1);
 * ```
 */
export function timeline(recording: GuestRecording, step: number = recording.length): Stepper {
  return new Stepper(recordGuest(recording), step);
}
