import { describe, expect, it } from "vitest";
import { z } from "zod";
import { oneStep, regularised, rowsIn, runKey } from "../../../test/regularised-run.js";
import { tinyData, tinyPlugin } from "../../../test/tiny-learner.js";
import {
  type Arrays,
  add,
  createCatalogue,
  createLearner,
  defineModel,
  definePlugin,
  initialState,
  matmul,
  mean,
  mul,
  ndarray,
  softmax,
  sub,
} from "../../index.js";

type Weights = Readonly<Record<"inner" | "offset" | "outer" | "bias", number[][]>>;

const weightsOf = (state: Arrays): Weights => ({
  inner: rowsIn(state["model/inner"]!),
  offset: [[...state["model/offset"]!.data]],
  outer: rowsIn(state["model/outer"]!),
  bias: [[...state["model/bias"]!.data]],
});

/** The tiny network in loops: softmax(tanh(x·inner + offset)·outer + bias) of one row, with its hidden layer. */
function forward({ inner, offset, outer, bias }: Weights, x: readonly number[]) {
  const hidden = offset[0]!.map((start, j) =>
    Math.tanh(x.reduce((sum, value, i) => sum + value * inner[i]![j]!, start)),
  );
  const logits = bias[0]!.map((start, k) => hidden.reduce((sum, value, j) => sum + value * outer[j]![k]!, start));
  const weights = logits.map(Math.exp);
  const total = weights.reduce((a, b) => a + b, 0);
  return { hidden, q: weights.map((weight) => weight / total) };
}

const divergence = (p: readonly number[], q: readonly number[]) =>
  p.reduce((sum, value, k) => sum + value * (Math.log(value) - Math.log(Math.max(q[k]!, 1e-12))), 0);

/** ∂KL(p ‖ f(y))/∂y by hand: back through softmax (q − p), the outer layer, tanh and the inner layer. */
function slope(weights: Weights, p: readonly number[], y: readonly number[]): number[] {
  const { hidden, q } = forward(weights, y);
  const byLogit = q.map((value, k) => value - p[k]!);
  const byHidden = hidden.map(
    (h, j) => byLogit.reduce((sum, g, k) => sum + g * weights.outer[j]![k]!, 0) * (1 - h * h),
  );
  return weights.inner.map((row) => row.reduce((sum, value, j) => sum + value * byHidden[j]!, 0));
}

const unit = (d: readonly number[]) => {
  const norm = Math.hypot(...d) + 1e-8;
  return d.map((value) => value / norm);
};
const moved = (x: readonly number[], d: readonly number[], by: number) => x.map((value, i) => value + by * d[i]!);

interface Plain {
  readonly weights: Weights;
  readonly x: number[][];
  readonly noise: number[][];
  readonly xi: number;
  readonly epsilon: number;
  readonly powerIterations: number;
}

/** The specification's steps 1 to 3, row by row: the moved rows and the mean divergence. */
function plainVat({ weights, x, noise, xi, epsilon, powerIterations }: Plain) {
  const rows = x.map((row, i) => {
    const p = forward(weights, row).q;
    let d = unit(noise[i]!);
    for (let iteration = 0; iteration < powerIterations; iteration++) {
      d = unit(slope(weights, p, moved(row, d, xi)).map((g) => (xi * g) / x.length));
    }
    return { p, target: moved(row, d, epsilon) };
  });
  const value = rows.reduce((sum, { p, target }) => sum + divergence(p, forward(weights, target).q), 0) / x.length;
  return { rows, value };
}

const settings = [
  { xi: 10, epsilon: 1, powerIterations: 1 },
  { xi: 0.5, epsilon: 0.5, powerIterations: 3 },
  { xi: 1, epsilon: 2, powerIterations: 0 },
];

