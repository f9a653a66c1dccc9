import type { BatchSampler, Key, RandomStream } from "@semblance/core";
import { Position } from "./position.js";

export interface DrawnBatches {
  /** The sampler's name. */
  readonly name: string;
  readonly key: Key;
  readonly batchesPerEpoch: number;
  /** What is probably a mistake in the data. */
  readonly warnings?: readonly string[];
  /** The rows of a batch, by its place and random numbers of its own. */
  draw(stream: RandomStream, place: { readonly epoch: number; readonly batch: number }): Int32Array;
}

/**
 * A sampler whose batches are each drawn by themselves:
 *
 *     batch b of epoch e is drawn from key.fold(e).fold(b)
 *
 * so that its state is a position, and a resumed run draws the same batches.
 */
export function drawnBatches({ name, key, batchesPerEpoch, warnings = [], draw }: DrawnBatches): BatchSampler {
  const position = new Position(name, batchesPerEpoch);
  return {
    batchesPerEpoch,
    warnings,
    next() {
      const { epoch, batch, lastOfEpoch } = position.advance();
      return { indices: draw(key.fold(epoch).fold(batch).stream(), { epoch, batch }), epoch, lastOfEpoch };
    },
    state: () => position.state(),
    restore: (state) => position.restore(state),
  };
}

/** `count` of the items, none twice: the first steps of a Fisher–Yates shuffle. */
export function drawWithout(stream: RandomStream, items: Int32Array, count: number): Int32Array {
  const left = items.slice();
  for (let at = 0; at < count; at++) {
    const from = at + stream.integer(left.length - at);
    const held = left[at]!;
    left[at] = left[from]!;
    left[from] = held;
  }
  return left.slice(0, count);
}
