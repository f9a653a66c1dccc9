import { DIVERGENCE_WEIGHTS } from "../container/bind-divergence.js";
import type { Catalogue, Chosen } from "../container/catalogue.js";
import type { LossFacts } from "../contracts/loss.js";
import type { ParameterArrays } from "../contracts/parameters.js";
import type { Key } from "../random/key.js";

/** The weights that a loss owns, those of its divergence among them, before the first step. */
export function ownedWeights(
  catalogue: Catalogue,
  { entry, config }: Pick<Chosen<"loss">, "entry" | "config">,
  key: Key,
  facts: LossFacts,
): ParameterArrays {
  const own = entry.init?.(key, config, facts) ?? {};
  const reference = entry.divergence?.(config);
  if (reference === undefined) return own;
  const divergence = catalogue.choose("divergence", reference, `loss "${entry.name}", divergence`);
  const width = facts.width ?? 1;
  const learned = divergence.entry.init?.(key.fold("divergence"), divergence.config, { width }) ?? {};
  return {
    ...own,
    ...Object.fromEntries(Object.entries(learned).map(([name, array]) => [DIVERGENCE_WEIGHTS + name, array])),
  };
}
