import type { ComponentReference } from "../contracts/entry.js";
import type { BoundMiner } from "../contracts/loss.js";
import { ConfigError } from "../errors.js";
import { compareRows } from "../functions/compare-rows.js";
import { stopGradient } from "../ops/stop-gradient.js";
import { bindDivergence } from "./bind-divergence.js";
import type { Catalogue } from "./catalogue.js";

/**
 * A miner with its configuration settled.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN; MINER_EMPTY when it chooses neither triplets nor pairs
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
  const bound = bindDivergence(catalogue, divergence);
  return {
    name,
    random,
    tuples: entry.triplets ? "triplets" : "pairs",
    divergences: (embeddings) => compareRows(bound, stopGradient(embeddings), comparison),
    choose(batch, keep) {
      if (entry.triplets) entry.triplets(batch, config, keep);
      else entry.pairs!(batch, config, keep);
    },
  };
}
