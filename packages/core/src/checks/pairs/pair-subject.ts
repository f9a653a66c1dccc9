import { convert } from "../../arrays/dtype.js";
import { type NdArray, ndarray, showShape } from "../../arrays/nd-array.js";
import type { Backend } from "../../contracts/backend.js";
import type { Distance } from "../../contracts/distance.js";
import type { Kernel } from "../../contracts/kernel.js";
import { Key } from "../../random/key.js";
import { referenceBackend } from "../../reference/reference-backend.js";
import { requireThat } from "../assertions.js";
import { CheckFailedError } from "../check.js";
import { type ExampleConfig, groupOf, settled } from "../entry-checks.js";
import { charts } from "../loss/domains.js";
import { runFunction } from "../run-function.js";

export const [ROWS, OTHERS, WIDTH] = [7, 4, 3];

/** A kernel or distance with one of its configurations, and rows to compare by it. */
export interface PairSubject {
  readonly entry: Kernel | Distance;
  readonly config: unknown;
  readonly group: string;
  /** Drawn rows that are legal for it, the same for the same name. */
  draw(name: string, rows: number): Promise<NdArray>;
  /** x [n, d], y [m, d] → [n, m]; by its table, which compares a set with itself alone, where it has no matrix. */
  matrixOf(x: NdArray, y: NdArray, backend?: Backend): Promise<NdArray>;
}

export function pairSubject(entry: Kernel | Distance, example: ExampleConfig): PairSubject {
  const group = groupOf(entry);
  // Settled when a check runs, so that a configuration without a default is that check's failure.
  const config = () => settled(entry, example);
  const key = Key.fromSeed(20_260_106).fold(entry.name);
  return {
    entry,
    group,
    get config() {
      return config();
    },
    async draw(name, rows) {
      const free = ndarray("float64", [rows, WIDTH], key.fold(name).normal(rows * WIDTH));
      return (await runFunction(charts[entry.domain ?? "real"]!, [free]))[0]!;
    },
    async matrixOf(x, y, backend = referenceBackend()) {
      const matrix = entry.matrix ? await byMatrix(entry, config(), x, y, backend) : await byTable(entry, config(), x);
      const expected = [x.shape[0]!, y.shape[0]!];
      requireThat(
        matrix.shape.join() === expected.join() && matrix.dtype === x.dtype,
        "CHECK_SHAPE_WRONG",
        `the matrix of ${group} is ${matrix.dtype}${showShape(matrix.shape)}, not ${x.dtype}${showShape(expected)}`,
        { where: group, fix: "Compare each row of x with each row of y." },
      );
      return matrix;
    },
  };
}

async function byMatrix(
  entry: Kernel | Distance,
  config: unknown,
  x: NdArray,
  y: NdArray,
  backend: Backend,
): Promise<NdArray> {
  const same = x === y;
  const [matrix] = await runFunction((a, b) => entry.matrix!(a, same ? a : b!, config), same ? [x] : [x, y], backend);
  return matrix!;
}

export async function byTable(entry: Kernel | Distance, config: unknown, x: NdArray): Promise<NdArray> {
  const before = x.data.slice();
  const { shape, data } = await entry.table!(x, config);
  requireThat(
    before.every((value, at) => Object.is(value, x.data[at])),
    "CHECK_INPUT_MUTATED",
    `the table of ${groupOf(entry)} changes the data it is given`,
    { where: groupOf(entry), fix: "Copy the data before changing them." },
  );
  return { dtype: x.dtype, shape, data: convert(x.dtype, data) };
}

export function failPair({ group }: PairSubject, message: string, fix: string): never {
  throw new CheckFailedError("CHECK_VALUE_WRONG", message, { where: group, fix });
}
