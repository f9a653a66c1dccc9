import { callHost, defineHostOperator, type FloatDType, type MiningBatch, ndarray, type Tensor } from "@semblance/core";
import { type Chooser, miningBatch, relationIn } from "../mining/chooser.js";

interface ChoosePairsAttributes {
  readonly dtype: FloatDType;
  readonly chooser?: Chooser | undefined;
  readonly width: number;
}

/** One pair of each class of a batch. No row is in two, so that m = ⌊n/2⌋ places hold them all; what is left over is filled up. */
export interface ChosenPairs {
  /** [m] int32: rows that are anchors, and their positives. */
  readonly anchors: Tensor;
  readonly positives: Tensor;
  /** [m]: 1 where there is a pair with at least one negative. */
  readonly valid: Tensor;
  /** [m, m]: 1 where the positive of column j is a negative of anchor i. */
  readonly negatives: Tensor;
}

/** Places for pairs; one where a batch is too small to hold a pair, since nothing can be computed of none. */
const placesFor = (rows: number) => Math.max(1, Math.floor(rows / 2));

/**
 * Labels [n] or relations [n, n]; with a chooser what it compares by [n, n], and its noise [n, n] where it draws → anchors, positives,
 * validity and negatives of the pairs of a batch. Nothing is differentiable.
 */
const choosePairs = defineHostOperator<ChoosePairsAttributes>({
  name: "choose-pairs",
  infer: ([supervision], { dtype }) => {
    const places = placesFor(supervision!.shape[0]!);
    return [
      { dtype: "int32", shape: [places] },
      { dtype: "int32", shape: [places] },
      { dtype, shape: [places] },
      { dtype, shape: [places, places] },
    ];
  },
  run([supervision, divergences, noise], { dtype, chooser, width }) {
    const batch = miningBatch({ supervision: supervision!, divergences: divergences ?? supervision!, noise, width });
    const relation = relationIn(batch);
    const pairs = pairsOf(batch, relation, chooser && keptPositives(batch, chooser));
    const places = placesFor(batch.rows);
    const [anchors, positives] = [new Int32Array(places), new Int32Array(places)];
    const [valid, negatives] = [new Float64Array(places), new Float64Array(places * places)];
    pairs.forEach(([anchor, positive], i) => {
      anchors[i] = anchor;
      positives[i] = positive;
      pairs.forEach(([, other], j) => {
        if (i === j || relation(anchor, other) >= 0) return;
        negatives[i * places + j] = 1;
        valid[i] = 1;
      });
    });
    return [
      ndarray("int32", [places], anchors),
      ndarray("int32", [places], positives),
      ndarray(dtype, [places], valid),
      ndarray(dtype, [places, places], negatives),
    ];
  },
});

/**
 * The first row of each class that has a partner, with its first one: with labels the first two rows of a class. With relations a row
 * that is like an anchor before it is of that anchor's class.
 */
function pairsOf(
  { rows }: MiningBatch,
  relation: (row: number, other: number) => number,
  kept: Uint8Array | undefined,
): [anchor: number, positive: number][] {
  const pairs: [number, number][] = [];
  const used = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    if (used[i] || pairs.some(([anchor]) => relation(i, anchor) > 0)) continue;
    for (let j = 0; j < rows; j++) {
      if (used[j] || relation(i, j) <= 0 || (kept && !kept[i * rows + j])) continue;
      used[i] = used[j] = 1;
      pairs.push([i, j]);
      break;
    }
  }
  return pairs;
}

/** Of a miner of triplets the pairs (a, p), of a miner of pairs those of rows that are alike. */
function keptPositives(batch: MiningBatch, chooser: Chooser): Uint8Array {
  const kept = new Uint8Array(batch.rows ** 2);
  chooser.choose(batch, (anchor, other) => {
    kept[anchor * batch.rows + other] = 1;
  });
  return kept;
}

/** @param supervision labels [n] or relations [n, n] */
export function choosePairsOf(
  embeddings: Tensor,
  supervision: Tensor,
  mined?: { readonly chooser: Chooser; readonly divergences: Tensor; readonly noise?: Tensor | undefined },
): ChosenPairs {
  const read = mined ? [mined.divergences, ...(mined.noise ? [mined.noise] : [])] : [];
  const [anchors, positives, valid, negatives] = callHost(choosePairs, [supervision, ...read], {
    dtype: embeddings.dtype as FloatDType,
    chooser: mined?.chooser,
    width: embeddings.shape[1]!,
  });
  return { anchors: anchors!, positives: positives!, valid: valid!, negatives: negatives! };
}
