import {
  add,
  createCatalogue,
  type Divergence,
  defineDivergence,
  definePlugin,
  euclideanNorm,
  matmul,
  matrixTranspose,
  mul,
  neg,
  normalise,
  pairwiseDifferences,
  pairwiseSquaredDistances,
  rootOrZero,
  square,
  sub,
  sum,
  VERSION,
} from "@semblance/core";
import { z } from "zod";

const config = z.strictObject({});

/** The divergences that one matrix product ranks by, and two that none does: an asymmetric one, and one with learned weights. */
export const divergences = createCatalogue([
  definePlugin({
    name: "divergences-of-the-tests",
    version: VERSION,
    core: `^${VERSION}`,
    register(registry) {
      const symmetric = { summary: "", config, symmetric: true } as const;
      for (const entry of [
        defineDivergence({ ...symmetric, name: "squared-euclidean", matrix: (x, y) => pairwiseSquaredDistances(x, y) }),
        defineDivergence({
          ...symmetric,
          name: "euclidean",
          matrix: (x, y) => rootOrZero(pairwiseSquaredDistances(x, y)),
        }),
        defineDivergence({
          ...symmetric,
          name: "cosine",
          matrix: (x, y) => sub(1, matmul(normalise(x), matrixTranspose(normalise(y)))),
        }),
        defineDivergence({ ...symmetric, name: "negative-dot", matrix: (x, y) => neg(matmul(x, matrixTranspose(y))) }),
        defineDivergence({
          name: "leaning",
          summary: "Squared distance, plus three times how long the second argument is.",
          config,
          matrix: (x, y) =>
            add(sum(square(pairwiseDifferences(x, y)), { axes: [2] }), mul(euclideanNorm(y, { axes: [1] }), 3)),
        }),
        defineDivergence({
          name: "weighted",
          summary: "Squared distance by learned weights of the columns, of numbers from 0.",
          config,
          domain: { first: "non-negative", second: "positive" },
          init: (_key, _config, { width }) => ({
            weights: { dtype: "float64", shape: [width], data: new Float64Array(width).fill(1) },
          }),
          matrix: (x, y, _config, { parameters }) =>
            sum(mul(square(pairwiseDifferences(x, y)), parameters.weights!), { axes: [2] }),
        }),
      ]) {
        registry.add(entry as Divergence);
      }
    },
  }),
]);
