import { DIVERGENCE_ORDERS, parseConfig } from "@semblance/core";
import { z } from "zod";
import type { NeighbourOptions } from "../metric-learning.js";

const schema = z.strictObject({
  k: z.int().min(1).describe("how many neighbours of each query, 1 or more"),
  order: z.enum(DIVERGENCE_ORDERS).optional().describe("which argument of the divergence the query is"),
});

/** @throws ConfigError CONFIG_INVALID, CONFIG_KEY_UNKNOWN */
export function settleNeighbourOptions(options: NeighbourOptions): z.output<typeof schema> {
  const { gallery: _, ...plain } = options ?? {};
  return parseConfig(schema, plain, "MetricLearning.neighbours");
}
