import type { NdArray } from "../../arrays/nd-array.js";
import { ndarray, takeRows } from "../../arrays/nd-array.js";
import type { Backend } from "../../contracts/backend.js";
import type { Key } from "../../random/key.js";
import { requireCoded, requireThat } from "../assertions.js";
import { CheckFailedError } from "../check.js";
import { groupOf } from "../entry-checks.js";
import { drawPoint, inputSets, type PointSize, rowAxis, USUAL } from "./draw-point.js";
import { asFloat, evaluateAt, type LossArrays, type LossSubject, notFinite } from "./loss-subject.js";

/** Batches that training meets sooner or later, and that losses forget. */
export const BATCHES = {
  "no rows": { rows: 0, classes: 3 },
  "one row": { rows: 1, classes: 3 },
  "two rows": { rows: 2, classes: 3 },
  "a single class": { ...USUAL, classes: 1 },
  "every row twice": USUAL,
  "equal rows": USUAL,
  "rows of zeros": USUAL,
} as const satisfies Record<string, PointSize>;
export type BatchName = keyof typeof BATCHES;

/**
 * Evaluates a loss on a batch of a nasty kind: value and gradients are finite, or it is refused with a coded error.
 *
 * @throws CheckFailedError CHECK_NOT_FINITE, CHECK_ERROR_UNCODED
 */
export async function checkBatch(subject: LossSubject, batch: BatchName, backend: Backend, key: Key): Promise<void> {
  for (const names of await inputSets(subject, key)) {
    await evaluateOrRefuse(subject, backend, batch, async () => {
      const point = await drawPoint(subject, names, key, BATCHES[batch]);
      return asFloat(arranged(subject, point, batch), backend.float);
    });
  }
}

async function evaluateOrRefuse(
  subject: LossSubject,
  backend: Backend,
  batch: string,
  draw: () => Promise<LossArrays>,
): Promise<void> {
  const group = groupOf(subject.loss);
  let complaint: string | undefined;
  try {
    complaint = notFinite(await evaluateAt(subject, await draw(), backend));
  } catch (error) {
    if (error instanceof CheckFailedError) throw error;
    requireCoded(error, `${group} on ${batch}`);
  }
  requireThat(!complaint, "CHECK_NOT_FINITE", `${group} on ${batch}: ${complaint}`, {
    where: `${group} with ${JSON.stringify(subject.config)} on ${backend.name}`,
    fix: "Mask what is not defined before it is computed (a root of 0, a quotient by 0), or refuse the batch with a coded error.",
  });
}

/** The drawn point with its rows arranged as the batch's name says. */
function arranged(subject: LossSubject, point: LossArrays, batch: BatchName): LossArrays {
  const pick = (of: (index: number) => number) =>
    takeEverywhere(subject, point, (rows) => Array.from({ length: rows }, (_, i) => of(i)));
  switch (batch) {
    case "every row twice":
      return pick((index) => index - (index % 2));
    case "equal rows":
      return pick(() => 0);
    case "rows of zeros": {
      const zeros = Object.entries(point.inputs).map(([name, array]) => {
        const { domain, type } = subject.loss.inputs[name]!;
        const legal =
          type === "float" && (domain ?? "real") === "real" && name !== "posteriors" && name !== "perturbed";
        return [name, legal ? ndarray(array.dtype, array.shape, new Float64Array(array.data.length)) : array] as const;
      });
      return { ...point, inputs: Object.fromEntries(zeros) };
    }
    default:
      return point;
  }
}

/** The point with rows picked along every axis that counts rows: both axes of a square matrix of rows. */
export function takeEverywhere(
  { loss }: Pick<LossSubject, "loss">,
  point: LossArrays,
  order: (rows: number) => ArrayLike<number>,
): LossArrays {
  const axis = rowAxis({ loss });
  const inputs = Object.entries(point.inputs).map(([name, array]) => {
    const { axes } = loss.inputs[name]!;
    const taken = axes.reduce<NdArray>(
      (sofar, each, at) => (each === axis ? takeAlong(sofar, at, order(array.shape[at]!)) : sofar),
      array,
    );
    return [name, taken] as const;
  });
  return { ...point, inputs: Object.fromEntries(inputs) };
}

/** The elements of an array that indices name along one axis. */
export function takeAlong(array: NdArray, axis: number, indices: ArrayLike<number>): NdArray {
  if (axis === 0) return takeRows(array, indices);
  const outer = array.shape.slice(0, axis).reduce((product, extent) => product * extent, 1);
  const extent = array.shape[axis]!;
  const inner = array.shape.slice(axis + 1).reduce((product, each) => product * each, 1);
  const flat = ndarray(array.dtype, [outer * extent, inner], array.data);
  const rows = Array.from({ length: outer }, (_, block) =>
    Array.from(indices, (index) => block * extent + index),
  ).flat();
  const shape = [...array.shape.slice(0, axis), indices.length, ...array.shape.slice(axis + 1)];
  return ndarray(array.dtype, shape, takeRows(flat, rows).data);
}
