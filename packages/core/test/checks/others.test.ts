import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ndarray } from "../../src/arrays/nd-array.js";
import { datasetChecks } from "../../src/checks/dataset-checks.js";
import { measureChecks } from "../../src/checks/measure-checks.js";
import { optimizerChecks } from "../../src/checks/optimizer-checks.js";
import { scheduleChecks } from "../../src/checks/schedule-checks.js";
import { transportChecks } from "../../src/checks/transport-checks.js";
import { defineDataset } from "../../src/contracts/dataset-entry.js";
import { defineMeasure, type Measure } from "../../src/contracts/measure.js";
import { defineOptimizer, type Optimizer } from "../../src/contracts/optimizer.js";
import { defineSchedule, type Schedule } from "../../src/contracts/schedule.js";
import { defineTransportSolver, type TransportProblem } from "../../src/contracts/transport-solver.js";
import { DataError } from "../../src/errors.js";
import { add } from "../../src/ops/add.js";
import { div } from "../../src/ops/div.js";
import { mul } from "../../src/ops/mul.js";
import { slice } from "../../src/ops/slice.js";
import { sub } from "../../src/ops/sub.js";
import { failures } from "./failing-titles.js";

const words = { name: "test", summary: "An entry under test.", config: z.strictObject({}) };

describe("an optimizer", () => {
  const failing = (spoil: Partial<Optimizer>) =>
    failures(
      optimizerChecks(
        defineOptimizer({
          ...words,
          slots: () => ["velocity"],
          scalars: (_, learningRate) => ({ learningRate }),
          update({ parameter, gradient, slots, scalars }) {
            const velocity = add(mul(slots.velocity!, 0.5), gradient);
            return { parameter: sub(parameter, mul(velocity, scalars.learningRate!)), slots: { velocity } };
          },
          ...spoil,
        } as Omit<Optimizer, "kind">),
      ),
    );
  let calls = 0;

  it.each<[string, Partial<Optimizer>, Record<string, string>]>([
    ["that is right passes", {}, {}],
    [
      "that climbs is caught",
      {
        update: ({ parameter, gradient, slots, scalars }) => ({
          parameter: add(parameter, mul(gradient, scalars.learningRate!)),
          slots,
        }),
      },
      { "lowers a quadratic on reference": "CHECK_VALUE_WRONG" },
    ],
    [
      "that counts outside of its slots is caught",
      { scalars: (_, learningRate) => ({ learningRate: learningRate / (1 + 1e-3 * calls++) }) },
      { "pauses without a trace on reference": "CHECK_STATE_LOST" },
    ],
    [
      "that divides by a gradient of 0 is caught",
      {
        update: ({ parameter, gradient, slots, scalars }) => ({
          parameter: sub(parameter, mul(div(mul(gradient, gradient), gradient), scalars.learningRate!)),
          slots,
        }),
      },
      { "stays finite where gradients are 0": "CHECK_NOT_FINITE" },
    ],
    [
      "that loses a slot is caught",
      { update: ({ parameter }) => ({ parameter, slots: {} }) },
      { "keeps the names and shapes of its slots and scalars": "CHECK_SHAPE_WRONG" },
    ],
    [
      "that changes the parameter's shape is caught",
      {
        update: ({ parameter, slots }) => ({
          parameter: parameter.rank > 0 ? slice(parameter, { axis: 0, end: 1 }) : parameter,
          slots,
        }),
      },
      { "keeps the names and shapes of its slots and scalars": "CHECK_SHAPE_WRONG" },
    ],
  ])("%s", async (_, spoil, expected) => {
    const failed = await failing(spoil);
    if (Object.keys(expected).length === 0) expect(failed).toEqual({});
    else expect(failed).toMatchObject(expected);
  });
});

describe("a schedule", () => {
  let calls = 0;
  it.each<[string, Schedule["factor"], Record<string, string>]>([
    ["that is right passes", (step, total) => 1 - step / (2 * total), {}],
    [
      "that counts from 0 is caught",
      (step) => (step - 1) / step,
      { "moves something at the first step": "CHECK_VALUE_WRONG" },
    ],
    [
      "that goes below 0 is caught",
      (step, total) => 1 - step / total,
      { "is finite and not negative": "CHECK_NOT_FINITE" },
    ],
    [
      "that counts its calls is caught",
      () => 1 / (1 + calls++),
      { "depends on the step alone": "CHECK_NOT_DETERMINISTIC" },
    ],
  ])("%s", async (_, factor, expected) => {
    const failed = await failures(scheduleChecks(defineSchedule({ ...words, factor })));
    if (Object.keys(expected).length === 0) expect(failed).toEqual({});
    else expect(failed).toMatchObject(expected);
  });
});

