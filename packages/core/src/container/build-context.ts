import type { ComponentReference } from "../contracts/entry.js";
import type { BoundKernel, BuildContext } from "../contracts/loss.js";
import type { ParameterTensors } from "../contracts/parameters.js";
import { ConfigError } from "../errors.js";
import type { Catalogue } from "./catalogue.js";

/** What a loss is handed while it is built: components looked up in a catalogue, and the weights that it owns. */
export function buildContext(catalogue: Catalogue, parameters: ParameterTensors = {}): BuildContext {
  return { parameters, kernel: (reference) => bindKernel(catalogue, reference) };
}

/**
 * A kernel with its configuration settled.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN; KERNEL_IS_AN_INPUT when a precomputed matrix is asked for.
 */
export function bindKernel(catalogue: Catalogue, reference: ComponentReference): BoundKernel {
  const { entry, config } = catalogue.choose("kernel", reference);
  const { name, matrix, features } = entry;
  return {
    name,
    precomputed: !matrix,
    matrix(x, y) {
      if (!matrix) {
        throw new ConfigError("KERNEL_IS_AN_INPUT", `kernel "${name}" has no formula: its matrix is an input`, {
          where: `kernel "${name}"`,
          fix: "Pass the matrix as `affinity`, or choose a kernel that is computed from data.",
        });
      }
      return matrix.call(entry, x, y, config);
    },
    ...(features ? { features: (x) => features.call(entry, x, config) } : {}),
  };
}
