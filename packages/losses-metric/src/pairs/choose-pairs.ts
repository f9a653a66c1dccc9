import {
  callHost,
  defineHostOperator,
  type FloatDType,
  type MiningBatch,
  ndarray,
  type Tensor,
  zerosArray,
} from "@semblance/core";
import { type Chooser, miningBatch, relationIn } from "../mining/chooser.js";

interface ChoosePairsAttributes {
  readonly dtype: FloatDType;
  readonly chooser?: Chooser | undefined;
  readonly width: number;
}

/**
 * One pair of each class of a batch. No row is in two, so that m = ⌊n/2⌋ places hold them all; what is left over is filled up with rows
 * that are in no pair.
 */
export interface ChosenPairs {
  /** [2m] int32: the rows that are anchors, then their positives; each row once, where there is more than one. */
  readonly rows: Tensor;
  /** [m]: 1 where there is a pair with at least one negative. */
  readonly valid: Tensor;
  /** [m, m]: 1 where the positive of column j is a negative of anchor i. */
  readonly negatives: Tensor;
}

/** Places for pairs; one where a batch is too small to hold a pair, since nothing can be computed of none. */
const placesFor = (rows: number) => Math.max(1, Math.floor(rows / 2));

/**
 * Labels [n] or relations [n, n]; with a chooser what it compares by [n, n], and its noise [n, n] where it draws → rows, validity
 * and negatives of the pairs of a batch. Nothing is differentiable.
 */
const choosePairs = defineHostOperator<ChoosePairsAttributes>({
  name: "choose-pairs",
  infer: ([supervision], { dtype }) => {
    const places = placesFor(supervision!.shape[0]!);
    return [
      { dtype: "int32", shape: [2 * places] },
      { dtype, shape: [places] },
      { dtype, shape: [places, places] },
    ];
  },
  run([supervision, divergences, noise], { dtype, chooser, width }) {
    const batch = miningBatch({ supervision: supervision!, divergences: divergences ?? supervision!, noise, width });
    const pairs = batch.relations || chooser ? pairsOf(batch, chooser) : firstTwoOfEach(batch.labels);
    const places = placesFor(batch.rows);
    const [valid, negatives] = [zerosArray(dtype, [places]), zerosArray(dtype, [places, places])];
    const related = relationIn(batch);
    pairs.forEach(([anchor], i) => {
      const row = negatives.data.subarray(i * places, i * places + pairs.length);
      // With labels no two pairs are of one class.
      if (batch.relations) pairs.forEach(([, other], j) => (row[j] = related(anchor, other) < 0 ? 1 : 0));
      else row.fill(1);
      row[i] = 0;
      valid.data[i] = row.includes(1) ? 1 : 0;
    });
    return [ndarray("int32", [2 * places], rowsAt(pairs, batch.rows, places)), valid, negatives];
  },
});

type Pair = readonly [anchor: number, positive: number];

/** What `pairsOf` finds by labels without a miner, looking at each row once. */
function firstTwoOfEach(labels: ArrayLike<number>): Pair[] {
  const seen = new Map<number, { readonly first: number; second?: number }>();
  for (let row = 0; row < labels.length; row++) {
    const known = seen.get(labels[row]!);
    if (!known) seen.set(labels[row]!, { first: row });
    else known.second ??= row;
  }
  return [...seen.values()].flatMap(({ first, second }) => (second === undefined ? [] : [[first, second] as const]));
}

/**
 * The first row of each class that has a partner, with its first one: with labels the first two rows of a class. With relations a row
 * that is like an anchor before it is of that anchor's class.
 */
function pairsOf(batch: MiningBatch, chooser: Chooser | undefined): Pair[] {
  const { rows } = batch;
  const relation = relationIn(batch);
  const kept = chooser && keptPositives(batch, chooser);
  const pairs: Pair[] = [];
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

/** Anchors in the first half, positives in the second; the rows that are in no pair fill up what is left. */
function rowsAt(pairs: readonly Pair[], rows: number, places: number): Int32Array {
  const chosen = new Int32Array(2 * places);
  const used = new Uint8Array(rows);
  pairs.forEach(([anchor, positive], at) => {
    chosen[at] = anchor;
    chosen[places + at] = positive;
    used[anchor] = used[positive] = 1;
  });
  let free = 0;
  const nextFree = () => {
    while (used[free]) free++;
    return free < rows ? free++ : 0;
  };
  for (let at = pairs.length; at < places; at++) {
    chosen[at] = nextFree();
    chosen[places + at] = nextFree();
  }
  return chosen;
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
  const [rows, valid, negatives] = callHost(choosePairs, [supervision, ...read], {
    dtype: embeddings.dtype as FloatDType,
    chooser: mined?.chooser,
    width: embeddings.shape[1]!,
  });
  return { rows: rows!, valid: valid!, negatives: negatives! };
}