describe("vat", () => {
  it.each(settings)("is the specification's, written in loops, with %j", async (keys) => {
    const learner = regularised([{ name: "vat", ...keys }]);
    const { results, before, feeds } = await oneStep(learner);
    const plain = plainVat({
      ...keys,
      weights: weightsOf(before),
      x: rowsIn(feeds.data!),
      noise: rowsIn(feeds["regulariser/0/fed/noise"]!),
    });
    expect(plain.value).toBeGreaterThan(1e-3);
    expect(results["term/vat"]!.data[0]).toBeCloseTo(plain.value, 12);
    expect(results.loss!.data[0]).toBeCloseTo(results.objective!.data[0]! + plain.value, 12);
  });

  it("has the gradient of differences with the moved rows and p held constant", async () => {
    const keys = settings[1]!;
    const learner = regularised([{ name: "vat", ...keys }]);
    const [without, withVat] = [await oneStep(learner, { weights: [0] }), await oneStep(learner, { weights: [1] })];
    const { before, feeds } = withVat;
    const start = weightsOf(before);
    const { rows } = plainVat({
      ...keys,
      weights: start,
      x: rowsIn(feeds.data!),
      noise: rowsIn(feeds["regulariser/0/fed/noise"]!),
    });
    const value = (weights: Weights) =>
      rows.reduce((sum, { p, target }) => sum + divergence(p, forward(weights, target).q), 0) / rows.length;
    let largest = 0;
    for (const name of Object.keys(start) as (keyof Weights)[]) {
      start[name].forEach((row, i) => {
        row.forEach((_, j) => {
          const nudged = (by: number) =>
            value({ ...start, [name]: start[name].map((r, a) => r.map((w, b) => (a === i && b === j ? w + by : w))) });
          const expected = (nudged(1e-5) - nudged(-1e-5)) / 2e-5;
          const at = i * row.length + j;
          // Plain gradient descent with learning rate 1: what the term adds to the step is minus its gradient.
          const step = withVat.after[`model/${name}`]!.data[at]! - without.after[`model/${name}`]!.data[at]!;
          expect(-step).toBeCloseTo(expected, 9);
          largest = Math.max(largest, Math.abs(expected));
        });
      });
    }
    expect(largest).toBeGreaterThan(1e-3);
  });

  it("is 0 and moves nothing where the prediction does not depend on the rows", async () => {
    const learner = regularised(["vat"]);
    const state = { ...initialState(learner, runKey, "float64") };
    const { shape, data } = state["model/inner"]!;
    state["model/inner"] = ndarray("float64", shape, new Float64Array(data.length));
    const { results, after } = await oneStep(learner, { state });
    expect(results["term/vat"]!.data[0]).toBeCloseTo(0, 15);
    expect([...after["model/outer"]!.data].every(Number.isFinite)).toBe(true);
  });

  it("moves running statistics by the batch itself alone", async () => {
    const learnerWith = (regularisers: readonly string[]) =>
      createLearner({
        catalogue: createCatalogue([tinyPlugin, centredPlugin]),
        data: tinyData(),
        model: "centred",
        loss: "information",
        optimizer: "sgd",
        regularisers,
      });
    const running = async (regularisers: readonly string[]) => [
      ...(await oneStep(learnerWith(regularisers))).after["model/centre"]!.data,
    ];
    const alone = await running([]);
    expect(Math.max(...alone.map(Math.abs))).toBeGreaterThan(0);
    expect(await running(["vat", "vat"])).toEqual(alone);
  });

  it("refuses a model that is no function of the data", () => {
    const learner = () =>
      createLearner({
        catalogue: createCatalogue([tinyPlugin, centredPlugin]),
        data: tinyData(),
        model: "deaf",
        loss: "information",
        optimizer: "sgd",
        regularisers: ["vat"],
      });
    expect(learner).toThrowErrorMatchingInlineSnapshot(`[ConfigError: model "deaf" does not depend on its input]`);
  });
});

const centred = defineModel({
  name: "centred",
  summary: "subtracts the batch's mean and keeps a running one, for tests",
  config: z.strictObject({}),
  inductive: true,
  init: (key, { item, outputs }) => ({
    centre: ndarray("float64", [item[0]!], new Float64Array(item[0]!)),
    weight: ndarray("float64", [item[0]!, outputs], key.uniform(item[0]! * outputs, -1, 1)),
  }),
  running: () => ["centre"],
  apply({ centre, weight }, x, _, { training }) {
    const batch = training ? mean(x, { axes: [0] }) : centre!;
    const logits = matmul(sub(x, batch), weight!);
    return { logits, posteriors: softmax(logits), running: { centre: add(mul(centre!, 0.9), mul(batch, 0.1)) } };
  },
});

const deaf = defineModel({
  ...centred,
  name: "deaf",
  inductive: false,
});

const centredPlugin = definePlugin({
  name: "centred",
  version: "1.0.0",
  core: "*",
  register: (registry) => [centred, deaf].forEach((entry) => registry.add(entry)),
});
