import { z } from "zod";
import { defineRegulariser } from "../../contracts/regulariser.js";
import { ConfigError } from "../../errors.js";
import { softmax } from "../../functions/softmax.js";
import { square } from "../../functions/square.js";
import { gather } from "../../ops/gather.js";
import { mul } from "../../ops/mul.js";
import { sub } from "../../ops/sub.js";
import { sum } from "../../ops/sum.js";
import { type Link, linksOf } from "./links.js";

const sample = z.union([z.string(), z.int().min(0)]);
const pairs = z.array(z.tuple([sample, sample])).default([]);

const config = z.strictObject({
  mustLink: pairs.describe("pairs of samples that belong together, by id, or by row number from 0 without ids"),
  cannotLink: pairs.describe("pairs of samples that do not belong together, named alike"),
  file: z
    .string()
    .min(1)
    .optional()
    .meta({ format: "sample-pairs" })
    .describe(
      "a .csv or .tsv file with further pairs, in a job: two ids and must-link or cannot-link on each line; the run keeps the pairs themselves",
    ),
  factor: z.number().positive().default(1).describe("how strongly each pair pulls or pushes, above 0"),
});

type ConstraintsConfig = z.infer<typeof config>;

/**
 * Must-link and cannot-link constraints on pairs of samples. Minimised.
 *
 *     L = ½·factor·( Σ_{must} ‖pᵢ − pⱼ‖² − Σ_{cannot} ‖pᵢ − pⱼ‖² )     over the pairs of which both rows are in the batch
 *
 * Each pair counts once, also where a batch holds a row twice.
 *
 * Shapes   p: [n, k]  →  []
 * Laws     invariant under the order of pairs and of a pair's samples; the gradient by pᵢ is ±factor·(pᵢ − pⱼ)
 * Errors   SAMPLE_UNKNOWN, SAMPLE_IDS_REPEATED, LINK_TO_ITSELF, CONSTRAINTS_CONTRADICT, FILE_NOT_READ, POSTERIORS_MISSING; all but the last before
 *          training
 * Source   Wagstaff et al., Constrained K-means Clustering with Background Knowledge, ICML 2001
 */
export const constraints = defineRegulariser({
  name: "constraints",
  summary: "Pairs of samples that must share a cluster, and pairs that must not.",
  formula: "½·factor·(Σ_must ‖pᵢ − pⱼ‖² − Σ_cannot ‖pᵢ − pⱼ‖²)",
  source: "Wagstaff et al., ICML 2001",
  config,
  examples: [
    { mustLink: [[0, 1]], cannotLink: [[2, 0]] },
    { mustLink: [[1, 3]], factor: 2 },
  ],
  create({ data }, { mustLink, cannotLink, factor, file }: ConstraintsConfig) {
    if (file !== undefined) throw fileNotRead(file);
    const links = linksOf(data, mustLink, cannotLink);
    const ofRow = linksByRow(links);
    return {
      feeds(batchSize) {
        // As many places as there can be pairs in a batch; those that are left over have sign 0.
        const places = Math.min(links.length, (batchSize * (batchSize - 1)) / 2);
        return {
          specs: {
            first: { dtype: "int32", shape: [places] },
            second: { dtype: "int32", shape: [places] },
            sign: { dtype: "float", shape: [places] },
          },
          fill: ({ indices }) => linksInBatch(indices, ofRow, places),
        };
      },
      term({ posteriors, logits, fed }) {
        const p = posteriors ?? (logits && softmax(logits));
        if (!p) {
          throw new ConfigError("POSTERIORS_MISSING", "the model gives neither posteriors nor logits", {
            where: 'regulariser "constraints"',
            fix: "Choose a model with a head, such as mlp.",
          });
        }
        const differences = sub(gather(p, fed.first!, 0), gather(p, fed.second!, 0));
        return mul(sum(mul(sum(square(differences), { axes: [1] }), fed.sign!)), factor / 2);
      },
    };
  },
});

/** A program may run where there are no files: whoever knows how to read one hands over the pairs. */
function fileNotRead(file: string): ConfigError {
  return new ConfigError("FILE_NOT_READ", `pairs are read from ${JSON.stringify(file)} in jobs alone`, {
    where: 'regulariser "constraints", file',
    fix: "Pass them as mustLink and cannotLink; readSamplePairs of @semblance/data reads a file.",
  });
}

/** The links of each row to rows of larger number. */
function linksByRow(links: readonly Link[]): ReadonlyMap<number, readonly Link[]> {
  const byRow = new Map<number, Link[]>();
  for (const link of links) {
    const own = byRow.get(link.first);
    if (own) own.push(link);
    else byRow.set(link.first, [link]);
  }
  return byRow;
}

/** The links of which both rows are in a batch, as positions in it. */
function linksInBatch(indices: Int32Array, ofRow: ReadonlyMap<number, readonly Link[]>, places: number) {
  const first = new Int32Array(places);
  const second = new Int32Array(places);
  const sign = new Float64Array(places);
  const positions = new Map<number, number>();
  indices.forEach((row, position) => {
    if (!positions.has(row)) positions.set(row, position);
  });
  let count = 0;
  for (const [row, position] of positions) {
    for (const link of ofRow.get(row) ?? []) {
      const other = positions.get(link.second);
      if (other === undefined) continue;
      first[count] = position;
      second[count] = other;
      sign[count++] = link.sign;
    }
  }
  return { first, second, sign };
}
