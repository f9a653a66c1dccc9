import { convert } from "../arrays/dtype.js";
import { type NdArray, ndarray, showShape } from "../arrays/nd-array.js";
import type { Backend } from "../contracts/backend.js";
import type { Kernel } from "../contracts/kernel.js";
import { matrixTranspose } from "../functions/matrix-transpose.js";
import { matmul } from "../ops/matmul.js";
import { Key } from "../random/key.js";
import { referenceBackend } from "../reference/reference-backend.js";
import { requireCoded, requireThat } from "./assertions.js";
import { type Check, CheckFailedError } from "./check.js";
import { differenceOf } from "./difference.js";
import { type ExampleConfig, entryChecks, examplesOf, groupOf, settled } from "./entry-checks.js";
import { isPositiveSemidefinite } from "./kernel/positive-semidefinite.js";
import { charts } from "./loss/domains.js";
import { type NamedBackends, REFERENCE_ONLY, withBackend } from "./named-backends.js";
import { runFunction } from "./run-function.js";

export interface KernelCheckOptions {
  readonly backends?: NamedBackends;
  readonly examples?: readonly ExampleConfig[];
}

/** Roundings of sums and elementary functions; float32 as the contract has it. */
const TOLERANCE = { float32: 1e-4, float64: 1e-9 } as const;
const [ROWS, OTHERS, WIDTH] = [7, 4, 3];

/**
 * What every kernel owes, for each example configuration: a matrix of the right shape, symmetry, a feature map that gives the same
 * numbers, no negative eigenvalue where it says so, finite numbers for equal rows and rows of zeros, and the same on every backend. A
 * kernel whose matrix is an input owes its schema alone.
 */
export function kernelChecks(kernel: Kernel, options: KernelCheckOptions = {}): Check[] {
  const { backends = REFERENCE_ONLY } = options;
  const group = groupOf(kernel);
  const checks = entryChecks(kernel, options.examples);
  if (!kernel.matrix) return checks;
  const key = Key.fromSeed(20_260_106).fold(kernel.name);
  const fail = (message: string, fix: string): never => {
    throw new CheckFailedError("CHECK_VALUE_WRONG", message, { where: group, fix });
  };
  const draw = async (name: string, rows: number) => {
    const free = ndarray("float64", [rows, WIDTH], key.fold(name).normal(rows * WIDTH));
    return (await runFunction(charts[kernel.domain ?? "real"]!, [free]))[0]!;
  };

  for (const example of examplesOf(kernel, options.examples)) {
    const suffix = Object.keys(example).length > 0 ? ` with ${JSON.stringify(example)}` : "";
    const matrixOf = async (x: NdArray, y: NdArray, backend: Backend = referenceBackend()) => {
      const config = settled(kernel, example);
      const same = x === y;
      const [matrix] = await runFunction(
        (a, b) => kernel.matrix!(a, same ? a : b!, config),
        same ? [x] : [x, y],
        backend,
      );
      const expected = [x.shape[0]!, y.shape[0]!];
      requireThat(
        matrix!.shape.join() === expected.join() && matrix!.dtype === x.dtype,
        "CHECK_SHAPE_WRONG",
        `the matrix of ${group} is ${matrix!.dtype}${showShape(matrix!.shape)}, not ${x.dtype}${showShape(expected)}`,
        { where: group, fix: "Compare each row of x with each row of y." },
      );
      return matrix!;
    };
    const add = (title: string, run: () => Promise<void>) => checks.push({ group, title: title + suffix, run });

    add("is symmetric", async () => {
      const [x, y] = [await draw("x", ROWS), await draw("y", OTHERS)];
      const pairs = [
        [await matrixOf(x, x), await matrixOf(x, x)],
        // Between two sets, all of it may depend on which rows are compared, but not on which come first.
        [await matrixOf(x, y), await matrixOf(y, x)],
      ] as const;
      for (const [forth, back] of pairs) {
        const [turned] = await runFunction(matrixTranspose, [back]);
        const difference = differenceOf(forth, turned!, { tolerance: TOLERANCE.float64 });
        if (difference) fail(`κ(x, y) is not κ(y, x): ${difference}`, "A kernel treats its two rows alike.");
      }
    });
    if (kernel.features) {
      add("its feature map gives the same numbers", async () => {
        const [x, y] = [await draw("x", ROWS), await draw("y", OTHERS)];
        const config = settled(kernel, example);
        const [products] = await runFunction(
          (a, b) => matmul(kernel.features!(a, config), matrixTranspose(kernel.features!(b!, config))),
          [x, y],
        );
        const difference = differenceOf(products!, await matrixOf(x, y), { tolerance: TOLERANCE.float64 });
        if (difference) fail(`φ(x)·φ(y) is not κ(x, y): ${difference}`, "Correct the feature map, or leave it out.");
      });
    }
    if (kernel.positiveSemidefinite) {
      add("has no negative eigenvalue", async () => {
        const x = await draw("x", ROWS);
        if (!isPositiveSemidefinite(await matrixOf(x, x))) {
          fail(
            `the matrix of ${group} has a negative eigenvalue`,
            "Correct it, or do not claim `positiveSemidefinite`.",
          );
        }
      });
    }
    add("is finite or refused for equal rows and rows of zeros", async () => {
      const x = await draw("x", ROWS);
      const equal = { ...x, data: x.data.map((_, at) => x.data[at % WIDTH]!) as NdArray["data"] };
      const zeros = { ...x, data: new Float64Array(x.data.length) };
      for (const [rows, what] of [[equal, "equal rows"] as const, [zeros, "rows of zeros"] as const]) {
        let matrix: NdArray | undefined;
        try {
          matrix = await matrixOf(rows, rows);
        } catch (error) {
          if (error instanceof CheckFailedError) throw error;
          requireCoded(error, `${group} for ${what}`);
        }
        const at = matrix?.data.findIndex((element) => !Number.isFinite(element)) ?? -1;
        requireThat(at < 0, "CHECK_NOT_FINITE", `element ${at} of ${group} for ${what} is ${matrix?.data[at]}`, {
          where: group,
          fix: "Define what a quotient by 0 or a root of 0 is, and mask it before it is computed.",
        });
      }
    });
    for (const [name, make] of Object.entries(backends)) {
      add(`agrees with the reference on ${name}`, () =>
        withBackend(make, async (backend) => {
          const narrow = (array: NdArray) => ndarray(backend.float, array.shape, convert(backend.float, array.data));
          const [x, y] = [narrow(await draw("x", ROWS)), narrow(await draw("y", OTHERS))];
          const wide = (array: NdArray) => ndarray("float64", array.shape, array.data);
          const difference = differenceOf(await matrixOf(x, y, backend), await matrixOf(wide(x), wide(y)), {
            tolerance: TOLERANCE[backend.float],
          });
          if (difference)
            fail(`on ${name} the matrix ${difference}`, "Keep the digits of near rows: subtract before you square.");
        }),
      );
    }
  }
  return checks;
}
