import { type Catalogue, type ComponentReference, ConfigError } from "@semblance/core";
import { named } from "../named.js";
import { takesKey } from "./metric-defaults.js";
import type { SettledMetricOptions } from "./options.js";

/**
 * The loss with the miner and the divergence that stand beside it among the options.
 *
 * @throws ConfigError MINER_UNUSED, DIVERGENCE_UNUSED where the loss takes none; NAME_UNKNOWN
 */
export function lossWithParts(
  { loss, miner, divergence }: Pick<SettledMetricOptions, "loss" | "miner" | "divergence">,
  catalogue: Catalogue,
  standard: ComponentReference,
): ComponentReference {
  const { name, ...own } = named(loss ?? standard);
  const takes = (key: string) => takesKey(catalogue, "loss", name, key);
  const how = loss === undefined ? `loss "${name}", the default here,` : `loss "${name}"`;
  if (divergence !== undefined && !takes("divergence")) {
    throw new ConfigError("DIVERGENCE_UNUSED", `${how} takes no divergence`, {
      where: "divergence",
      fix: `Leave divergence out, or choose a loss that takes one: ${losses(catalogue, "divergence")}.`,
    });
  }
  if (miner === undefined) return { name, ...(divergence === undefined ? {} : { divergence }), ...own };
  // A triplet loss may call its miner by name alone.
  const minerKey = (["miner", "mining"] as const).find(takes);
  if (!minerKey) {
    throw new ConfigError("MINER_UNUSED", `${how} takes no miner`, {
      where: "miner",
      fix: `Leave miner out, or choose a loss that takes one: ${losses(catalogue, "miner")}.`,
    });
  }
  return {
    name,
    [minerKey]: minerKey === "mining" ? named(miner).name : miner,
    ...(divergence === undefined ? {} : { divergence }),
    ...own,
  };
}

/** The losses of embeddings that have a key. */
function losses(catalogue: Catalogue, key: string): string {
  const names = catalogue.list("loss").flatMap(({ name, inputs }) => {
    return "embeddings" in inputs && takesKey(catalogue, "loss", name, key) ? [name] : [];
  });
  return names.join(", ");
}
