import { concat, slice, type Tensor } from "@semblance/core";

/** Elements of a temporary [b, m, d] tensor up to which rows are taken together. */
const BLOCK_ELEMENTS = 1 << 22;

/**
 * A matrix [n, m] of a comparison of rows that forms all differences [n, m, d] on its way, computed for a block of x's rows at a
 * time: memory stays at O(nm) instead of O(nmd).
 */
export function byRowBlocks(
  x: Tensor,
  y: Tensor,
  compare: (x: Tensor, y: Tensor) => Tensor,
  elements = BLOCK_ELEMENTS,
): Tensor {
  const rows = x.shape[0]!;
  const perRow = Math.max(1, y.shape[0]! * x.shape[1]!);
  const block = Math.max(1, Math.floor(elements / perRow));
  if (block >= rows) return compare(x, y);
  const parts: Tensor[] = [];
  for (let start = 0; start < rows; start += block) {
    parts.push(compare(slice(x, { axis: 0, start, end: Math.min(rows, start + block) }), y));
  }
  return concat(parts, 0);
}
