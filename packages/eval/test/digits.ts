import { type NdArray, ndarray } from "@semblance/core";
import { readShared } from "./shared.js";

export const DIGITS = "data/optdigits/optdigits.tra";

/** The 3,823 training digits: 64 grey values of 0 … 16, then the class. */
export function readDigits(): { data: NdArray<"float64">; labels: number[] } {
  const rows = readShared(DIGITS)
    .trim()
    .split("\n")
    .map((line) => line.split(",").map(Number));
  return {
    data: ndarray(
      "float64",
      [rows.length, 64],
      rows.flatMap((row) => row.slice(0, 64)),
    ),
    labels: rows.map((row) => row[64]!),
  };
}
