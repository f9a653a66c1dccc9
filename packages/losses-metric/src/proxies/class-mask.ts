import { equal, gather, iota, reshape, type Tensor } from "@semblance/core";

/** Which class each row is of, as a mask: labels [n] → boolean [n, C]. INDEX_OUT_OF_RANGE, while running, when a label is no class. */
export function classMask(labels: Tensor, classes: number): Tensor {
  // Compared alone, a label beyond the classes would be of none; looked up, it is refused.
  const known = gather(iota(classes), labels, 0);
  return equal(reshape(known, [known.shape[0]!, 1]), iota(classes));
}
