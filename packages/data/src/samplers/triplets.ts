import { type BatchSampler, defineSampler, parseConfig, type SamplerOptions } from "@semblance/core";
import { z } from "zod";
import { nothingToDraw } from "../errors/sampler-errors.js";
import { drawnBatches } from "./drawn-batches.js";
import { givenTuples } from "./given-tuples.js";
import { kinOf } from "./kin.js";

const config = z.strictObject({
  triplets: z.int().min(1).default(40).describe("triplets a batch, of three rows each, 1 or more"),
});

export type TripletsConfig = z.input<typeof config>;

/**
 * Triplets of rows: rows 3i, 3i + 1 and 3i + 2 of a batch are anchor, positive and negative of its triplet i.
 *
 * Where the data are supervised by triplets, each of them comes once an epoch, in an order drawn anew. From labels, several labels or
 * pairs, an anchor is drawn uniformly among the rows that have both a similar and a different one, and one of each uniformly; an epoch
 * is then ⌈rows/3N⌉ batches of N triplets, as many rows as there are.
 *
 * Errors   LABELS_MISSING, ONE_CLASS, NO_PAIRS
 */
export const triplets = defineSampler({
  name: "triplets",
  summary:
    "Anchors with a row that belongs to each and one that does not: triplets that are given, or drawn from labels.",
  formula: "rows 3i, 3i + 1, 3i + 2 are anchor, positive, negative of triplet i",
  config,
  examples: [{}, { triplets: 4 }],
  create({ rows, labels, supervision, key, config: given }: SamplerOptions<TripletsConfig>): BatchSampler {
    const { triplets: size } = parseConfig(config, given, 'sampler "triplets"');
    if (supervision?.form === "triplets") {
      if (supervision.rows.length === 0) throw nothingToDraw("triplets", "triplet");
      return givenTuples({ name: "triplets", key, rows: supervision.rows, width: 3, size });
    }
    const kin = kinOf("triplets", { rows, ...(labels && { labels }), ...(supervision && { supervision }) });
    const anchors = kin.withBoth;
    if (anchors.length === 0) throw nothingToDraw("triplets", "triplet");
    return drawnBatches({
      name: "triplets",
      key,
      batchesPerEpoch: Math.ceil(rows / (3 * size)),
      draw(stream) {
        const indices = new Int32Array(3 * size);
        for (let at = 0; at < indices.length; at += 3) {
          const anchor = anchors[stream.integer(anchors.length)]!;
          indices.set([anchor, kin.similar(anchor, stream), kin.different(anchor, stream)], at);
        }
        return indices;
      },
    });
  },
});
