import { allocate } from "../../arrays/dtype.js";
import { type NdArray, sizeOf } from "../../arrays/nd-array.js";
import type { TensorSpec } from "../../ir/tensor.js";
import { broadcastStrides, forEachIndex } from "./elementwise.js";

export function matmul([a, b]: readonly NdArray[], _: unknown, to: TensorSpec): NdArray {
  const [rows, columns] = [to.shape.at(-2)!, to.shape.at(-1)!];
  const inner = a!.shape.at(-1)!;
  const batch = to.shape.slice(0, -2);
  const out = allocate(to.dtype, sizeOf(to.shape));
  const row = new Float64Array(columns);
  const strides = [a!, b!].map((x) => broadcastStrides(x.shape.slice(0, -2), batch));
  forEachIndex(batch, strides, (index, [matrixA, matrixB]) => {
    const [startA, startB] = [matrixA! * rows * inner, matrixB! * inner * columns];
    for (let i = 0; i < rows; i++) {
      row.fill(0);
      for (let k = 0; k < inner; k++) {
        const factor = a!.data[startA + i * inner + k]!;
        const offset = startB + k * columns;
        for (let j = 0; j < columns; j++) row[j]! += factor * b!.data[offset + j]!;
      }
      out.set(row, (index * rows + i) * columns);
    }
  });
  return { ...to, data: out };
}
