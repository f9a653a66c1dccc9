import { DIVERGENCE_WEIGHTS } from "../container/bind-divergence.js";
import type { Arrays } from "../contracts/backend.js";
import { LOSS } from "./train-step.js";

/** The weights that training has learned for the divergence of a loss, by the divergence's own names; none for most. */
export function divergenceWeights(state: Arrays): Arrays {
  const prefix = LOSS + DIVERGENCE_WEIGHTS;
  return Object.fromEntries(
    Object.entries(state).flatMap(([name, array]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), array]] : [],
    ),
  );
}
