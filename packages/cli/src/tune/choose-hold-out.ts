import { Key, type Labels } from "@semblance/core";

/** What is held out of data with labels: classes by name, or a share of the rows. */
export type ChosenHoldOut =
  | { readonly by: "class"; readonly classes: readonly string[] }
  | { readonly by: "row"; readonly fraction: number; readonly seed: number };

const SHARE = 0.2;
/** Of fewer classes none can be spared: two have to be left to be told apart, in either part. */
const FEWEST_CLASSES = 6;

/**
 * A fifth of the classes, so that what is learned has to carry over to classes that were never seen; a fifth of the rows where there are few
 * classes. Classes of a single row are left to training: nothing could be found for them.
 */
export function chooseHoldOut({ indices, names }: Labels, seed: number): ChosenHoldOut {
  const sizes = new Int32Array(names.length);
  for (const index of indices) sizes[index]! += 1;
  const able = Int32Array.from(sizes.keys()).filter((index) => sizes[index]! > 1);
  if (able.length < FEWEST_CLASSES) return { by: "row", fraction: SHARE, seed };
  const count = Math.max(2, Math.round(able.length * SHARE));
  const order = Key.fromSeed(seed).fold("hold-out").permutation(able.length);
  const chosen = Array.from(order.subarray(0, count), (at) => able[at]!).sort((a, b) => a - b);
  return { by: "class", classes: chosen.map((index) => names[index]!) };
}
