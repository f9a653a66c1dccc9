import { averagePool, defineModel, pad, reshape, ShapeError, softmax, type Tensor, tanh } from "@semblance/core";
import { z } from "zod";
import { convolution, initConvolution } from "./convolution.js";
import { dense, initDense } from "./dense.js";
import { asImages, imageKeys, imageShape } from "./images.js";
import { resizeBilinear } from "./resize-bilinear.js";

/** What the three convolutions shrink to a single pixel. */
const SIDE = 32;

const config = z.strictObject({
  filters: z
    .tuple([z.int().min(1), z.int().min(1), z.int().min(1)])
    .default([6, 16, 120])
    .describe("filters of the three convolutions"),
  features: z.int().min(1).default(84).describe("width of the layer before the head"),
  resize: z
    .enum(["bilinear", "pad"])
    .default("bilinear")
    .describe("how pictures of another size become 32×32: interpolated, or zeros around them"),
  ...imageKeys,
});

/**
 * LeNet-5.
 *
 *     x 32×32 ─ conv 6@5×5, tanh, mean 2×2 ─ conv 16@5×5, tanh, mean 2×2 ─ conv 120@5×5, tanh ─ linear, tanh ─ head
 *
 * Shapes       x: [n, …item], a picture of any size; parameters conv.i.weight [out, in, 5, 5], conv.i.bias, features.weight
 *              [120, features], features.bias, head.weight, head.bias; 61,706 numbers for one channel and 10 outputs
 * Outputs      logits, posteriors; embeddings are the last hidden layer after its activation
 * Errors       IMAGE_MISSHAPEN, IMAGE_EMPTY, IMAGE_TOO_LARGE, CHANNELS_UNKNOWN
 * Source       LeCun et al., Gradient-Based Learning Applied to Document Recognition, Proc. IEEE 86 (1998), figure 2; as in Ohl et
 *              al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022: fully connected, tanh everywhere
 */
export const lenet5 = defineModel({
  name: "lenet5",
  summary: "LeNet-5: three 5×5 convolutions and two fully connected layers on pictures.",
  formula: "conv 6, 16, 120 with tanh and 2×2 means between, linear, tanh, p(x) = softmax(h·W + b)",
  source: "LeCun et al., Proc. IEEE 1998, figure 2; Ohl et al., NeurIPS 2022",
  config,
  examples: [
    { filters: [1, 2, 2], features: 2 },
    { filters: [1, 2, 2], features: 2, resize: "pad", channels: "last" },
  ],
  exampleItems: [[3, 6, 5]],
  inductive: true,
  init(key, { item, outputs }, { filters, features, ...layout }) {
    const { channels } = imageShape(item, layout);
    const [first, second, third] = filters;
    return {
      ...initConvolution(key, "conv.0", { inputs: channels, outputs: first, side: 5 }),
      ...initConvolution(key, "conv.1", { inputs: first, outputs: second, side: 5 }),
      ...initConvolution(key, "conv.2", { inputs: second, outputs: third, side: 5 }),
      ...initDense(key, "features", { inputs: third, outputs: features }),
      ...initDense(key, "head", { inputs: features, outputs }),
    };
  },
  apply(parameters, x, { resize, ...layout }) {
    const images = asImages(x, layout);
    let h = resize === "pad" ? padded(images) : resizeBilinear(images, SIDE, SIDE);
    for (const name of ["conv.0", "conv.1"]) h = averagePool(tanh(convolution(parameters, name, h)), { kernel: 2 });
    h = tanh(convolution(parameters, "conv.2", h));
    const embeddings = tanh(dense(parameters, "features", reshape(h, h.shape.slice(0, 2))));
    const logits = dense(parameters, "head", embeddings);
    return { logits, posteriors: softmax(logits), embeddings };
  },
});

function padded(x: Tensor): Tensor {
  const missing = x.shape.slice(2).map((extent) => SIDE - extent);
  if (missing.some((width) => width < 0)) {
    throw new ShapeError(
      "IMAGE_TOO_LARGE",
      `pictures of ${x.shape.slice(2).join("×")} do not fit into ${SIDE}×${SIDE}`,
      {
        where: 'model "lenet5"',
        fix: "Let it interpolate: resize: bilinear.",
      },
    );
  }
  const before = missing.map((width) => Math.floor(width / 2));
  const after = missing.map((width, axis) => width - before[axis]!);
  return pad(x, { before: [0, 0, ...before], after: [0, 0, ...after] });
}
