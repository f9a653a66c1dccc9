import { type NdArray, type Supervision, takeRows } from "@semblance/core";
import { areaUnderCurve, Comparer } from "@semblance/estimators";
import type { Score } from "./score.js";
import type { ComparedBy } from "./score-retrieval.js";

/**
 * How well embeddings agree with what is known of rows, by the divergence of the loss where it is given and compares rows, and by Euclidean
 * distance elsewhere.
 *
 * - `pair-auc`: the probability that a similar pair is closer than a different one, ties counting half
 * - `triplet-accuracy`: the share of triplets whose positive is closer to the anchor than their negative
 */
export async function scoreRelations(
  supervision: Supervision | undefined,
  embeddings: NdArray,
  by?: ComparedBy,
): Promise<Score[]> {
  if (supervision?.form === "pairs") {
    const { rows, similarity } = supervision;
    const distances = await pairDistances(rows, embeddings, by);
    const of = (kept: (value: number) => boolean) => distances.filter((_, pair) => kept(similarity[pair]!));
    return [
      scored(
        "pair-auc",
        areaUnderCurve(
          of((value) => value > 0),
          of((value) => value < 0),
        ),
      ),
    ];
  }
  if (supervision?.form === "triplets") {
    const { rows } = supervision;
    const count = rows.length / 3;
    const ends = (other: 1 | 2) =>
      Int32Array.from({ length: 2 * count }, (_, at) => rows[3 * (at >> 1) + (at % 2 === 0 ? 0 : other)]!);
    const [near, far] = [await pairDistances(ends(1), embeddings, by), await pairDistances(ends(2), embeddings, by)];
    const right = near.filter((distance, triplet) => distance < far[triplet]!).length;
    return [scored("triplet-accuracy", count === 0 ? undefined : right / count)];
  }
  return [];
}

/** @param rows [2p]: the rows of each pair, the anchor first */
async function pairDistances(rows: Int32Array, embeddings: NdArray, by: ComparedBy | undefined): Promise<Float64Array> {
  if (!by || by.catalogue.choose("divergence", by.comparison.divergence).entry.matrix === undefined) {
    return Float64Array.from({ length: rows.length / 2 }, (_, pair) =>
      squaredDistance(embeddings, rows[2 * pair]!, rows[2 * pair + 1]!),
    );
  }
  const comparer = new Comparer(by);
  const end = (of: 0 | 1) =>
    takeRows(
      embeddings,
      rows.filter((_, at) => at % 2 === of),
    );
  try {
    return await comparer.paired(end(0), end(1));
  } finally {
    await comparer.dispose();
  }
}

function scored(name: string, value: number | undefined): Score {
  const reason = "the scored rows have no such pairs of both kinds, or no triplets";
  return { name, higherIsBetter: true, ...(value === undefined ? { reason } : { value }) };
}

function squaredDistance({ shape, data }: NdArray, a: number, b: number): number {
  const width = shape[1]!;
  let sum = 0;
  for (let k = 0; k < width; k++) sum += (data[a * width + k]! - data[b * width + k]!) ** 2;
  return sum;
}
