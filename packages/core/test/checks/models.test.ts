import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ndarray } from "../../src/arrays/nd-array.js";
import { modelChecks } from "../../src/checks/model-checks.js";
import { defineModel, type Model } from "../../src/contracts/model.js";
import { batchNormalisation } from "../../src/functions/batch-normalisation.js";
import { full } from "../../src/functions/constants.js";
import { mean } from "../../src/functions/mean.js";
import { softmax } from "../../src/functions/softmax.js";
import { defineHostOperator } from "../../src/ir/host-operator.js";
import { callHost } from "../../src/ops/host-call.js";
import { matmul } from "../../src/ops/matmul.js";
import { mul } from "../../src/ops/mul.js";
import { relu } from "../../src/ops/relu.js";
import { sub } from "../../src/ops/sub.js";
import { failures } from "./failing-titles.js";

/** Logistic regression behind a rectifier, right in everything but what a test spoils. */
const regression = (spoil: Partial<Model> = {}): Model =>
  defineModel({
    name: "test-model",
    summary: "A model under test.",
    config: z.strictObject({}),
    inductive: true,
    init: (key, { item, outputs }) => ({
      weight: ndarray("float64", [item[0] ?? 0, outputs], key.fold("weight").normal((item[0] ?? 0) * outputs)),
    }),
    apply({ weight }, x) {
      const logits = matmul(relu(x), weight!);
      return { logits, posteriors: softmax(logits) };
    },
    ...spoil,
  } as Omit<Model, "kind">);
const failing = (spoil: Partial<Model>) => failures(modelChecks(regression(spoil)));

describe("a model", () => {
  it("that is right passes every check", async () => {
    expect(await failing({})).toEqual({});
  });

  it("with running statistics passes every check", async () => {
    const normalised: Partial<Model> = {
      init: (key, { item, outputs }) => ({
        weight: ndarray("float64", [item[0] ?? 0, outputs], key.fold("weight").normal((item[0] ?? 0) * outputs)),
        mean: ndarray("float64", [outputs], new Float64Array(outputs)),
        variance: ndarray("float64", [outputs], new Float64Array(outputs).fill(1)),
      }),
      running: () => ["mean", "variance"],
      apply({ weight, mean: runningMean, variance }, x, _, { training }) {
        const ones = full([weight!.shape[1]!], 1, x.dtype);
        const { y, running } = batchNormalisation(
          matmul(x, weight!),
          { scale: ones, offset: mul(ones, 0) },
          { mean: runningMean!, variance: variance! },
          { training },
        );
        return { logits: y, ...(training ? { running: { ...running } } : {}) };
      },
    };
    expect(await failing(normalised)).toEqual({});
  });

  it("that leaks across rows is caught by name", async () => {
    const apply: Model["apply"] = ({ weight }, x) => ({
      logits: matmul(sub(x, mean(x, { axes: [0], keepDims: true })), weight!),
    });
    expect(await failing({ apply })).toEqual({
      "keeps rows apart outside of training on reference": "CHECK_LAW_BROKEN",
    });
  });

  it("whose posteriors are no probabilities is caught", async () => {
    const apply: Model["apply"] = ({ weight }, x) => ({ posteriors: matmul(x, weight!) });
    expect(await failing({ apply })).toEqual({
      "gives outputs of the right shapes, posteriors on the simplex": "CHECK_VALUE_WRONG",
    });
  });

  it("of the wrong width is caught", async () => {
    const apply: Model["apply"] = ({ weight }, x) => ({
      logits: matmul(matmul(x, weight!), full([weight!.shape[1]!, 2], 1, x.dtype)),
    });
    expect(await failing({ apply })).toMatchObject({
      "gives outputs of the right shapes, posteriors on the simplex": "CHECK_SHAPE_WRONG",
    });
  });

  it("that draws its weights elsewhere than from the key is caught", async () => {
    let made = 0;
    const init: Model["init"] = (_, { item, outputs }) => ({
      weight: ndarray("float64", [item[0] ?? 0, outputs], new Float64Array((item[0] ?? 0) * outputs).fill(made++)),
    });
    expect(await failing({ init })).toMatchObject({
      "makes its weights from the key alone": "CHECK_NOT_DETERMINISTIC",
    });
    const fixed: Model["init"] = (_, { item, outputs }) => ({
      weight: ndarray("float64", [item[0] ?? 0, outputs], new Float64Array((item[0] ?? 0) * outputs).fill(1)),
    });
    expect(await failing({ init: fixed })).toMatchObject({
      "makes its weights from the key alone": "CHECK_VALUE_WRONG",
    });
  });

  it("with a host operator of the wrong derivative, which no file could hold, is caught twice", async () => {
    const doubled = defineHostOperator<null>({
      name: "test/doubled",
      infer: ([x]) => [x!],
      run: ([x]) => [
        ndarray(
          x!.dtype,
          x!.shape,
          Float64Array.from(x!.data, (element) => 2 * element),
        ),
      ],
      vjp: ({ cotangents: [dy] }) => [mul(dy!, -2)],
    });
    const apply: Model["apply"] = ({ weight }, x) => ({ logits: callHost(doubled, [matmul(x, weight!)], null)[0]! });
    expect(await failing({ apply })).toEqual({
      "can be exported": "CHECK_NOT_EXPORTABLE",
      "has the gradients of differences by its weights": "CHECK_GRADIENT_WRONG",
    });
  });

  it("that throws what has no code at foreign items is caught", async () => {
    const apply: Model["apply"] = ({ weight }, x) => {
      if (x.rank !== 2) throw new TypeError("x.shape is not iterable");
      return { logits: matmul(x, weight!) };
    };
    expect(await failing({ apply })).toEqual({ "works on or refuses items of another shape": "CHECK_ERROR_UNCODED" });
  });
});
