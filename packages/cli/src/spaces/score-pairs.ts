import { type Backend, type Catalogue, type NdArray, type PairSupervision, takeRows } from "@semblance/core";
import { Comparer } from "@semblance/estimators";
import type { SpaceScore } from "./score-space.js";
import type { Space } from "./space.js";

/**
 * How well a space tells pairs that belong together from pairs that do not: the chance that one of the former is nearer than one of the latter,
 * half a point for a draw (the area under the curve of hits against false alarms). Its draws are of pairs.
 */
export async function scorePairs(
  space: Space,
  { rows, similarity }: PairSupervision,
  { catalogue, backend }: { readonly catalogue: Catalogue; readonly backend: Backend },
): Promise<SpaceScore> {
  const comparison = { divergence: space.divergence, normalise: false, order: space.order };
  const comparer = new Comparer({ catalogue, backend, comparison, weights: space.parameters });
  const ends = [0, 1].map((end) => takeRows(space.rows, similarityEnds(rows, end))) as [NdArray, NdArray];
  let apart: Float64Array;
  try {
    apart = await comparer.paired(...ends);
  } finally {
    await comparer.dispose();
  }
  const all = Int32Array.from(apart.keys());
  const of = (drawn: Int32Array) => areaUnderCurve(drawn, apart, similarity);
  return { measure: "pair AUC", value: of(all), rows: all.length, of };
}

const similarityEnds = (rows: Int32Array, end: number) => rows.filter((_, at) => at % 2 === end);

/** By ranks: the sum of ranks of the pairs that differ says how often they are beyond those that are the same. */
export function areaUnderCurve(drawn: Int32Array, apart: Float64Array, similarity: Float32Array): number {
  const sorted = drawn.slice().sort((a, b) => apart[a]! - apart[b]!);
  let [same, different, beyond] = [0, 0, 0];
  for (let at = 0; at < sorted.length; ) {
    let [tiedSame, tiedDifferent] = [0, 0];
    const value = apart[sorted[at]!]!;
    for (; at < sorted.length && apart[sorted[at]!] === value; at++) {
      if (similarity[sorted[at]!]! > 0) tiedSame++;
      else if (similarity[sorted[at]!]! < 0) tiedDifferent++;
    }
    beyond += tiedDifferent * (same + tiedSame / 2);
    same += tiedSame;
    different += tiedDifferent;
  }
  return same * different === 0 ? Number.NaN : beyond / (same * different);
}
