import {
  add,
  defineModel,
  maxPool,
  mul,
  type ParameterArrays,
  type ParameterTensors,
  relu,
  reshape,
  type Shape,
  ShapeError,
  sizeOf,
  softmax,
  sum,
  type Tensor,
} from "@semblance/core";
import { z } from "zod";
import { batchNorm, initBatchNorm, runningNames } from "./batch-norm.js";
import { initBranches } from "./branches.js";
import { convolution } from "./convolution.js";
import { dense, parameterOf } from "./dense.js";
import { flatten } from "./flatten.js";
import { asImages, imageKeys, imageShape } from "./images.js";
import { drawConvolution, drawDense, INITIAL } from "./initial-values.js";

const odd = z
  .int()
  .min(1)
  .refine((side) => side % 2 === 1, "a filter's side is odd, so that pictures keep their size");

const config = z
  .strictObject({
    filters: z
      .array(z.int().min(1))
      .default([32, 64])
      .describe(
        "filters of each convolution, 16 to 128 in the paper, which has 2 to 5 layers; none for items that are vectors",
      ),
    kernel: z
      .union([odd, z.array(odd)])
      .default(3)
      .describe(
        "the side of square filters, an odd number (3 to 9 in the paper), for all layers or as a list with one for each",
      ),
    pool: z
      .union([z.boolean(), z.array(z.boolean())])
      .default(true)
      .describe(
        "whether the largest of each 2×2 pixels is taken after a layer, for all layers or as a list with one for each",
      ),
    bias: z.boolean().default(true).describe("whether convolutions have biases"),
    batchNorm: z
      .boolean()
      .default(false)
      .describe("whether the output of each convolution is normalised over the batch"),
    trunk: z
      .array(z.int().min(1))
      .default([])
      .describe("widths of fully connected layers after the convolutions, before the branches, each 1 or more"),
    branch: z.int().min(1).default(100).describe("width of the hidden layer of each branch, 50 to 300 in the paper"),
    branchNorm: z
      .boolean()
      .default(false)
      .describe("whether the hidden layer of each branch is normalised over the batch"),
    initial: z
      .enum(INITIAL)
      .default("fan-in")
      .describe(
        "how weights are drawn: fan-in, uniform in ±1/√fan-in, or truncated-normal of deviation 0.03 (0.01 for biases), as in the code of the paper",
      ),
    ...imageKeys,
  })
  .refine(({ filters, kernel }) => typeof kernel === "number" || kernel.length === filters.length, {
    path: ["kernel"],
    message: "a list of filter sides has one entry for each layer of filters",
  })
  .refine(({ filters, pool }) => typeof pool === "boolean" || pool.length === filters.length, {
    path: ["pool"],
    message: "a list of pools has one entry for each layer of filters",
  });

type ConvBranchesConfig = z.infer<typeof config>;

interface Layer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly side: number;
  readonly pooled: boolean;
}

/** The convolutions and what is left of a picture after them. */
function convolutions(item: Shape, { filters, kernel, pool, ...layout }: ConvBranchesConfig) {
  if (filters.length === 0) return { layers: [] as Layer[], width: sizeOf(item) };
  let { channels, height, width } = imageShape(item, layout);
  const layers = filters.map((outputs, index): Layer => {
    const pooled = typeof pool === "boolean" ? pool : pool[index]!;
    if (pooled) [height, width] = [Math.floor(height / 2), Math.floor(width / 2)];
    if (height === 0 || width === 0) throw tooSmall(item, index);
    const inputs = channels;
    channels = outputs;
    return {
      name: `conv.${index}`,
      inputs,
      outputs,
      side: typeof kernel === "number" ? kernel : kernel[index]!,
      pooled,
    };
  });
  return { layers, width: channels * height * width };
}

const tooSmall = (item: Shape, layer: number) =>
  new ShapeError(
    "IMAGE_TOO_SMALL",
    `nothing is left of a picture [${item.join(", ")}] after pooling in layer ${layer + 1}`,
    {
      where: 'model "conv-branches"',
      fix: "Pool after fewer layers, such as pool: [true, false].",
    },
  );

const trunkName = (index: number) => `trunk.${index}`;

