/**
 * A worker that runs parts of matrices: it is told which, and answers with the result.
 *
 * @module
 */
import { type MatrixResult, runMatrix, type Selection } from "./run.ts";
import { type Matrix, MATRIX_SPACES, matrixOf, type MatrixSpace } from "./spaces.ts";

/** A part of a matrix to run. */
export interface MatrixPart {
  readonly space: MatrixSpace["id"];
  readonly selection: Selection;
}

const matrices = new Map<string, Matrix>();

function matrix(id: MatrixSpace["id"]): Matrix {
  const space = MATRIX_SPACES.find((space) => space.id === id);
  if (!space) throw new RangeError(`Expected the name of a matrix but found ${id}`);
  const found = matrices.get(id) ?? matrixOf(space);
  matrices.set(id, found);
  return found;
}

self.onmessage = ({ data }: MessageEvent<MatrixPart>) => {
  const { cases, successes, differences, shown } = runMatrix(matrix(data.space), data.selection);
  const result: MatrixResult = { cases, successes, differences, shown };
  self.postMessage(result);
};
