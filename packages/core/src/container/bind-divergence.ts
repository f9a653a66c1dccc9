import { type Shape, sameShape, showShape } from "../arrays/nd-array.js";
import type { Divergence, DivergenceContext } from "../contracts/divergence.js";
import type { ComponentReference } from "../contracts/entry.js";
import type { BoundDivergence } from "../contracts/loss.js";
import type { ParameterTensors } from "../contracts/parameters.js";
import { ConfigError, ShapeError } from "../errors.js";
import { iota } from "../functions/constants.js";
import type { Tensor } from "../ir/tensor.js";
import { gatherElements } from "../ops/gather-elements.js";
import { reshape } from "../ops/reshape.js";
import { Key } from "../random/key.js";
import { bindKernel } from "./bind-affinity.js";
import type { Catalogue } from "./catalogue.js";

/** A loss keeps the weights of its divergence among its own, under this prefix. */
export const DIVERGENCE_WEIGHTS = "divergence.";

/** The weights of a loss that belong to its divergence, by the divergence's own names. */
export function ownedByDivergence(parameters: ParameterTensors): ParameterTensors {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, tensor]) =>
      name.startsWith(DIVERGENCE_WEIGHTS) ? [[name.slice(DIVERGENCE_WEIGHTS.length), tensor]] : [],
    ),
  );
}

/**
 * A divergence with its configuration settled.
 *
 * @param parameters the weights that it owns, where it learns some
 * @param monitor what it tells training goes here
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN; DIVERGENCE_OF_SETS, DIVERGENCE_OF_POINTS when it is asked to
 *         compare what it does not compare, DIVERGENCE_NOT_LEARNED when its weights are missing; while it compares ShapeError DIVERGENCE_SHAPE when it gives no number for each pair
 */
export function bindDivergence(
  catalogue: Catalogue,
  reference: ComponentReference,
  parameters: ParameterTensors = {},
  monitor: DivergenceContext["monitor"] = () => {},
): BoundDivergence {
  const { entry, config } = catalogue.choose("divergence", reference);
  const cx: DivergenceContext = { parameters, monitor, kernel: (kernel) => bindKernel(catalogue, kernel) };
  const { name, symmetric = false, domain = { first: "real", second: "real" } } = entry;
  const matrix = (first: Tensor, second: Tensor) => {
    if (!entry.matrix) throw comparesOther(entry, "DIVERGENCE_OF_SETS", "sets of points", "rows");
    requireLearned(entry, config, parameters, first);
    return shaped(entry, entry.matrix(first, second, config, cx), [first.shape[0]!, second.shape[0]!]);
  };
  return {
    name,
    symmetric,
    domain,
    matrix,
    paired: (first, second) =>
      entry.paired
        ? shaped(entry, entry.paired(first, second, config, cx), [first.shape[0]!])
        : diagonal(matrix(first, second)),
    sets(first, second) {
      if (!entry.sets) throw comparesOther(entry, "DIVERGENCE_OF_POINTS", "rows", "sets of points");
      return entry.sets(first, second, config, cx);
    },
    ...(entry.generator ? { generator: (x: Tensor) => entry.generator!(x, config, cx) } : {}),
  };
}

/** A divergence that learns is of no use where nothing has been learned for it: beside rows as they are, or in a miner. */
function requireLearned({ name, init }: Divergence, config: unknown, parameters: ParameterTensors, rows: Tensor): void {
  if (!init || Object.keys(parameters).length > 0) return;
  const owned = Object.keys(init(Key.fromSeed(0), config, { width: rows.shape[1]! }));
  if (owned.length === 0) return;
  throw new ConfigError("DIVERGENCE_NOT_LEARNED", `divergence "${name}" learns weights, and has none here`, {
    where: `divergence "${name}"`,
    fix: "It is learned as the divergence of a loss: elsewhere choose one without weights, or give what it needs in its keys.",
  });
}

/** What it gave, where that is one number for each pair: a loss that goes on with another shape fails far from the cause. */
function shaped({ name }: Divergence, given: Tensor, expected: Shape): Tensor {
  if (sameShape(given.shape, expected)) return given;
  const pairs = expected.length === 2 ? "row with each other" : "pair of rows";
  throw new ShapeError(
    "DIVERGENCE_SHAPE",
    `divergence "${name}" gives ${showShape(given.shape)}, not ${showShape(expected)}`,
    {
      where: `divergence "${name}"`,
      fix: `Give one number for each ${pairs}, such as sum(…, { axes: [${expected.length}] }).`,
    },
  );
}

function diagonal(matrix: Tensor): Tensor {
  const rows = matrix.shape[0]!;
  return reshape(gatherElements(matrix, reshape(iota(rows), [rows, 1]), 1), [rows]);
}

function comparesOther({ name }: Divergence, code: string, compares: string, asked: string): ConfigError {
  return new ConfigError(code, `divergence "${name}" compares ${compares}, not ${asked}`, {
    where: `divergence "${name}"`,
    fix: `Choose a divergence that compares ${asked}.`,
  });
}
