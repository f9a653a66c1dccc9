import { type DataSplits, Key } from "@semblance/core";
import { gaussianMixture } from "../generators/gaussian-mixture.js";

/** Three round clusters in the plane, far enough apart that any method should find them. */
export async function loadBlobs(): Promise<DataSplits> {
  const train = gaussianMixture({
    key: Key.fromSeed(0),
    rows: 300,
    means: [
      [-5, 0],
      [5, 0],
      [0, 7],
    ],
    standardDeviation: 1,
    name: "builtin:blobs",
  });
  return { train: { ...train, columns: ["x", "y"], source: "drawn by gaussianMixture with seed 0" } };
}
