import { showShape } from "../arrays/nd-array.js";
import type { Catalogue } from "../container/catalogue.js";
import type { ComponentReference } from "../contracts/entry.js";
import { ShapeError } from "../errors.js";
import { type NumberArray, toArray } from "./named-arrays.js";

export interface EvaluateTransportOptions {
  readonly catalogue: Catalogue;
  /** The solver's name, or its name with its configuration. */
  readonly solver: ComponentReference;
  /** [n], [m] and [n, m]. */
  readonly first: NumberArray;
  readonly second: NumberArray;
  readonly cost: NumberArray;
}

/**
 * What it costs to move the first masses to the second, on the host in float64 whatever the backend.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN; ShapeError AXIS_MISMATCH; DataError ARRAY_INVALID; and what
 *         the solver throws
 */
export function evaluateTransport({ catalogue, solver, ...arrays }: EvaluateTransportOptions): number {
  const { entry, config } = catalogue.choose("optimal-transport", solver);
  const where = `optimal transport "${entry.name}"`;
  const first = toArray("float64", arrays.first, `${where}, input "first"`);
  const second = toArray("float64", arrays.second, `${where}, input "second"`);
  const cost = toArray("float64", arrays.cost, `${where}, input "cost"`);
  const [n, m] = cost.shape;
  const vectors = first.shape.length === 1 && second.shape.length === 1 && cost.shape.length === 2;
  if (vectors && first.shape[0] === n && second.shape[0] === m) return entry.solve({ first, second, cost }, config);
  const shapes = [first, second, cost].map(({ shape }) => showShape(shape)).join(", ");
  throw new ShapeError("AXIS_MISMATCH", `first, second and cost are ${shapes}`, {
    where,
    fix: "Pass first [n], second [m] and cost [n, m].",
  });
}
