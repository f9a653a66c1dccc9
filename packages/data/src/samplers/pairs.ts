import { type BatchSampler, defineSampler, parseConfig, type SamplerOptions } from "@semblance/core";
import { z } from "zod";
import { nothingToDraw } from "../errors/sampler-errors.js";
import { drawnBatches } from "./drawn-batches.js";
import { givenTuples } from "./given-tuples.js";
import { kinOf } from "./kin.js";

const config = z.strictObject({
  pairs: z.int().min(1).default(64).describe("pairs a batch, of two rows each, 1 or more"),
  similar: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("the share of similar pairs where pairs are drawn from labels or triplets, from 0 to 1"),
});

export type PairsConfig = z.input<typeof config>;

/**
 * Pairs of rows: rows 2i and 2i + 1 of a batch are its pair i.
 *
 * Where the data are supervised by pairs, each of them comes once an epoch, in an order drawn anew. From labels, several labels or
 * triplets, similar pairs are drawn first and then different ones: a row that has such a partner, uniformly, and one of its partners,
 * uniformly; an epoch is then ⌈rows/2B⌉ batches of B pairs, as many rows as there are.
 *
 * Errors   LABELS_MISSING, ONE_CLASS, NO_PAIRS
 */
export const pairs = defineSampler({
  name: "pairs",
  summary: "Pairs of rows that belong together or do not: those that are given, or drawn from labels.",
  formula: "rows 2i and 2i + 1 are pair i",
  config,
  examples: [{}, { pairs: 5, similar: 0.3 }],
  create({ rows, labels, supervision, key, config: given }: SamplerOptions<PairsConfig>): BatchSampler {
    const { pairs: size, similar } = parseConfig(config, given, 'sampler "pairs"');
    if (supervision?.form === "pairs") {
      const { rows: given, similarity } = supervision;
      if (similarity.length === 0) throw nothingToDraw("pairs", "pair");
      return givenTuples({ name: "pairs", key, rows: given, width: 2, size, warnings: oneSided(similarity) });
    }
    const kin = kinOf("pairs", { rows, ...(labels && { labels }), ...(supervision && { supervision }) });
    const together = Math.round(size * similar);
    if (together > 0 && kin.withSimilar.length === 0) throw nothingToDraw("pairs", "similar pair");
    if (together < size && kin.withDifferent.length === 0) throw nothingToDraw("pairs", "pair of different rows");
    return drawnBatches({
      name: "pairs",
      key,
      batchesPerEpoch: Math.ceil(rows / (2 * size)),
      draw(stream) {
        const indices = new Int32Array(2 * size);
        for (let pair = 0; pair < size; pair++) {
          const alike = pair < together;
          const from = alike ? kin.withSimilar : kin.withDifferent;
          const row = from[stream.integer(from.length)]!;
          indices[2 * pair] = row;
          indices[2 * pair + 1] = alike ? kin.similar(row, stream) : kin.different(row, stream);
        }
        return indices;
      },
    });
  },
});

/** Pairs of one kind alone let all embeddings coincide, or fly apart. */
function oneSided(similarity: Float32Array): string[] {
  if (similarity.every((value) => value > 0))
    return ["all pairs are similar ones: nothing keeps rows apart, and embeddings may all coincide"];
  if (similarity.every((value) => value < 0))
    return ["all pairs are of different rows: nothing says what belongs together"];
  return [];
}
