import type { NdArray } from "@semblance/core";

/** The rows of an array [n, d], each a list of numbers. */
export function rowsAsLists({ shape, data }: NdArray): number[][] {
  const [rows = 0, width = 0] = shape;
  return Array.from({ length: rows }, (_, row) => Array.from(data.subarray(row * width, (row + 1) * width)));
}
