import { defineTransportSolver } from "@semblance/core";
import { z } from "zod";
import { solveTransport } from "./solve-transport.js";

const config = z.strictObject({
  pivotLimit: z
    .int()
    .min(1)
    .optional()
    .describe("pivots after which it gives up, a whole number from 1 (10 000 + 200·(n + m))"),
});

/** `solveTransport` by its name. */
export const exactSolver = defineTransportSolver({
  name: "exact",
  summary: "Exact optimal transport by the network simplex.",
  formula: "min Σᵢⱼ Tᵢⱼ cᵢⱼ over T ≥ 0, T·1 = a, Tᵀ·1 = b",
  source: "Peyré and Cuturi, Computational Optimal Transport, 2019, section 3.5",
  config,
  solve: ({ first, second, cost }, { pivotLimit }: z.infer<typeof config>) =>
    solveTransport(first.data, second.data, cost.data, pivotLimit === undefined ? {} : { pivotLimit }).value,
});
