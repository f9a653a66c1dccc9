import type { NdArray } from "../../arrays/nd-array.js";

/** The rows of an array that hold anything but 0. */
export function usedRows({ shape: [rows = 1], data }: NdArray): number[] {
  const width = data.length / rows;
  return Array.from({ length: rows }, (_, row) => row).filter((row) =>
    data.subarray(row * width, (row + 1) * width).some((value) => value !== 0),
  );
}
