/**
 * Runs cases of a matrix and says where the machine and the rules differ.
 *
 * @module
 */
import { CaseMachine, type MachineMaker } from "./case_machine.ts";
import { type Conditions, decode, FREE_FLAGS } from "./conditions.ts";
import {
  type CaseFacts,
  caseFacts,
  type Expected,
  expected,
  FLAG_A,
  FLAG_D,
  FLAG_P,
  FLAG_U,
  FLAG_W,
} from "./expectation.ts";
import type { Matrix, MatrixSpace } from "./spaces.ts";

/** The numbers of the cases: `first`, `first + stride` and so on, below `end`. */
export interface Selection {
  readonly first: number;
  readonly end: number;
  readonly stride: number;
}

/** The result of a run. */
export interface MatrixResult {
  readonly cases: number;
  /** Cases in which the access succeeded. */
  readonly successes: number;
  readonly differences: number;
  /** The first differences, one line each. */
  readonly shown: readonly string[];
}

const SHOWN = 10;
const FLAG_BITS = FREE_FLAGS / 2;
const FLAG_MASK = 2 ** FLAG_BITS - 1;

/** Runs a selection of the cases of a matrix, on one machine. */
export function runMatrix(matrix: Matrix, { first, end, stride }: Selection, make?: MachineMaker): MatrixResult {
  const run = new MatrixRun(matrix.space, make);
  let current = -1;
  for (let number = first; number < Math.min(end, matrix.size); number += stride) {
    const index = number >>> FREE_FLAGS;
    if (index !== current) run.enter(matrix.vectors[index] ?? 0);
    current = index;
    run.check(number);
  }
  run.leave();
  return run;
}

/** All results as one. */
export function joinResults(results: readonly MatrixResult[]): MatrixResult {
  const sum = (field: "cases" | "successes" | "differences") =>
    results.reduce((total, result) => total + result[field], 0);
  return {
    cases: sum("cases"),
    successes: sum("successes"),
    differences: sum("differences"),
    shown: results.flatMap(({ shown }) => shown).slice(0, SHOWN),
  };
}

class MatrixRun implements MatrixResult {
  cases = 0;
  successes = 0;
  differences = 0;
  readonly shown: string[] = [];
  readonly #space: MatrixSpace;
  readonly #machine: CaseMachine;
  #facts: CaseFacts | undefined = undefined;

  constructor(space: MatrixSpace, make?: MachineMaker) {
    this.#space = space;
    this.#machine = new CaseMachine(space, make);
  }

  /** Turns to another vector. */
  enter(vector: number): void {
    this.leave();
    const conditions = decode(this.#space.conditions, vector);
    this.#facts = caseFacts(conditions, this.#space.wide);
    const refused = this.#machine.set(conditions);
    if (refused !== undefined) this.#differ(`${describe(this.#space, conditions)}: registers refused: ${refused}`);
  }

  /** Looks once more at what no case of the vector may change. */
  leave(): void {
    if (this.#facts === undefined) return;
    const { conditions } = this.#facts;
    if (this.#machine.upperUntouched(conditions)) return;
    this.#differ(`${describe(this.#space, conditions)}: an entry above the PDE changed`);
  }

  check(number: number): void {
    const facts = this.#facts;
    if (facts === undefined) return;
    const pte = number & FLAG_MASK;
    const pde = (number >>> FLAG_BITS) & FLAG_MASK;
    const wanted = expected(facts, pde, pte);
    const answer = this.#machine.access(pde, pte);
    this.cases++;
    if (wanted.code < 0) this.successes++;
    const right = wanted.code < 0
      ? this.#machine.isFrame(answer, facts.large)
      : answer === -1 - wanted.code && this.#machine.cr2IsAddress();
    if (right && this.#machine.hasFlags(wanted.pde, wanted.pte)) return;
    const flags = `PDE ${flagNames(pde)}, PTE ${flagNames(pte)}`;
    this.#differ(`case ${number}: ${describe(this.#space, facts.conditions)}; ${flags}: ${told(wanted, answer)}`);
  }

  #differ(line: string): void {
    this.differences++;
    if (this.shown.length < SHOWN) this.shown.push(line);
  }
}

function describe({ id, conditions }: MatrixSpace, holding: Conditions): string {
  const names = conditions.conditions.filter((name) => holding[name]);
  return `${id} ${names.join(" ") || "(no condition)"}`;
}

function flagNames(flags: number): string {
  const names = [[FLAG_P, "P"], [FLAG_W, "W"], [FLAG_U, "U"], [FLAG_A, "A"], [FLAG_D, "D"]] as const;
  return names.filter(([flag]) => (flags & flag) !== 0).map(([, name]) => name).join("") || "-";
}

function told({ code, pde, pte }: Expected, answer: number): string {
  const wanted = code < 0 ? "success" : `#PF ${code.toString(16)}`;
  const found = answer < 0 ? `#PF ${(-1 - answer).toString(16)}` : `frame ${answer.toString(16)}`;
  return `expected ${wanted} and PDE ${flagNames(pde)}, PTE ${flagNames(pte)} but found ${found}`;
}
