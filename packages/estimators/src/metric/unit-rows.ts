import { type NdArray, ndarray } from "@semblance/core";

/** Rows [n, d] scaled to unit length; a row of zeros stays. */
export function unitRows({ dtype, shape, data }: NdArray): NdArray {
  const width = shape[1] ?? 1;
  const unit = data.slice();
  for (let at = 0; at < unit.length; at += width) {
    const own = unit.subarray(at, at + width);
    let squares = 0;
    for (const value of own) squares += value * value;
    const length = Math.sqrt(squares);
    if (length > 0) for (let k = 0; k < own.length; k++) own[k] = own[k]! / length;
  }
  return ndarray(dtype, shape, unit);
}
