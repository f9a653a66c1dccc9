import type { BatchSampler, Key } from "@semblance/core";
import { drawnBatches } from "./drawn-batches.js";

export interface GivenTuples {
  /** The sampler's name. */
  readonly name: string;
  readonly key: Key;
  /** The rows of all tuples, one after another, each `width` long. */
  readonly rows: Int32Array;
  readonly width: 2 | 3;
  /** Tuples a batch. */
  readonly size: number;
  readonly warnings?: readonly string[];
}

/** Batches of the pairs or triplets that are given: each of them once an epoch, in an order drawn anew for every epoch. */
export function givenTuples({ name, key, rows, width, size, warnings = [] }: GivenTuples): BatchSampler {
  const count = rows.length / width;
  let order: { readonly epoch: number; readonly tuples: Int32Array } | undefined;
  return drawnBatches({
    name,
    key,
    batchesPerEpoch: Math.ceil(count / size),
    warnings,
    draw(_, { epoch, batch }) {
      if (order?.epoch !== epoch) order = { epoch, tuples: key.fold(epoch).permutation(count) };
      const drawn = order.tuples.subarray(batch * size, (batch + 1) * size);
      const indices = new Int32Array(drawn.length * width);
      drawn.forEach((tuple, at) => indices.set(rows.subarray(tuple * width, (tuple + 1) * width), at * width));
      return indices;
    },
  });
}
