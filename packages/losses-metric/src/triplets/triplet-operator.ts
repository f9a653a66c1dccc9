import {
  add,
  callHost,
  defineHostOperator,
  type MiningBatch,
  mul,
  type NdArray,
  ndarray,
  type Tensor,
  zerosLike,
} from "@semblance/core";
import { type Chooser, miningBatch } from "../mining/chooser.js";
import { curvatureAlong } from "./curvature-along.js";
import { foldTriplets, type TripletTerms } from "./fold-triplets.js";

export interface TripletAttributes {
  readonly terms: TripletTerms;
  /** All triplets without one. */
  readonly chooser?: Chooser | undefined;
  /** The width of an embedding. */
  readonly width: number;
}

/** Places in the report of a call. */
export const REPORT = { tuples: 0, fallback: 1, positive: 2, negative: 3 } as const;

/**
 * The folded terms of a batch's triplets: divergences d [n, n]; labels [n] or relations [n, n]; what the chooser compares by [n, n]; and
 * its noise [n, n] where it draws → value [], the gradient by d [n, n], and a report [4] of what there was.
 *
 * Gradients pass to d alone. The gradient that is an output may be differentiated again: of a hinge its derivative is 0 where there is
 * one, of the soft margin that of the logistic function; which triplets are chosen, and which of them count as above 0, stays the same.
 */
export const tripletSum = defineHostOperator<TripletAttributes>({
  name: "triplet-sum",
  infer: ([d]) => [
    { dtype: d!.dtype, shape: [] },
    { dtype: d!.dtype, shape: d!.shape },
    { dtype: d!.dtype, shape: [4] },
  ],
  run([d, supervision, divergences, noise], { terms, chooser, width }) {
    let fallback = 0;
    const batch = miningBatch({
      supervision: supervision!,
      divergences: divergences!,
      noise,
      width,
      fallback: (draws) => {
        fallback = draws;
      },
    });
    const { value, coefficients, count } = foldTriplets(d!.data, batch, chooser, terms);
    const { dtype, shape } = d!;
    const means = meanDivergences(d!, batch);
    return [
      ndarray(dtype, [], [value]),
      ndarray(dtype, shape, coefficients),
      ndarray(dtype, [4], [count, fallback, means.positive, means.negative]),
    ];
  },
  vjp({ inputs, outputs, cotangents: [dy, dc], attributes }) {
    const [d] = inputs as [Tensor];
    const rest = inputs.slice(1).map(() => null);
    const slope = dy ? mul(outputs[1]!, dy) : zerosLike(d);
    if (!dc || !attributes.terms.softMargin) return [slope, ...rest];
    const curved = callHost(tripletCurvature, [dc, ...inputs], attributes)[0]!;
    return [add(slope, curved), ...rest];
  },
});

/** The second derivative by d along a direction [n, n], the first input; the others are those of the sum. It has no derivative. */
const tripletCurvature = defineHostOperator<TripletAttributes>({
  name: "triplet-curvature",
  infer: ([, d]) => [{ dtype: d!.dtype, shape: d!.shape }],
  run([direction, d, supervision, divergences, noise], { terms, chooser, width }) {
    const batch = miningBatch({ supervision: supervision!, divergences: divergences!, noise, width });
    const along = curvatureAlong(direction!.data, { d: d!.data, batch, chooser, terms });
    return [ndarray(d!.dtype, d!.shape, along)];
  },
});

/** The mean divergence of pairs that are alike and of pairs that differ. */
function meanDivergences({ data, shape }: NdArray, { labels, relations }: MiningBatch) {
  const rows = shape[0]!;
  let [near, nearWeight, far, farWeight] = [0, 0, 0, 0];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      if (i === j) continue;
      const at = i * rows + j;
      const related = relations ? relations[at]! : labels[i] === labels[j] ? 1 : -1;
      if (related > 0) {
        near += related * data[at]!;
        nearWeight += related;
      } else if (related < 0) {
        far -= related * data[at]!;
        farWeight -= related;
      }
    }
  }
  return { positive: nearWeight > 0 ? near / nearWeight : 0, negative: farWeight > 0 ? far / farWeight : 0 };
}
