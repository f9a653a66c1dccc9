import {
  defineDivergence,
  definePlugin,
  mul,
  normalise,
  pairwiseDistances,
  pairwiseInnerProducts,
  pairwiseSquaredDistances,
  sub,
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
        name: "lopsided",
        summary: "An asymmetric one, and negative at times.",
        nonNegative: false,
        config: z.strictObject({ factor: z.number().default(0.3).describe("how lopsided") }),
        matrix: (x, y, { factor }: { factor: number }) =>
          sub(pairwiseSquaredDistances(x, y), mul(pairwiseInnerProducts(mul(x, x), sub(y, x)), factor)),
      }),
    );
  },
});
