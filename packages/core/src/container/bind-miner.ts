import type { ComponentReference } from "../contracts/entry.js";
import type { BoundMiner } from "../contracts/loss.js";
import { ConfigError, DataError } from "../errors.js";
import { compareRows } from "../functions/compare-rows.js";
import { stopGradient } from "../ops/stop-gradient.js";
import { bindDivergence } from "./bind-divergence.js";
import type { Catalogue } from "./catalogue.js";

/**
 * A miner with its configuration settled.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN; MINER_EMPTY when it chooses neither triplets nor pairs; while it
 *         chooses DataError MINER_ROW_UNKNOWN when it hands out a row that the batch has not
 */
export function bindMiner(catalogue: Catalogue, reference: ComponentReference): BoundMiner {
  const { entry, config } = catalogue.choose("miner", reference);
  const { name, random = false } = entry;
  if (!entry.triplets && !entry.pairs) {
    throw new ConfigError("MINER_EMPTY", `miner "${name}" chooses neither triplets nor pairs`, {
      where: `miner "${name}"`,
      fix: "Give it `triplets` or `pairs`.",
    });
  }
  const { divergence, ...comparison } = entry.comparison(config);
  // Looked up first under the miner's own name, which is where an unknown one has to be mended.
  catalogue.choose("divergence", divergence, `miner "${name}"`);
  const bound = bindDivergence(catalogue, divergence);
  return {
    name,
    random,
    tuples: entry.triplets ? "triplets" : "pairs",
    ...(entry.gaps && { gaps: entry.gaps(config) }),
    divergences: (embeddings) => compareRows(bound, stopGradient(embeddings), comparison),
    choose(batch, keep) {
      const { rows } = batch;
      if (entry.triplets) {
        entry.triplets(batch, config, (anchor, positive, negative) => {
          if (!isRow(anchor, rows) || !isRow(positive, rows) || !isRow(negative, rows)) {
            throw rowUnknown(name, [anchor, positive, negative], rows);
          }
          keep(anchor, positive, negative);
        });
        return;
      }
      entry.pairs!(batch, config, (anchor, other) => {
        if (!isRow(anchor, rows) || !isRow(other, rows)) throw rowUnknown(name, [anchor, other], rows);
        keep(anchor, other);
      });
    },
  };
}

const isRow = (row: number, rows: number) => row >= 0 && row < rows && Number.isInteger(row);

function rowUnknown(name: string, tuple: readonly number[], rows: number): DataError {
  return new DataError("MINER_ROW_UNKNOWN", `miner "${name}" chose (${tuple.join(", ")}) of a batch of ${rows} rows`, {
    where: `miner "${name}"`,
    fix: "Hand out rows of the batch, counted from 0; `semblance check` tries a miner on batches small and empty.",
  });
}
