import {
  type BatchFacts,
  type ComponentReference,
  ConfigError,
  componentReference,
  type Draw,
  type LossInput,
  type Tensor,
} from "@semblance/core";
import type { z } from "zod";

/** Chooses the tuples that a loss learns from; all without one. */
export const minerKey: z.ZodOptional<z.ZodType<ComponentReference>> = componentReference("miner")
  .optional()
  .describe(
    "what chooses the tuples of a batch that are learned from: a miner, or { name, …its keys }; all without it",
  );

/** What miners that draw are fed, beside the other inputs of a loss. */
export const noiseInput = {
  noise: {
    axes: ["n", "n"],
    type: "float",
    description: "uniform numbers in [0, 1) for a miner that draws; without them it takes the most likely",
    optional: true,
    domain: "unit",
  },
} as const satisfies Record<string, LossInput>;

/** What training draws for a loss that mines. Whether a miner reads it is not known before it is looked up. */
export function noiseDraws(mines: boolean, { rows }: BatchFacts): Readonly<Record<string, Draw>> {
  return mines ? { noise: { shape: [rows, rows], from: "uniform" } } : {};
}

/** @throws ConfigError NOISE_UNUSED when numbers are given and nothing draws */
export function requireNoiseUsed(noise: Tensor | undefined, mines: boolean, loss: string): void {
  if (!noise || mines) return;
  throw new ConfigError("NOISE_UNUSED", "noise is given, and nothing draws", {
    where: `loss "${loss}"`,
    fix: "Leave it out, or give the loss a miner that draws, such as distance-weighted.",
  });
}