describe("a measure", () => {
  /** The share of pairs on which two partitions agree. */
  const pairsAgreeing: Measure["compute"] = ({ truth, predicted }) => {
    if (!truth || !predicted || truth.length !== predicted.length) throw new DataError("INPUTS_UNEQUAL", "rows differ");
    let [agreeing, all] = [0, 0];
    for (let i = 0; i < truth.length; i++) {
      for (let j = 0; j < i; j++) {
        all++;
        if ((truth[i] === truth[j]) === (predicted[i] === predicted[j])) agreeing++;
      }
    }
    return all === 0 ? 1 : agreeing / all;
  };

  it.each<[string, Measure["compute"], Record<string, string>]>([
    ["that is right passes", pairsAgreeing, {}],
    [
      "that reads the names of clusters is caught",
      (inputs) =>
        pairsAgreeing(inputs, {}) +
        Array.from(inputs.truth!).filter((label, row) => label === inputs.predicted![row]).length,
      { "does not see the names of classes and clusters": "CHECK_LAW_BROKEN" },
    ],
    [
      "that reads the order of the rows is caught",
      (inputs) =>
        pairsAgreeing(inputs, {}) +
        Number(inputs.truth![0] === inputs.truth![1]) +
        2 * Number(inputs.truth![0] === inputs.truth![2]),
      { "does not see the order of the rows": "CHECK_LAW_BROKEN" },
    ],
    [
      "that is worse for the better is caught",
      (inputs) => -pairsAgreeing(inputs, {}),
      { "is at its best for the classes themselves": "CHECK_LAW_BROKEN" },
    ],
    [
      "that sorts in place is caught",
      (inputs) => {
        const value = pairsAgreeing(inputs, {});
        (inputs.truth as Int32Array).sort();
        return value;
      },
      { "is finite, repeats itself and changes no input": "CHECK_INPUT_MUTATED" },
    ],
    [
      "that divides by nothing is caught",
      (inputs) => pairsAgreeing(inputs, {}) / (inputs.truth!.length - 1),
      { "is finite or refused on no row, one row and a single class": "CHECK_NOT_FINITE" },
    ],
    [
      "that takes rows of other lengths is caught",
      ({ truth, predicted }) =>
        pairsAgreeing(
          { truth: truth ?? [], predicted: Array.from(truth ?? [], (_, row) => predicted?.[row] ?? 0) },
          {},
        ),
      { "refuses what it cannot measure": "CHECK_NOT_REFUSED" },
    ],
  ])("%s", async (_, compute, expected) => {
    const measure = defineMeasure({ ...words, needs: "partition", higherIsBetter: true, compute });
    const failed = await failures(measureChecks(measure));
    if (Object.keys(expected).length === 0) expect(failed).toEqual({});
    else expect(failed).toMatchObject(expected);
  });
});

describe("a transport solver", () => {
  /** Sends along the diagonal band in order (the north-west corner rule): feasible, and hardly ever optimal. */
  const inOrder = ({ first, second, cost }: TransportProblem) => {
    const [left, wanted] = [Array.from(first.data), Array.from(second.data)];
    let value = 0;
    for (let row = 0, column = 0; row < left.length && column < wanted.length; ) {
      const mass = Math.min(left[row]!, wanted[column]!);
      value += mass * cost.data[row * wanted.length + column]!;
      left[row]! -= mass;
      wanted[column]! -= mass;
      if (left[row]! > 0) column++;
      else row++;
    }
    return value;
  };
  const guarded = (problem: TransportProblem) => {
    const sums = [problem.first, problem.second].map(({ data }) => data.reduce((sum, mass) => sum + mass, 0));
    if (problem.first.data.every((mass) => mass >= 0) && Math.abs(sums[0]! - sums[1]!) < 1e-9) return inOrder(problem);
    throw new DataError("MASSES", "wrong", { where: "here", fix: "Do." });
  };

  it.each<[string, (problem: TransportProblem) => number, object]>([
    ["that owes nothing passes", guarded, {}],
    [
      "that takes any masses is caught",
      inOrder,
      { "refuses masses below 0 and sums that differ": "CHECK_NOT_REFUSED" },
    ],
    [
      "that counts a mass twice is caught",
      (problem) => 2 * guarded(problem) + problem.cost.data[1]!,
      {
        "is the same when both sides change places": "CHECK_LAW_BROKEN",
        "is the mean cost from a single point": "CHECK_LAW_BROKEN",
      },
    ],
    [
      "that is dearer than its dearest cost is caught",
      (problem) => 10 * guarded(problem),
      { "lies between the cheapest and the dearest cost": "CHECK_LAW_BROKEN" },
    ],
    [
      "that writes into its masses is caught",
      (problem) => {
        const value = guarded(problem);
        problem.first.data[0]! -= 1e-12;
        return value;
      },
      { "is finite, repeats itself and changes no input": "CHECK_INPUT_MUTATED" },
    ],
  ])("%s", async (_, solve, expected) => {
    const failed = await failures(transportChecks(defineTransportSolver({ ...words, solve })));
    if (Object.keys(expected).length === 0) expect(failed).toEqual({});
    else expect(failed).toMatchObject(expected);
  });
});

describe("a data set", () => {
  const dataset = (numbers: () => number[], label = 0) =>
    defineDataset({
      ...words,
      load: async () => ({
        train: {
          name: "test",
          features: ndarray("float32", [2, 2], numbers()),
          labels: { indices: Int32Array.of(0, label), names: ["a"] },
        },
      }),
    });
  let loads = 0;

  it("that is right passes, and one that is not is caught", async () => {
    expect(await failures(datasetChecks(dataset(() => [1, 2, 3, 4])))).toEqual({});
    const holds = "holds finite rows, and labels that name classes";
    expect(await failures(datasetChecks(dataset(() => [1, Number.NaN, 3, 4])))).toMatchObject({
      [holds]: "CHECK_NOT_FINITE",
    });
    expect(await failures(datasetChecks(dataset(() => [1, 2, 3, 4], 7)))).toEqual({ [holds]: "CHECK_VALUE_WRONG" });
    expect(await failures(datasetChecks(dataset(() => [loads++, 2, 3, 4])))).toEqual({
      "is the same whenever it is loaded": "CHECK_NOT_DETERMINISTIC",
    });
  });
});
