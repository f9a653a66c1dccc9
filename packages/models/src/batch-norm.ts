import { batchNormalisation, ndarray, type ParameterArrays, type ParameterTensors, type Tensor } from "@semblance/core";
import { parameterOf } from "./dense.js";

/** The running statistics of a normalisation, by the names of its parameters. */
export const runningNames = (name: string): string[] => [`${name}.mean`, `${name}.variance`];

/** Initial weights of a batch normalisation: scale 1, offset 0, running mean 0 and variance 1, each [channels]. */
export function initBatchNorm(name: string, channels: number): ParameterArrays {
  const filled = (value: number) => ndarray("float64", [channels], new Float64Array(channels).fill(value));
  const [mean, variance] = runningNames(name) as [string, string];
  return { [`${name}.scale`]: filled(1), [`${name}.offset`]: filled(0), [mean]: filled(0), [variance]: filled(1) };
}

/**
 * Batch normalisation of x [n, channels, h, w] with the parameters NAME.scale, .offset, .mean and .variance. In training the next
 * running statistics are put into `running`; otherwise they are read and stay as they are.
 *
 * @throws CheckpointError PARAMETER_MISSING
 */
export function batchNorm(
  parameters: ParameterTensors,
  name: string,
  x: Tensor,
  { training, running }: { readonly training: boolean; readonly running: Record<string, Tensor> },
): Tensor {
  const own = (part: string) => parameterOf(parameters, `${name}.${part}`);
  const held = { mean: own("mean"), variance: own("variance") };
  const next = batchNormalisation(x, { scale: own("scale"), offset: own("offset") }, held, { training });
  if (training) {
    running[`${name}.mean`] = next.running.mean;
    running[`${name}.variance`] = next.running.variance;
  }
  return next.y;
}
