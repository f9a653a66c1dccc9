import { defineKernel, definePlugin, exp, neg, pairwiseInnerProducts, pairwiseSquaredDistances } from "@semblance/core";
import { z } from "zod";

/** Kernels for tests: a plugin builds on no other. */
export const kernelsPlugin = definePlugin({
  name: "kernels",
  version: "1.0.0",
  core: "*",
  register(registry) {
    registry.add(
      defineKernel({ name: "linear", summary: "xᵀy", config: z.strictObject({}), matrix: pairwiseInnerProducts }),
    );
    registry.add(
      defineKernel({
        name: "bell",
        summary: "exp(−‖x − y‖²)",
        config: z.strictObject({}),
        matrix: (x, y) => exp(neg(pairwiseSquaredDistances(x, y))),
      }),
    );
  },
});
