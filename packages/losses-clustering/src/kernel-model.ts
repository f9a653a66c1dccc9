import {
  add,
  type BoundKernel,
  CheckpointError,
  type ComponentReference,
  ConfigError,
  componentReference,
  convert,
  defineModel,
  type ModelContext,
  matmul,
  mul,
  ndarray,
  type ParameterTensors,
  reshape,
  ShapeError,
  sizeOf,
  softmax,
  sum,
  type Tensor,
} from "@semblance/core";
import { z } from "zod";

const config = z.strictObject({
  kernel: componentReference("kernel").default("linear"),
});

type KernelModelConfig = z.infer<typeof config>;

/**
 * A linear classifier in the space of a kernel, by its products with the training rows.
 *
 *     p(x) = softmax(k(x, X)·W + b),   ‖·‖² = tr(Wᵀ k(X, X) W)
 *
 * X are the training rows, which the model keeps: it grows with the data, and its file with it. With loss clustering/rim and `l2` this
 * is kernel RIM.
 *
 * Shapes       x: [n, …item], flattened to [n, d]; parameters rows X: [N, d], weight W: [N, outputs], bias b: [outputs]
 * Outputs      logits, posteriors; no embeddings
 * Errors       those of the kernel; KERNEL_IS_AN_INPUT for a precomputed one; KERNELS_UNKNOWN, PARAMETER_MISSING
 * Source       Krause, Perona, Gomes, Discriminative Clustering by Regularized Information Maximization, NIPS 2010, section 5
 */
export const kernelModel = defineModel({
  name: "kernel",
  summary: "A linear classifier in the space of a kernel; keeps the training rows.",
  formula: "p(x) = softmax(k(x, X)·W + b)",
  source: "Krause et al., NIPS 2010",
  config,
  exampleItems: [[5], [2, 3]],
  inductive: true,
  init(key, { rows, outputs }) {
    if (!(rows > 0 && outputs > 0)) {
      throw new ShapeError("LAYER_EMPTY", `a layer from ${rows} rows to ${outputs} outputs cannot be made`, {
        where: 'model "kernel"',
        fix: "Give it at least one training row and one output.",
      });
    }
    const bound = 1 / Math.sqrt(rows);
    return {
      weight: ndarray("float64", [rows, outputs], key.fold("weight").uniform(rows * outputs, -bound, bound)),
      bias: ndarray("float64", [outputs], key.fold("bias").uniform(outputs, -bound, bound)),
    };
  },
  fromData: ({ shape: [count = 0, ...item], data }) => ({
    rows: ndarray("float64", [count, sizeOf(item)], convert("float64", data)),
  }),
  running: () => ["rows"],
  squaredNorm(parameters, settings: KernelModelConfig, cx) {
    const [rows, weight] = [parameterOf(parameters, "rows"), parameterOf(parameters, "weight")];
    return sum(mul(weight, matmul(kernelOf(settings, cx).matrix(rows, rows), weight)));
  },
  apply(parameters, x, settings: KernelModelConfig, cx) {
    const [rows, weight] = [parameterOf(parameters, "rows"), parameterOf(parameters, "weight")];
    const vectors = reshape(x, [x.shape[0]!, sizeOf(x.shape.slice(1))]);
    const logits = add(matmul(kernelOf(settings, cx).matrix(vectors, rows), weight), parameterOf(parameters, "bias"));
    return { logits, posteriors: softmax(logits) };
  },
});

function kernelOf({ kernel }: KernelModelConfig, cx: Pick<ModelContext, "kernel">): BoundKernel {
  if (cx.kernel) return cx.kernel(kernel as ComponentReference);
  throw new ConfigError("KERNELS_UNKNOWN", "there is no catalogue to look the kernel up in", {
    where: 'model "kernel"',
    fix: "Choose the model by catalogue.choose, or pass `kernel` in the context that it is applied in.",
  });
}

function parameterOf(parameters: ParameterTensors, name: string): Tensor {
  const tensor = parameters[name];
  if (tensor) return tensor;
  throw new CheckpointError("PARAMETER_MISSING", `there is no parameter "${name}"`, {
    where: 'model "kernel"',
    fix: `The parameters belong to another model; they are: ${Object.keys(parameters).join(", ")}.`,
  });
}
