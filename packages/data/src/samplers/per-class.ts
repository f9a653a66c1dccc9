import { type BatchSampler, defineSampler, parseConfig, type SamplerOptions } from "@semblance/core";
import { z } from "zod";
import { type ClassRows, classesOfBatch, classRows } from "./class-rows.js";
import { drawnBatches, drawWithout } from "./drawn-batches.js";

const USUAL_CLASSES = 8;

const config = z.strictObject({
  classes: z
    .int()
    .min(2)
    .optional()
    .describe(`classes a batch, 2 or more; ${USUAL_CLASSES}, or all where there are fewer, by default`),
  samplesPerClass: z.int().min(1).default(4).describe("rows of each class, 1 or more; 2 or more make pairs"),
});

export type PerClassConfig = z.input<typeof config>;

/**
 * m rows of each of some classes: classes are drawn without replacement, and so are the rows of a class that has m; of a smaller class
 * they are drawn with replacement. Rows of a class stand together. An epoch is as many batches as hold the number of rows there are,
 * ⌈rows/(classes·m)⌉: classes count alike, so that an epoch promises no row.
 *
 * Errors   LABELS_MISSING, ONE_CLASS, CLASSES_TOO_FEW
 * Source   Wu et al., Sampling Matters in Deep Embedding Learning, ICCV 2017
 */
export const perClass = defineSampler({
  name: "per-class",
  summary: "Some rows of each of some classes: balanced batches that hold pairs of a class.",
  formula: "classes without replacement; m rows of each, without replacement where a class has m",
  source: "Wu et al., ICCV 2017",
  config,
  examples: [{}, { classes: 3, samplesPerClass: 5 }, { classes: 2, samplesPerClass: 20 }],
  create({ rows, labels, key, config: given }: SamplerOptions<PerClassConfig>): BatchSampler {
    const { classes: asked, samplesPerClass } = parseConfig(config, given, 'sampler "per-class"');
    const groups = classRows("per-class", labels);
    const classes = classesOfBatch("per-class", { asked, usual: USUAL_CLASSES, available: groups.length });
    const numbers = Int32Array.from(groups.keys());
    return drawnBatches({
      name: "per-class",
      key,
      batchesPerEpoch: Math.ceil(rows / (classes * samplesPerClass)),
      warnings: warningsOf(groups, samplesPerClass),
      draw(stream) {
        const indices = new Int32Array(classes * samplesPerClass);
        drawWithout(stream, numbers, classes).forEach((number, at) => {
          const group = groups[number]!;
          const drawn =
            group.length >= samplesPerClass
              ? drawWithout(stream, group, samplesPerClass)
              : Int32Array.from({ length: samplesPerClass }, () => group[stream.integer(group.length)]!);
          indices.set(drawn, at * samplesPerClass);
        });
        return indices;
      },
    });
  },
});

function warningsOf(groups: ClassRows, samplesPerClass: number): string[] {
  const small = groups.filter(({ length }) => length < samplesPerClass);
  if (small.length === 0) return [];
  const single = small.filter(({ length }) => length === 1).length;
  const alone = single === 0 ? "" : `; ${single} of them have a single row, which can only pair with itself`;
  return [
    `${small.length} of ${groups.length} classes have fewer than ${samplesPerClass} rows, so that a batch may hold a row more than once (samplesPerClass: ${samplesPerClass})${alone}`,
  ];
}
