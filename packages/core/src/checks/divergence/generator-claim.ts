import { matrixTranspose } from "../../functions/matrix-transpose.js";
import { gradients } from "../../ir/grad.js";
import type { Tensor } from "../../ir/tensor.js";
import { matmul } from "../../ops/matmul.js";
import { mul } from "../../ops/mul.js";
import { reshape } from "../../ops/reshape.js";
import { sub } from "../../ops/sub.js";
import { sum } from "../../ops/sum.js";
import { CheckFailedError } from "../check.js";
import { differenceOf } from "../difference.js";
import { TOLERANCE } from "../pairs/pair-checks.js";
import { runFunction } from "../run-function.js";
import { type DivergenceSubject, OTHERS, ROWS } from "./divergence-subject.js";

/** That D(x, y) = φ(x) − φ(y) − ⟨x − y, ∇φ(y)⟩ for the generator φ that a divergence gives. */
export function generatorClaim(subject: DivergenceSubject): readonly [string, () => Promise<void>] {
  const { entry, config, group, draw, compare, cx, parameters } = subject;
  return [
    "is the Bregman divergence of its generator",
    async () => {
      const [x, y] = [await draw("first", ROWS), await draw("second", OTHERS)];
      const owned = Object.values(await parameters());
      const phi = (rows: Tensor, tensors: readonly Tensor[]) => entry.generator!(rows, config, cx(tensors));
      const [defined] = await runFunction(
        (a, b, ...tensors) => {
          const atSecond = phi(b!, tensors);
          const [slope] = gradients(sum(atSecond), [b!]);
          const along = sum(mul(b!, slope!), { axes: [1] });
          const first = sub(reshape(phi(a!, tensors), [ROWS, 1]), matmul(a!, matrixTranspose(slope!)));
          return sub(first, reshape(sub(atSecond, along), [1, OTHERS]));
        },
        [x, y, ...owned],
      );
      const difference = differenceOf(await compare(x, y), defined!, { tolerance: TOLERANCE.float64 });
      if (!difference) return;
      throw new CheckFailedError(
        "CHECK_VALUE_WRONG",
        `${group} is not the divergence of its generator: ${difference}`,
        {
          where: group,
          fix: "D(x, y) = φ(x) − φ(y) − ⟨x − y, ∇φ(y)⟩, the gradient at the second argument.",
        },
      );
    },
  ];
}
