import { convert } from "../arrays/dtype.js";
import { type NdArray, ndarray, showShape } from "../arrays/nd-array.js";
import type { SettledAffinity } from "../container/bind-affinity.js";
import { bindDistance, bindKernel } from "../container/bind-affinity.js";
import type { Catalogue } from "../container/catalogue.js";
import type { Backend } from "../contracts/backend.js";
import type { AffinityReference } from "../contracts/loss.js";
import { ShapeError } from "../errors.js";
import { spec, trace } from "../ir/program.js";
import { requireAffinity } from "./check-affinity.js";
import { computeTable } from "./compute-table.js";
import { type NumberArray, toArray } from "./named-arrays.js";
import { requireFiniteMatrix } from "./require-finite-matrix.js";

export interface EvaluateMatrixOptions extends AffinityReference {
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  /** [n, d]; for a precomputed one the matrix [n, n] itself. */
  readonly data: NumberArray;
}

/**
 * The matrix [n, n] of a kernel or distance over all pairs of rows: by a backend, by its table, or as it is given.
 *
 * @throws ShapeError RANK_MISMATCH; DataError AFFINITY_NOT_FINITE, and the codes of `requireAffinity`
 */
export async function evaluateMatrix(options: EvaluateMatrixOptions): Promise<NdArray> {
  const { catalogue, backend, kind, reference } = options;
  const { entry, config } = catalogue.choose(kind, reference);
  const where = `${kind} "${entry.name}"`;
  const data = toArray(backend.float, options.data, `${where}, input "data"`);
  const [rows, columns] = data.shape;
  if (data.shape.length !== 2 || rows === 0 || columns === 0) {
    throw new ShapeError("RANK_MISMATCH", `data is ${showShape(data.shape)}, not [rows, features]`, {
      where,
      fix: "Pass at least one row with at least one feature.",
    });
  }
  if (entry.matrix) {
    const bound = bind[kind](catalogue, reference);
    const program = trace({
      name: `evaluate ${entry.name}`,
      inputs: { data: spec(data.dtype, data.shape) },
      build: ({ data: x }) => ({ outputs: { matrix: bound.matrix(x, x) } }),
    });
    const executable = await backend.compile(program);
    try {
      const matrix = (await executable.run({ data })).matrix!;
      requireFiniteMatrix(matrix.data, rows!, { entry, where });
      return matrix;
    } finally {
      await executable.dispose();
    }
  }
  if (!entry.table) {
    requireAffinity(data, { kind, where });
    return data;
  }
  // From the numbers as they were given: rounding them first could move a pair across a threshold.
  const table = await computeTable(entry, toArray("float64", options.data, where), config);
  return ndarray(backend.float, table.shape, convert(backend.float, table.data));
}

const bind = { kernel: bindKernel, distance: bindDistance } satisfies Record<SettledAffinity["kind"], unknown>;
