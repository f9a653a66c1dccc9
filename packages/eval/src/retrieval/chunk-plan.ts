import { allocate, type Program, resultsOf, type Tensor, topologicalOrder } from "@semblance/core";
import { memoryLimitTooSmall } from "../errors.js";

/** Rows of queries and of the gallery that are compared in one call. */
export interface ChunkShape {
  readonly queries: number;
  readonly gallery: number;
}

const bytesOf = ({ dtype, size }: Tensor) => size * allocate(dtype, 0).BYTES_PER_ELEMENT;

/**
 * The most bytes that the tensors of a program take at one time: each from where it is computed to its last use, what is fed and what comes
 * out throughout, and that once more as it is handed over.
 */
export function peakBytes(program: Program): number {
  const results = resultsOf(program);
  const order = topologicalOrder(results);
  const lastUse = new Map<Tensor, number>();
  order.forEach((tensor, at) => {
    for (const input of tensor.inputs) lastUse.set(input, at);
  });
  const kept = new Set([...results, ...order.filter((tensor) => tensor.inputs.length === 0)]);
  let live = 2 * results.reduce((sum, result) => sum + bytesOf(result), 0);
  for (const tensor of kept) if (!results.includes(tensor)) live += bytesOf(tensor);
  let peak = live;
  order.forEach((tensor, at) => {
    if (!kept.has(tensor)) live += bytesOf(tensor);
    peak = Math.max(peak, live);
    for (const input of new Set(tensor.inputs)) {
      if (!kept.has(input) && lastUse.get(input) === at) live -= bytesOf(input);
    }
  });
  return peak;
}

/** Large enough for matrix products to run at full speed: more would only take memory. */
const LARGEST: ChunkShape = { queries: 512, gallery: 32_768 };

/**
 * The largest chunks, up to 512 × 32,768, whose program keeps to a number of bytes.
 *
 * @throws ConfigError MEMORY_LIMIT_TOO_SMALL when not even single rows do
 */
export function planChunks(rows: ChunkShape, bytes: number, programOf: (shape: ChunkShape) => Program): ChunkShape {
  // Chunks of even size, so that the last is no remnant.
  const even = (count: number, most: number) => Math.ceil(count / Math.ceil(count / most));
  let [queries, gallery] = [even(rows.queries, LARGEST.queries), even(rows.gallery, LARGEST.gallery)];
  for (;;) {
    const needed = peakBytes(programOf({ queries, gallery }));
    if (needed <= bytes) return { queries, gallery };
    if (queries === 1 && gallery === 1) throw memoryLimitTooSmall(bytes, needed);
    // The gallery's chunk first: it is the longer one, and queries share the work of reading it.
    if (gallery > queries) gallery = even(rows.gallery, Math.ceil(gallery / 2));
    else queries = even(rows.queries, Math.ceil(queries / 2));
  }
}
