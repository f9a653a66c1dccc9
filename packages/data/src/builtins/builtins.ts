import type { DataSplits } from "@semblance/core";
import { loadBlobs } from "./blobs.js";
import { DIGITS_SOURCE, loadDigits } from "./digits.js";

/** A data set that comes with the package. */
export interface Builtin {
  readonly summary: string;
  /** Who made it, and under which licence. */
  readonly source: string;
  load(): Promise<DataSplits>;
}

/** Everything that `builtin:NAME` can name. */
export const builtins: Readonly<Record<string, Builtin>> = {
  blobs: {
    summary: "300 points of three round Gaussian clusters in the plane",
    source: "drawn by gaussianMixture with seed 0",
    load: loadBlobs,
  },
  digits: {
    summary: "handwritten digits, 8 × 8 pixels: 3,823 for training and 1,797 of other writers for testing",
    source: DIGITS_SOURCE,
    load: loadDigits,
  },
};
