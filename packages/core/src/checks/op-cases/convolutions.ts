import { type ConvolutionOptions, convolutionGeometry } from "../../ir/convolution.js";
import type { Tensor } from "../../ir/tensor.js";
import { conv } from "../../ops/conv.js";
import { convFilterGradient } from "../../ops/conv-filter-gradient.js";
import { convTranspose, convTransposeTo } from "../../ops/conv-transpose.js";
import { normal } from "./draw.js";
import { type OpCase, opCase, SUMMED } from "./op-case.js";

/** One geometry met by all three primitives: convolution is the linear map, and the others are its transposes. */
interface Setting {
  readonly name: string;
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly options?: ConvolutionOptions;
  /** The spatial extents of the result, from the formula by hand. */
  readonly places: readonly number[];
  /** Too many elements for finite differences. */
  readonly wide?: boolean;
}

const SETTINGS: readonly Setting[] = [
  { name: "in 1-D", x: [2, 2, 6], w: [3, 2, 3], places: [4] },
  {
    name: "in 1-D with stride, dilation and uneven padding",
    x: [2, 1, 8],
    w: [2, 1, 3],
    options: { strides: 2, dilations: 2, padding: { before: [3], after: [1] } },
    places: [4],
  },
  { name: "in 2-D", x: [2, 2, 4, 5], w: [3, 2, 3, 2], places: [2, 4] },
  { name: "in 2-D with a 1×1 filter", x: [2, 3, 2, 3], w: [2, 3, 1, 1], places: [2, 3] },
  { name: "in 2-D with same padding", x: [1, 2, 4, 4], w: [2, 2, 3, 3], options: { padding: 1 }, places: [4, 4] },
  // The last column is not reached by any window: its cotangent is 0, and the transpose must still give it a place.
  {
    name: "in 2-D with strides that leave a rest",
    x: [1, 2, 5, 6],
    w: [2, 2, 2, 3],
    options: { strides: [2, 2] },
    places: [2, 2],
  },
  {
    name: "in 2-D with strides, dilations and padding apart",
    x: [2, 2, 7, 6],
    w: [2, 2, 3, 2],
    options: { strides: [2, 1], dilations: [2, 3], padding: { before: [0, 2], after: [3, 1] } },
    places: [3, 6],
  },
  {
    name: "in 2-D with a stride above the filter",
    x: [1, 1, 5, 5],
    w: [2, 1, 2, 2],
    options: { strides: 3 },
    places: [2, 2],
  },
  { name: "in 2-D in two groups", x: [2, 4, 4, 3], w: [6, 2, 2, 2], options: { groups: 2 }, places: [3, 2] },
  {
    name: "in 2-D in groups with strides and padding",
    x: [1, 4, 5, 5],
    w: [4, 2, 3, 3],
    options: { groups: 2, strides: 2, padding: 1 },
    places: [3, 3],
  },
  { name: "in 2-D by channel", x: [2, 3, 4, 4], w: [3, 1, 3, 3], options: { groups: 3, padding: 1 }, places: [4, 4] },
  {
    name: "in 2-D by channel, two filters each",
    x: [1, 2, 3, 4],
    w: [4, 1, 2, 2],
    options: { groups: 2 },
    places: [2, 3],
  },
  // 6, 9 and 15 channels into a multiple of 4 are wrong on one WebGPU driver; 16 and more take other kernels elsewhere.
  { name: "in 2-D from 6 channels to 4", x: [2, 6, 5, 5], w: [4, 6, 3, 3], places: [3, 3], wide: true },
  {
    name: "in 2-D from 9 channels to 8",
    x: [2, 9, 6, 6],
    w: [8, 9, 3, 3],
    options: { padding: 1 },
    places: [6, 6],
    wide: true,
  },
  {
    name: "in 2-D from 16 channels to 20",
    x: [3, 16, 7, 7],
    w: [20, 16, 3, 3],
    options: { padding: 1 },
    places: [7, 7],
    wide: true,
  },
  {
    name: "in 2-D from 18 channels to 16 with stride 2",
    x: [2, 18, 8, 9],
    w: [16, 18, 3, 3],
    options: { padding: 1, strides: 2 },
    places: [4, 5],
    wide: true,
  },
  { name: "in 2-D with a 5×5 filter on 28×28", x: [2, 1, 28, 28], w: [6, 1, 5, 5], places: [24, 24], wide: true },
  { name: "in 3-D", x: [1, 2, 3, 3, 4], w: [2, 2, 2, 2, 2], places: [2, 2, 3] },
  {
    name: "in 3-D with stride, dilation, padding and groups",
    x: [2, 2, 4, 3, 5],
    w: [2, 1, 2, 2, 2],
    options: { groups: 2, strides: [2, 1, 2], dilations: [1, 2, 2], padding: { before: [0, 1, 1], after: [1, 0, 0] } },
    places: [2, 2, 2],
  },
  { name: "with an empty batch", x: [0, 2, 4, 4], w: [3, 2, 2, 2], places: [3, 3] },
  {
    name: "with padding larger than the input",
    x: [1, 1, 1, 2],
    w: [1, 1, 3, 3],
    options: { padding: 2 },
    places: [3, 4],
  },
];

function casesOf(
  build: (setting: Setting) => { inputs: readonly (readonly number[])[]; apply: (a: Tensor, b: Tensor) => Tensor },
): OpCase[] {
  return SETTINGS.map((setting) => {
    const { inputs, apply } = build(setting);
    const [a, b] = inputs.map((shape) => normal(...shape));
    return opCase(setting.name, [a!, b!], apply, {
      tolerance: { ...SUMMED, float32: setting.wide ? 5e-5 : SUMMED.float32 },
      differentiable: setting.wide ? [] : [0, 1],
    });
  });
}

const result = ({ x, w, places }: Setting) => [x[0]!, w[0]!, ...places];
const geometry = ({ places, options }: Setting) => convolutionGeometry("conv", places.length, options ?? {});

export const convolutionsCases = {
  conv: casesOf((setting) => ({
    inputs: [setting.x, setting.w],
    apply: (x, w) => conv(x, w, setting.options),
  })),
  convTranspose: [
    ...casesOf((setting) => ({
      inputs: [result(setting), setting.w],
      apply: (y, w) => convTransposeTo(y, w, setting.x.slice(2), geometry(setting)),
    })),
    opCase(
      "with output padding, as a layer",
      [normal(1, 2, 3, 2), normal(2, 3, 3, 3)],
      (x, w) => convTranspose(x, w, { strides: 2, padding: 1, outputPadding: 1 }),
      { tolerance: SUMMED, differentiable: [0, 1] },
    ),
  ],
  convFilterGradient: casesOf((setting) => ({
    inputs: [setting.x, result(setting)],
    apply: (x, dy) => convFilterGradient(x, dy, setting.w.slice(2), geometry(setting)),
  })),
} as const;
