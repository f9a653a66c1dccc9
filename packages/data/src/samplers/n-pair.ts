import { type BatchSampler, defineSampler, parseConfig, type SamplerOptions } from "@semblance/core";
import { z } from "zod";
import { classesOfBatch, classesWithPairs, classRows } from "./class-rows.js";
import { drawnBatches, drawWithout } from "./drawn-batches.js";

const USUAL_CLASSES = 32;

const config = z.strictObject({
  classes: z
    .int()
    .min(2)
    .optional()
    .describe(
      `classes a batch, of two rows each, 2 or more; ${USUAL_CLASSES}, or all that have two rows where they are fewer, by default`,
    ),
});

export type NPairConfig = z.input<typeof config>;

/**
 * Two rows of each of N classes: first an anchor of each, then a positive of each in the same order,
 *
 *     a₁ … a_N p₁ … p_N
 *
 * so that a class's first row is its anchor and its second one its positive. Classes are drawn without replacement among those that have
 * two rows, and so are the rows. An epoch is ⌈rows/2N⌉ batches: as many rows as there are.
 *
 * Errors   LABELS_MISSING, ONE_CLASS, NO_PAIRS, CLASSES_TOO_FEW
 * Source   Sohn, Improved Deep Metric Learning with Multi-class N-pair Loss Objective, NIPS 2016
 */
export const nPair = defineSampler({
  name: "n-pair",
  summary: "Two rows of each of N different classes: anchors first, then their positives.",
  formula: "a₁ … a_N p₁ … p_N, all classes different",
  source: "Sohn, NIPS 2016",
  config,
  examples: [{}, { classes: 3 }],
  create({ rows, labels, key, config: given }: SamplerOptions<NPairConfig>): BatchSampler {
    const { classes: asked } = parseConfig(config, given, 'sampler "n-pair"');
    const { usable, warnings } = classesWithPairs("n-pair", classRows("n-pair", labels));
    const classes = classesOfBatch("n-pair", { asked, usual: USUAL_CLASSES, available: usable.length });
    const numbers = Int32Array.from(usable.keys());
    return drawnBatches({
      name: "n-pair",
      key,
      batchesPerEpoch: Math.ceil(rows / (2 * classes)),
      warnings,
      draw(stream) {
        const indices = new Int32Array(2 * classes);
        drawWithout(stream, numbers, classes).forEach((number, at) => {
          const [anchor, positive] = drawWithout(stream, usable[number]!, 2);
          indices[at] = anchor!;
          indices[classes + at] = positive!;
        });
        return indices;
      },
    });
  },
});
