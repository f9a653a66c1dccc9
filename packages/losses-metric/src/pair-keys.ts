import { type ComponentReference, componentReference, DIVERGENCE_ORDERS, type DivergenceOrder } from "@semblance/core";
import { z } from "zod";

/** The divergence that a loss compares rows by. */
export const divergenceKey = (standard: ComponentReference): z.ZodDefault<z.ZodType<ComponentReference>> =>
  componentReference("divergence").default(standard).describe("what rows are compared by");

/** Whether rows are scaled to unit length before they are compared. */
export const normaliseKey = (standard: boolean): z.ZodDefault<z.ZodBoolean> =>
  z.boolean().default(standard).describe("whether embeddings are scaled to unit length first");

/** How far apart rows of different classes should be. */
export const marginKey = (standard: number): z.ZodDefault<z.ZodNumber> =>
  z.number().nonnegative().default(standard).describe("how much farther rows of different classes should be");

/** Which argument of the divergence the anchor is. */
export const orderKey: z.ZodDefault<z.ZodEnum<{ readonly [Order in DivergenceOrder]: Order }>> = z
  .enum(DIVERGENCE_ORDERS)
  .default("anchor-first")
  .describe("which argument of the divergence the anchor is, or both in turn: anchor-first, anchor-second, both");
