import type { Tensor } from "../../ir/tensor.js";
import type { normal } from "./draw.js";
import { type OpCase, opCase } from "./op-case.js";

/** The shapes that every elementwise primitive is met with. */
export function unaryCases(
  f: (x: Tensor) => Tensor,
  draw: typeof normal,
  options: Partial<Pick<OpCase, "tolerance">> = {},
): OpCase[] {
  const smooth = { ...options, differentiable: [0] };
  return [
    opCase("of a scalar", [draw()], f, smooth),
    opCase("of a matrix", [draw(3, 5)], f, smooth),
    // Longer than a vector register and no multiple of one, so that a backend's remainder loop runs.
    opCase("of 1031 elements", [draw(1031)], f, options),
    opCase("of rank 6", [draw(2, 1, 3, 1, 2, 2)], f, smooth),
    opCase("of no elements", [draw(2, 0, 3)], f, smooth),
  ];
}
