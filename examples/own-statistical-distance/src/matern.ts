import { add, defineKernel, exp, mul, neg, pairwiseDistances } from "@semblance/core";
import { z } from "zod";

const config = z.strictObject({ length: z.number().positive().default(1).describe("ℓ, above 0, in the data's units") });

/** The Matérn kernel of smoothness 3/2: rougher than a Gaussian, smoother than a Laplacian one. */
export const matern = defineKernel({
  name: "matern",
  summary: "Similarity that falls off like an exponential and is smooth at 0.",
  formula: "κ(x, y) = (1 + r) exp(−r), r = √3 ‖x − y‖/ℓ",
  source: "Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, equation 4.17",
  positiveSemidefinite: true,
  config,
  examples: [{}, { length: 2.5 }],
  matrix(x, y, { length }: z.infer<typeof config>) {
    const r = mul(pairwiseDistances(x, y), Math.sqrt(3) / length);
    return mul(add(1, r), exp(neg(r)));
  },
});
