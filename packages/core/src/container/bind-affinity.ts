import type { ComponentReference, Entry } from "../contracts/entry.js";
import type { AffinityReference, BoundDistance, BoundKernel } from "../contracts/loss.js";
import { ConfigError } from "../errors.js";
import type { Tensor } from "../ir/tensor.js";
import type { Catalogue } from "./catalogue.js";

/** A kernel or distance for which something is settled already. */
export interface SettledAffinity extends AffinityReference {
  /** The configuration to use in place of the reference's own: with a median worked out, say. */
  readonly config: unknown;
  /** Whether its matrix is fed as `affinity` instead of computed in the program. */
  readonly fed: boolean;
}

/**
 * A kernel with its configuration settled.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN; KERNEL_IS_AN_INPUT when a precomputed matrix is asked for.
 */
export function bindKernel(
  catalogue: Catalogue,
  reference: ComponentReference,
  settled?: Pick<SettledAffinity, "config" | "fed">,
): BoundKernel {
  const { entry, config: own } = catalogue.choose("kernel", reference);
  const config = settled ? settled.config : own;
  const { features } = entry;
  return {
    ...boundMatrix(entry, config, settled?.fed ?? false, "KERNEL_IS_AN_INPUT"),
    ...(features && !settled?.fed ? { features: (x) => features.call(entry, x, config) } : {}),
  };
}

/**
 * A distance with its configuration settled.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN; DISTANCE_IS_AN_INPUT when the matrix of one without a formula
 *         is asked for.
 */
export function bindDistance(
  catalogue: Catalogue,
  reference: ComponentReference,
  settled?: Pick<SettledAffinity, "config" | "fed">,
): BoundDistance {
  const { entry, config: own } = catalogue.choose("distance", reference);
  return boundMatrix(entry, settled ? settled.config : own, settled?.fed ?? false, "DISTANCE_IS_AN_INPUT");
}

interface Comparing extends Entry {
  matrix?(x: Tensor, y: Tensor, config: unknown): Tensor;
}

function boundMatrix(entry: Comparing, config: unknown, fed: boolean, code: string): BoundDistance {
  const { kind, name, matrix } = entry;
  return {
    name,
    precomputed: fed || !matrix,
    matrix(x, y) {
      if (!matrix) {
        throw new ConfigError(code, `${kind} "${name}" has no formula for two rows: its matrix is an input`, {
          where: `${kind} "${name}"`,
          fix: `Pass the matrix as \`affinity\`, or choose a ${kind} that is computed from data.`,
        });
      }
      return matrix.call(entry, x, y, config);
    },
  };
}
