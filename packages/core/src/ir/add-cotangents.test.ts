import { describe, expect, it } from "vitest";
import { ndarray } from "../arrays/nd-array.js";
import { checkGradients } from "../checks/check-gradients.js";
import { runFunction } from "../checks/run-function.js";
import { matrixTranspose } from "../functions/matrix-transpose.js";
import { square } from "../functions/square.js";
import { add } from "../ops/add.js";
import { input } from "../ops/input.js";
import { matmul } from "../ops/matmul.js";
import { mul } from "../ops/mul.js";
import { pad } from "../ops/pad.js";
import { slice } from "../ops/slice.js";
import { sum } from "../ops/sum.js";
import { Key } from "../random/key.js";
import { addCotangents } from "./add-cotangents.js";
import { gradients } from "./grad.js";
import { type Tensor, topologicalOrder } from "./tensor.js";

const drawn = (...shape: number[]) =>
  ndarray(
    "float64",
    shape,
    Key.fromSeed(7)
      .fold(shape.join())
      .normal(shape.reduce((size, extent) => size * extent, 1)),
  );

/** How many operators of each name the gradient of f is made of, the value left out. */
function operatorsOfGradient(f: (x: Tensor) => Tensor, shape: readonly number[]): Record<string, number> {
  const x = input("x", "float64", shape);
  const value = f(x);
  const forward = new Set(topologicalOrder([value]));
  const counts: Record<string, number> = {};
  for (const tensor of topologicalOrder(gradients(value, [x]))) {
    if (!forward.has(tensor)) counts[tensor.op.name] = (counts[tensor.op.name] ?? 0) + 1;
  }
  return counts;
}

const weights = drawn(5, 5);
const gram = (x: Tensor, w: Tensor) => sum(mul(square(matmul(x, matrixTranspose(x))), w));

describe("cotangents that meet", () => {
  it("of a Gram matrix take one product", () => {
    const byItself = (x: Tensor) => sum(square(matmul(x, matrixTranspose(x))));
    expect(operatorsOfGradient(byItself, [5, 8]).matmul).toBe(1);
    expect(operatorsOfGradient((x) => add(byItself(x), sum(square(x))), [5, 8]).matmul).toBe(1);
    // Of few columns two products are less than a sum of matrices.
    expect(operatorsOfGradient(byItself, [5, 2]).matmul).toBe(2);
  });

  it("of a Gram matrix are right, once and twice differentiated, whatever else reads the rows", async () => {
    const x = drawn(5, 9);
    await checkGradients((rows, w) => gram(rows, w), [x, weights]);
    await checkGradients((rows, w) => add(sum(square(rows)), add(gram(rows, w), sum(mul(rows, 3)))), [x, weights]);
    await checkGradients((rows, w) => sum(square(gradients(gram(rows, w), [rows])[0]!)), [x, weights]);
  });

  it("of a product with both factors from elsewhere stay two", async () => {
    const [x, y] = [drawn(4, 9), drawn(6, 9)];
    await checkGradients((a, b) => sum(square(matmul(a, matrixTranspose(b)))), [x, y]);
  });

  it("stay apart where somebody asks for the cotangent of the turned rows", async () => {
    const f = (x: Tensor) => {
      const turned = matrixTranspose(x);
      return gradients(sum(matmul(x, turned)), [x, turned]);
    };
    const [ofRows, ofTurned] = await runFunction(f, [drawn(3, 8)]);
    const columnSums = Array.from({ length: 8 }, (_, d) =>
      [0, 1, 2].reduce((total, i) => total + drawn(3, 8).data[i * 8 + d]!, 0),
    );
    for (let i = 0; i < 3; i++) {
      for (let d = 0; d < 8; d++) {
        expect(ofRows!.data[i * 8 + d]).toBeCloseTo(2 * columnSums[d]!, 12);
        expect(ofTurned!.data[d * 3 + i]).toBeCloseTo(columnSums[d]!, 12);
      }
    }
  });

  it("of neighbouring slices are put beside one another", async () => {
    const part = (x: Tensor, start: number, end: number) => slice(x, { axis: 0, start, end });
    const halves = (x: Tensor) => sum(mul(square(part(x, 0, 2)), part(x, 2, 4)));
    expect(operatorsOfGradient(halves, [4, 3])).not.toHaveProperty("pad");
    const thirds = (x: Tensor) => sum(mul(mul(part(x, 1, 2), part(x, 2, 3)), part(x, 3, 4)));
    expect(operatorsOfGradient(thirds, [5, 3]).pad).toBe(1);
    const apart = (x: Tensor) => sum(mul(part(x, 0, 1), part(x, 2, 3)));
    const overlapping = (x: Tensor) => sum(mul(part(x, 0, 3), part(x, 1, 4)));
    const corners = (x: Tensor) =>
      sum(mul(slice(part(x, 0, 2), { axis: 1, end: 1 }), slice(part(x, 2, 4), { axis: 1, start: 2 })));
    for (const f of [halves, thirds, apart, overlapping, corners]) await checkGradients(f, [drawn(5, 3)]);
  });

  it("of corners that share no side are added", async () => {
    const corners = (a: Tensor, b: Tensor) =>
      addCotangents(pad(a, { before: [0, 0], after: [1, 1] }), pad(b, { before: [1, 1], after: [0, 0] }));
    const [met] = await runFunction(corners, [ndarray("float64", [1, 1], [2]), ndarray("float64", [1, 1], [3])]);
    expect([...met!.data]).toEqual([2, 0, 0, 3]);
  });
});
