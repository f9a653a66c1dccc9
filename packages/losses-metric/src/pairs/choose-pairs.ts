import { callHost, defineHostOperator, type FloatDType, type MiningBatch, ndarray, type Tensor } from "@semblance/core";
import { type Chooser, miningBatch, relationIn } from "../mining/chooser.js";

interface ChoosePairsAttributes {
  readonly dtype: FloatDType;
  readonly chooser?: Chooser | undefined;
  readonly width: number;
}

/** One pair of each class of a batch. */
export interface ChosenPairs {
  /** [n] int32: the positive of a row that is an anchor, of any other the row itself. */
  readonly partners: Tensor;
  /** [n]: 1 where a row is an anchor with at least one negative. */
  readonly anchors: Tensor;
  /** [n, n]: 1 where the positive of column j is a negative of anchor i. */
  readonly negatives: Tensor;
}

/**
 * Labels [n] or relations [n, n]; with a chooser what it compares by [n, n], and its noise [n, n] where it draws → partners, anchors
 * and negatives of the pairs of a batch. Nothing is differentiable.
 */
const choosePairs = defineHostOperator<ChoosePairsAttributes>({
  name: "choose-pairs",
  infer: ([supervision], { dtype }) => {
    const rows = supervision!.shape[0]!;
    return [
      { dtype: "int32", shape: [rows] },
      { dtype, shape: [rows] },
      { dtype, shape: [rows, rows] },
    ];
  },
  run([supervision, divergences, noise], { dtype, chooser, width }) {
    const batch = miningBatch({ supervision: supervision!, divergences: divergences ?? supervision!, noise, width });
    const { rows } = batch;
    const relation = relationIn(batch);
    const partners = partnersOf(batch, relation, chooser && keptPositives(batch, chooser));
    const [anchors, negatives] = [new Float64Array(rows), new Float64Array(rows * rows)];
    for (let i = 0; i < rows; i++) {
      if (partners[i] === i) continue;
      for (let j = 0; j < rows; j++) {
        if (j === i || partners[j] === j || relation(i, partners[j]!) >= 0) continue;
        negatives[i * rows + j] = 1;
        anchors[i] = 1;
      }
    }
    return [
      ndarray("int32", [rows], partners),
      ndarray(dtype, [rows], anchors),
      ndarray(dtype, [rows, rows], negatives),
    ];
  },
});

/**
 * The first row of each class that has a partner, with its first one: with labels the first two rows of a class. With relations a row
 * that is like an anchor before it is of that anchor's class.
 */
function partnersOf(
  { rows }: MiningBatch,
  relation: (row: number, other: number) => number,
  kept: Uint8Array | undefined,
): Int32Array {
  const partners = Int32Array.from({ length: rows }, (_, row) => row);
  const used = new Uint8Array(rows);
  const anchors: number[] = [];
  for (let i = 0; i < rows; i++) {
    if (used[i] || anchors.some((anchor) => relation(i, anchor) > 0)) continue;
    for (let j = 0; j < rows; j++) {
      if (used[j] || relation(i, j) <= 0 || (kept && !kept[i * rows + j])) continue;
      partners[i] = j;
      used[i] = used[j] = 1;
      anchors.push(i);
      break;
    }
  }
  return partners;
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
  const [partners, anchors, negatives] = callHost(choosePairs, [supervision, ...read], {
    dtype: embeddings.dtype as FloatDType,
    chooser: mined?.chooser,
    width: embeddings.shape[1]!,
  });
  return { partners: partners!, anchors: anchors!, negatives: negatives! };
}
