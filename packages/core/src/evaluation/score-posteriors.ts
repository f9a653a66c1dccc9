import type { Catalogue } from "../container/catalogue.js";
import { suggest } from "../container/near-names.js";
import type { Backend } from "../contracts/backend.js";
import type { ComponentReference } from "../contracts/entry.js";
import { ConfigError, DataError } from "../errors.js";
import { referenceBackend } from "../reference/reference-backend.js";
import { evaluateLoss } from "./evaluate-loss.js";
import type { NumberArray } from "./named-arrays.js";

export interface ScorePosteriorsOptions {
  readonly catalogue: Catalogue;
  /** A loss that is computed from posteriors, by name or with its keys: any GEMINI, for example. */
  readonly loss: ComponentReference;
  /** [n, k], rows on the simplex: from any source. */
  readonly posteriors: NumberArray;
  /** Further inputs that the loss needs, such as `data` [n, d] or `affinity` [n, n]. */
  readonly inputs?: Readonly<Record<string, NumberArray>>;
  /** The float64 reference by default. */
  readonly backend?: Backend;
}

export interface PosteriorsScore {
  /** The value in the literature's sign, as for a GEMINI, which is maximised; −loss where a loss does not say. */
  readonly score: number;
  readonly loss: number;
}

/** How far the sum of a row may be from 1: the rounding of float32 over many clusters. */
const SIMPLEX_TOLERANCE = 1e-4;

/**
 * Scores posteriors that somebody else made by the objective of a loss, without a model.
 *
 * ```ts
 * const { score } = await scorePosteriors({ catalogue, loss: "gemini/kl-ova", posteriors: { shape: [2, 2], data: [1, 0, 0, 1] } });
 * ```
 *
 * @throws DataError POSTERIORS_INVALID naming the row; ConfigError POSTERIORS_NOT_READ, and what `evaluateLoss` throws
 */
export async function scorePosteriors(options: ScorePosteriorsOptions): Promise<PosteriorsScore> {
  const { catalogue, loss, posteriors, inputs = {} } = options;
  const { entry } = catalogue.choose("loss", loss);
  if (!entry.inputs.posteriors) {
    const able = catalogue.list("loss").filter(({ inputs: own }) => own.posteriors);
    throw new ConfigError("POSTERIORS_NOT_READ", `loss "${entry.name}" is not computed from posteriors`, {
      where: `loss "${entry.name}"`,
      fix: suggest(
        entry.name,
        able.map(({ name }) => name),
      ),
    });
  }
  requireSimplex(posteriors);
  const backend = options.backend ?? referenceBackend();
  try {
    const { value } = await evaluateLoss({
      catalogue,
      backend,
      loss,
      inputs: { ...inputs, posteriors },
      gradients: [],
    });
    return { loss: value, score: entry.score?.(value) ?? -value };
  } finally {
    if (!options.backend) await backend.dispose();
  }
}

/** @throws DataError POSTERIORS_INVALID */
export function requireSimplex({ shape, data }: NumberArray): void {
  const [rows = 0, width = 0] = shape;
  const fail = (what: string) =>
    new DataError("POSTERIORS_INVALID", what, {
      where: "posteriors",
      fix: "Pass posteriors [n, k] of at least one row, none of them negative, each row summing to 1.",
    });
  if (shape.length !== 2 || rows === 0 || width === 0 || data.length !== rows * width) {
    throw fail(`the posteriors are [${shape.join(", ")}] with ${data.length} numbers`);
  }
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let k = 0; k < width; k++) {
      const value = data[row * width + k]!;
      if (!(value >= 0 && value <= 1 + SIMPLEX_TOLERANCE)) throw fail(`row ${row}, column ${k} is ${value}`);
      sum += value;
    }
    if (Math.abs(sum - 1) > SIMPLEX_TOLERANCE) throw fail(`row ${row} sums to ${sum}`);
  }
}
