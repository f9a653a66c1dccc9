import { allocate, constant, type FloatDType, matmul, type NdArray, ndarray, type Tensor } from "@semblance/core";

/**
 * Pictures of another size, each pixel a weighted mean of those around its place.
 *
 *     y = R(height)·x·R(width)ᵀ,   R(to)ᵢⱼ ∝ max(0, 1 − |(i + ½)·s − (j + ½)|/max(s, 1)),   s = from/to,   rows of R sum to 1
 *
 * Made larger this is bilinear interpolation; made smaller, the triangle grows with the step, so that no pixel is passed over.
 *
 * Shapes   x: [n, c, h, w]  →  [n, c, height, width]
 * Source   Pillow, Image.resize with BILINEAR; torch.nn.functional.interpolate(mode="bilinear", antialias=True)
 */
export function resizeBilinear(x: Tensor, height: number, width: number): Tensor {
  const [h, w] = x.shape.slice(2) as [number, number];
  const dtype = x.dtype as FloatDType;
  const y = w === width ? x : matmul(x, constant(transposed(interpolation(w, width, dtype))));
  return h === height ? y : matmul(constant(interpolation(h, height, dtype)), y);
}

/** R [to, from]. */
function interpolation(from: number, to: number, dtype: FloatDType): NdArray {
  const data = allocate(dtype, to * from);
  const step = from / to;
  const reach = Math.max(step, 1);
  for (let i = 0; i < to; i++) {
    const weight = (j: number) => Math.max(0, 1 - Math.abs((i + 0.5) * step - (j + 0.5)) / reach);
    let total = 0;
    for (let j = 0; j < from; j++) total += weight(j);
    for (let j = 0; j < from; j++) data[i * from + j] = weight(j) / total;
  }
  return ndarray(dtype, [to, from], data);
}

function transposed({ dtype, shape, data }: NdArray): NdArray {
  const [rows, columns] = shape as [number, number];
  const turned = allocate(dtype, data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j]!;
  return ndarray(dtype, [columns, rows], turned);
}
