/**
 * What page and worker say to each other.
 *
 * @module
 */

import type { TestRun } from "../../exercises/run_tests.ts";
import type { State } from "../figures/control.ts";
import type { DroppedFile } from "./dropped.ts";
import type { ExerciseSource } from "./exercise_run.ts";
import type { BlockSource } from "./program.ts";

/** What a block shows, as data: the page decides how. */
export type Shown =
  | { readonly kind: "text"; readonly text: string }
  | {
    readonly kind: "table";
    readonly header: readonly string[];
    readonly rows: readonly (readonly (string | number)[])[];
    readonly caption: string;
  }
  | {
    readonly kind: "figure";
    readonly svg: string;
    readonly caption: string;
    readonly description: string;
    readonly header: readonly string[];
    readonly rows: readonly (readonly (string | number)[])[];
  };

/** A program to be run. */
export interface RunRequest {
  readonly kind: "run";
  readonly blocks: readonly (BlockSource & { readonly edited: boolean })[];
}

/** A figure to be drawn in a state of its controls. */
export interface FigureRequest {
  readonly kind: "figure";
  readonly id: string;
  readonly state: State;
}

/** An exercise to be judged. */
export interface ExerciseRequest extends ExerciseSource {
  readonly kind: "exercise";
}

/** A proposal of the reader's to be judged. */
export interface ProposalRequest {
  readonly kind: "proposal";
  readonly source: string;
}

/** A proposal of the reader's to be hunted for the smallest machine on which it fails. */
export interface HuntRequest {
  readonly kind: "hunt";
  readonly source: string;
  readonly machines: number;
}

/** Files of the reader's to be audited. */
export interface DroppedRequest {
  readonly kind: "dropped";
  readonly files: readonly DroppedFile[];
  readonly moment: string;
}

/** What a page asks of the worker of the reader's own things. */
export type OwnRequest = ProposalRequest | HuntRequest | DroppedRequest;

/** What a page asks of a worker. */
export type Request = RunRequest | FigureRequest | ExerciseRequest | OwnRequest;

/** What a worker answers. */
export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "show"; readonly block: number; readonly shown: Shown }
  | { readonly kind: "warn"; readonly block: number; readonly message: string }
  | { readonly kind: "error"; readonly block: number; readonly line: number; readonly message: string }
  | { readonly kind: "progress"; readonly count: number }
  | { readonly kind: "judged"; readonly run: TestRun }
  | { readonly kind: "done"; readonly milliseconds: number };
