import { add, defineModel, maxPool, mean, type ParameterArrays, relu, softmax, type Tensor } from "@semblance/core";
import { z } from "zod";
import { batchNorm, initBatchNorm, runningNames } from "./batch-norm.js";
import { convolution, initRectifiedConvolution } from "./convolution.js";
import { dense, initDense } from "./dense.js";
import { asImages, imageKeys, imageShape } from "./images.js";

const config = z.strictObject({
  features: z.int().min(1).default(1000).describe("width of the layer before the head"),
  width: z.int().min(1).default(64).describe("filters of the first stage; each later stage has twice as many"),
  ...imageKeys,
});

/** Each stage after the first halves the picture. */
const STRIDES = [1, 2, 2, 2];

/** A basic block: its name, how its channels change, and its stride. Where it changes the shape, the way around it is a convolution. */
interface Block {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
}

const bends = ({ inputs, outputs, stride }: Block) => inputs !== outputs || stride > 1;

/** The eight blocks: two for each of four stages. */
function blocks(width: number): Block[] {
  return STRIDES.flatMap((stride, stage) => {
    const outputs = width * 2 ** stage;
    const inputs = stage === 0 ? width : outputs / 2;
    return [
      { name: `stage.${stage}.0`, inputs, outputs, stride },
      { name: `stage.${stage}.1`, inputs: outputs, outputs, stride: 1 },
    ];
  });
}

/** What every convolution of the network is called with its normalisation: NAME.conv and NAME.norm. */
const unitNames = (width: number) => [
  "stem",
  ...blocks(width).flatMap((block) => [
    `${block.name}.first`,
    `${block.name}.second`,
    ...(bends(block) ? [`${block.name}.around`] : []),
  ]),
];

/**
 * ResNet-18 in its form for large pictures: 7×7 convolution of stride 2, 3×3 maximum of stride 2, eight basic blocks, mean, linear,
 * and a head on top with no activation between.
 *
 *     block(x) = relu(norm(conv(relu(norm(conv(x))))) + around(x))
 *
 * Shapes       x: [n, …item], a picture of any size; parameters stem.conv.weight [64, c, 7, 7], stage.i.j.{first,second,around}.conv.weight,
 *              .norm.{scale,offset,mean,variance}, features.weight [512, features], features.bias, head.weight, head.bias:
 *              11,689,512 numbers for three channels, running statistics apart, and the head
 * Outputs      logits, posteriors; embeddings are what the head reads; running statistics of the normalisations while training
 * Errors       IMAGE_MISSHAPEN, IMAGE_EMPTY, CHANNELS_UNKNOWN
 * Source       He et al., Deep Residual Learning for Image Recognition, CVPR 2016, table 1; Ohl et al., NeurIPS 2022
 */
export const resnet18 = defineModel({
  name: "resnet18",
  summary: "ResNet-18 with batch normalisation on pictures.",
  formula: "7×7 conv, 3×3 max, eight residual blocks of two 3×3 convs, mean, linear, p(x) = softmax(h·W + b)",
  source: "He et al., CVPR 2016, table 1; Ohl et al., NeurIPS 2022",
  config,
  examples: [{ width: 1, features: 3 }],
  exampleItems: [[9, 8]],
  inductive: true,
  init(key, { item, outputs }, { features, width, ...layout }) {
    const { channels } = imageShape(item, layout);
    const unit = (name: string, from: number, to: number, side: number): ParameterArrays => ({
      ...initRectifiedConvolution(key, `${name}.conv`, { inputs: from, outputs: to, side }),
      ...initBatchNorm(`${name}.norm`, to),
    });
    const parts = blocks(width).flatMap((block) => [
      unit(`${block.name}.first`, block.inputs, block.outputs, 3),
      unit(`${block.name}.second`, block.outputs, block.outputs, 3),
      bends(block) ? unit(`${block.name}.around`, block.inputs, block.outputs, 1) : {},
    ]);
    return Object.assign(
      unit("stem", channels, width, 7),
      ...parts,
      initDense(key, "features", { inputs: width * 8, outputs: features }),
      initDense(key, "head", { inputs: features, outputs }),
    ) as ParameterArrays;
  },
  running: ({ width }) => unitNames(width).flatMap((name) => runningNames(`${name}.norm`)),
  apply(parameters, x, { width, ...layout }, { training }) {
    const running: Record<string, Tensor> = {};
    const unit = (name: string, input: Tensor, strides: number, padding: number) =>
      batchNorm(parameters, `${name}.norm`, convolution(parameters, `${name}.conv`, input, { strides, padding }), {
        training,
        running,
      });
    let h = relu(unit("stem", asImages(x, layout), 2, 3));
    h = maxPool(h, { kernel: 3, strides: 2, padding: 1 });
    for (const block of blocks(width)) {
      const inner = relu(unit(`${block.name}.first`, h, block.stride, 1));
      const around = bends(block) ? unit(`${block.name}.around`, h, block.stride, 0) : h;
      h = relu(add(unit(`${block.name}.second`, inner, 1, 1), around));
    }
    const embeddings = dense(parameters, "features", mean(h, { axes: [2, 3] }));
    const logits = dense(parameters, "head", embeddings);
    return { logits, posteriors: softmax(logits), embeddings, ...(training ? { running } : {}) };
  },
});
