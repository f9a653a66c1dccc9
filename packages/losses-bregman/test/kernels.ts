import { defineKernel, definePlugin, exp, mul, pairwiseInnerProducts, pairwiseSquaredDistances } from "@semblance/core";
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
        name: "rbf",
        summary: "exp(−γ‖x − y‖²)",
        config: z.strictObject({ gamma: z.number().default(1).describe("γ") }),
        matrix: (x, y, { gamma }: { gamma: number }) => exp(mul(pairwiseSquaredDistances(x, y), -gamma)),
      }),
    );
  },
});