/**
 * The network of the deep Bregman experiments: a shared trunk, and K branches that share nothing, each with one output.
 *
 *     h = trunk(x),   z_c = w_c·relu(W_c·h + b_c) + β_c   for c = 0 … K − 1,   p(x) = softmax(z)
 *
 * A layer of the trunk is a convolution of stride 1 that keeps the size, a normalisation where one is asked for, relu, and the largest of
 * 2×2 pixels. Each branch is drawn with a key of its own: branches that begin alike stay alike under the hard divergence.
 *
 * Shapes       x: [n, …item], a picture of any size, or anything where there are no filters; conv.i.weight [out, in, s, s], conv.i.bias,
 *              conv.i.norm.{scale,offset,mean,variance}, trunk.i.weight, trunk.i.bias, branches.hidden.weight [f, K·h], whose columns c·h
 *              to (c + 1)·h are branch c, .bias [K·h], branches.hidden.norm.…, branches.output.weight [K, h], branches.output.bias [K]
 * Outputs      logits z, posteriors; embeddings are h, flattened; running statistics while training
 * Errors       IMAGE_MISSHAPEN, IMAGE_EMPTY, IMAGE_TOO_SMALL, CHANNELS_UNKNOWN
 * Source       Cilingir, Manzelli, Kulis, Deep Divergence Learning (ICML 2020), figure 2 and table 5
 */
export const convBranches = defineModel<ConvBranchesConfig>({
  name: "conv-branches",
  summary: "A shared trunk of convolutions with an independent branch for each output, for deep Bregman divergences.",
  formula: "h = trunk(x), z_c = w_c·relu(W_c·h + b_c) + β_c",
  source: "Cilingir, Manzelli, Kulis, ICML 2020, figure 2",
  config,
  examples: [
    { filters: [2], branch: 3 },
    { filters: [2, 3], kernel: [3, 1], pool: [true, false], batchNorm: true, branch: 2, branchNorm: true },
    { filters: [], trunk: [3], branch: 2, initial: "truncated-normal" },
  ],
  exampleItems: [[5, 4]],
  inductive: true,
  init(key, { item, outputs }, settings) {
    const { branch, trunk, bias, batchNorm: normed, initial } = settings;
    const { layers, width } = convolutions(item, settings);
    const widths = [width, ...trunk];
    return Object.assign(
      {},
      ...layers.map((layer) => ({
        ...drawConvolution(key, layer.name, { ...layer, bias, initial }),
        ...(normed ? initBatchNorm(`${layer.name}.norm`, layer.outputs) : {}),
      })),
      ...trunk.map((outputs, index) => drawDense(key, trunkName(index), { inputs: widths[index]!, outputs, initial })),
      initBranches(key, { inputs: widths.at(-1)!, branches: outputs, hidden: branch, initial }),
      settings.branchNorm ? initBatchNorm("branches.hidden.norm", outputs * branch) : {},
    ) as ParameterArrays;
  },
  running: ({ filters, batchNorm: normed, branchNorm }) => [
    ...(normed ? filters.flatMap((_, index) => runningNames(`conv.${index}.norm`)) : []),
    ...(branchNorm ? runningNames("branches.hidden.norm") : []),
  ],
  apply(parameters, x, settings, { training, outputs }) {
    const running: Record<string, Tensor> = {};
    const stage = { training, running };
    let h = settings.filters.length === 0 ? x : asImages(x, settings);
    for (const { name, side, pooled } of convolutions(x.shape.slice(1), settings).layers) {
      h = convolution(parameters, name, h, { padding: (side - 1) / 2 });
      if (settings.batchNorm) h = batchNorm(parameters, `${name}.norm`, h, stage);
      h = relu(h);
      if (pooled) h = maxPool(h, { kernel: 2 });
    }
    const embeddings = settings.trunk.reduce(
      (input, _, index) => relu(dense(parameters, trunkName(index), input)),
      flatten(h),
    );
    const logits = applyBranches(parameters, embeddings, { outputs, ...settings }, stage);
    return { logits, posteriors: softmax(logits), embeddings, ...(training ? { running } : {}) };
  },
});

/** All branches at once: one product for their hidden layers, and a sum of products within each. */
function applyBranches(
  parameters: ParameterTensors,
  h: Tensor,
  { outputs, branch, branchNorm }: { outputs: number; branch: number; branchNorm: boolean },
  stage: { readonly training: boolean; readonly running: Record<string, Tensor> },
): Tensor {
  let hidden = dense(parameters, "branches.hidden", h);
  if (branchNorm) hidden = batchNorm(parameters, "branches.hidden.norm", hidden, stage);
  const apart = reshape(relu(hidden), [h.shape[0]!, outputs, branch]);
  const weight = reshape(parameterOf(parameters, "branches.output.weight"), [1, outputs, branch]);
  return add(sum(mul(apart, weight), { axes: [2] }), parameterOf(parameters, "branches.output.bias"));
}
