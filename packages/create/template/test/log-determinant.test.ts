import { eye, matmul, matrixTranspose, mul, ndarray, sum } from "@semblance/core";
import { checkGradients, runFunction } from "@semblance/core/testing";
import { expect, it } from "vitest";
import { inverse, logDeterminant } from "../src/index.js";

const factor = ndarray("float64", [3, 3], [2, 0.5, -1, 0.3, 1.5, 0.2, -0.4, 0.7, 1.1]);

it("is the logarithm of a diagonal's product, and of a product the sum", async () => {
  const [value] = await runFunction(
    (x) => logDeterminant(mul(eye(3, "float64"), sum(x))),
    [ndarray("float64", [2], [1.5, 0.5])],
  );
  expect(value!.data[0]).toBeCloseTo(3 * Math.log(2), 12);
});

it("inverts", async () => {
  const [product] = await runFunction(
    (x) => {
      const a = matmul(x, matrixTranspose(x));
      return matmul(a, inverse(a));
    },
    [factor],
  );
  const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  product!.data.forEach((value, at) => expect(value).toBeCloseTo(identity[at]!, 10));
});

it("has the derivatives that it states, twice", async () => {
  await checkGradients((x) => logDeterminant(matmul(x, matrixTranspose(x))), [factor]);
  await checkGradients((x) => sum(inverse(matmul(x, matrixTranspose(x)))), [factor]);
});
