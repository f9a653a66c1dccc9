/** Whether each of a query's nearest rows is of its class, the nearest first. */
export type Relevance = readonly boolean[];

/** 1 when one of the first k rows is of the class, else 0. */
export const hitAmong = (relevance: Relevance, k: number): number => (relevance.slice(0, k).some(Boolean) ? 1 : 0);

/** The share of the first R rows that is of the class, which has R rows. */
export const precisionAtR = (relevance: Relevance): number => relevance.filter(Boolean).length / relevance.length;

/** The mean over the first R rows of the precision down to each that is of the class. */
export function averagePrecisionAtR(relevance: Relevance): number {
  let hits = 0;
  let sum = 0;
  relevance.forEach((relevant, index) => {
    if (relevant) sum += ++hits / (index + 1);
  });
  return sum / relevance.length;
}

/** Whether every neighbour has one vote, or 1/distance votes. */
export type NeighbourWeights = "uniform" | "distance";

/** The label that the nearest rows vote for; the smallest one on ties. */
export function vote(
  neighbours: Int32Array,
  distanceOf: (rank: number) => number,
  labels: ArrayLike<number>,
  weights: NeighbourWeights,
): number {
  // Exact matches take all: 1/0 would leave nothing to compare.
  const exact = weights === "distance" && neighbours.some((_, rank) => distanceOf(rank) === 0);
  const votes = new Map<number, number>();
  neighbours.forEach((index, rank) => {
    if (exact && distanceOf(rank) !== 0) return;
    const weight = weights === "uniform" || exact ? 1 : 1 / distanceOf(rank);
    votes.set(labels[index]!, (votes.get(labels[index]!) ?? 0) + weight);
  });
  return winner(votes);
}

function winner(votes: ReadonlyMap<number, number>): number {
  let best = Number.NaN;
  let most = Number.NEGATIVE_INFINITY;
  for (const [label, weight] of votes) {
    if (weight > most || (weight === most && label < best)) {
      best = label;
      most = weight;
    }
  }
  return best;
}
