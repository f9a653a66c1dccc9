import {
  add,
  defineDivergence,
  definePlugin,
  exp,
  mul,
  neg,
  normalise,
  pairwiseDistances,
  pairwiseInnerProducts,
  pairwiseSquaredDistances,
  reshape,
  sub,
  sum,
  type Tensor,
} from "@semblance/core";
import { z } from "zod";

/** Divergences for tests: a plugin builds on no other. */
export const divergencesPlugin = definePlugin({
  name: "divergences",
  version: "1.0.0",
  core: "*",
  register(registry) {
    registry.add(
      defineDivergence({
        name: "euclidean",
        summary: "‖x − y‖",
        symmetric: true,
        config: z.strictObject({}),
        matrix: (x, y) => pairwiseDistances(x, y),
      }),
    );
    registry.add(
      defineDivergence({
        name: "squared-euclidean",
        summary: "‖x − y‖²",
        symmetric: true,
        config: z.strictObject({}),
        matrix: (x, y) => pairwiseSquaredDistances(x, y),
      }),
    );
    registry.add(
      defineDivergence({
        name: "cosine",
        summary: "1 − cos",
        symmetric: true,
        config: z.strictObject({}),
        matrix: (x, y) => sub(1, pairwiseInnerProducts(normalise(x), normalise(y))),
      }),
    );
    registry.add(
      defineDivergence({
        name: "negative-dot",
        summary: "−xᵀy",
        symmetric: true,
        nonNegative: false,
        config: z.strictObject({}),
        matrix: (x, y) => neg(pairwiseInnerProducts(x, y)),
      }),
    );
    registry.add(
      defineDivergence({
        name: "lopsided",
        summary: "An asymmetric one: the Bregman divergence of Σ eˣ.",
        config: z.strictObject({}),
        matrix(x, y) {
          const slopes = exp(y);
          const own = (terms: Tensor) => sum(terms, { axes: [1] });
          const ofX = reshape(own(exp(x)), [x.shape[0]!, 1]);
          return sub(add(ofX, own(mul(sub(y, 1), slopes))), pairwiseInnerProducts(x, slopes));
        },
      }),
    );
  },
});
