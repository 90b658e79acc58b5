/**
 * A worker that records boots: it is told which, and answers with the stepper as HTML.
 *
 * @module
 */

import { recordBoot, stepperElement } from "../../chapters/stepper/mod.ts";
import { boot } from "../../core/boot.ts";

/** A boot to record. */
export interface RecordedBoot {
  /** Id of the platform. */
  readonly platform: string;
  /** Id of the strategy. */
  readonly strategy: string;
  /** Bytes of memory. */
  readonly memory: number;
}

self.onmessage = ({ data: { platform, strategy, memory } }: MessageEvent<RecordedBoot>) => {
  const recording = recordBoot(boot({ platform, strategy, memory }));
  self.postMessage(stepperElement(recording, recording.steps, ""));
};
