import { add, averagePool, conv, type DType, gradients, maxPool, mean, square, sum } from "@semblance/core";
import { expectLikeReference } from "../../packages/backend-ort/test/compare.js";
import { drawWindows } from "../../packages/backend-ort/test/draw-windows.js";
import type { Judgements } from "./judgements.js";

const ROUNDS = 40;

/** Convolutions and pools of drawn geometry with their derivatives: one to three axes, strides, dilations, groups, padding. */
export function drawnWindows(dtypes: readonly DType[] | undefined): Judgements {
  const rounds = Array.from({ length: ROUNDS }, (_, round) => round).filter(
    (round) => !dtypes || dtypes.includes(drawWindows(round).x.dtype),
  );
  return Object.fromEntries(
    rounds.flatMap((round) => {
      const { x, w, options, pool, tolerance } = drawWindows(round);
      return [
        [
          `windows: convolutions of drawn geometry ${round}`,
          (backend) =>
            expectLikeReference(
              backend,
              [x, w],
              (input, filter) => {
                const y = conv(input!, filter!, options);
                return [y, ...gradients(mean(square(y)), [input!, filter!])];
              },
              { tolerance },
            ),
        ],
        [
          `windows: pools of drawn geometry ${round}`,
          (backend) =>
            expectLikeReference(
              backend,
              [x],
              (input) => {
                const [largest, average] = [maxPool(input!, pool), averagePool(input!, pool)];
                return [largest, average, ...gradients(add(sum(square(largest)), sum(square(average))), [input!])];
              },
              { tolerance },
            ),
        ],
      ] satisfies [string, Judgements[string]][];
    }),
  );
}
