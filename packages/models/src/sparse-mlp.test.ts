import { Key, ndarray, referenceBackend, spec, trace } from "@semblance/core";
import { expect, it } from "vitest";
import { mlp } from "./mlp.js";
import { sparseMlp } from "./sparse-mlp.js";

const key = Key.fromSeed(2);
const shape = { item: [2, 2], outputs: 3, rows: 5 };
const config = { hidden: [4], activation: "tanh" as const };

it("adds the rows times the skip weights to a perceptron's logits, and keeps the perceptron's weights", async () => {
  const parameters = sparseMlp.init(key, shape, config);
  const { "skip.weight": skip, ...own } = parameters;
  expect(own).toEqual(mlp.init(key, shape, config));
  expect(skip!.shape).toEqual([4, 3]);
  const x = ndarray("float64", [5, 2, 2], key.fold("x").normal(20));
  const program = trace({
    name: "both",
    inputs: { x: spec("float64", x.shape), indices: spec("int32", [5]) },
    carries: Object.fromEntries(
      Object.entries(parameters).map(([name, array]) => [name, spec("float64", array.shape)]),
    ),
    build: (fed, carried) => {
      const context = { ...shape, training: true, indices: fed.indices };
      const [sparse, plain] = [sparseMlp, mlp].map((model) => model.apply(carried, fed.x, config, context));
      return { outputs: { sparse: sparse!.logits!, plain: plain!.logits! } };
    },
  });
  const executable = await referenceBackend().compile(program);
  await executable.write(parameters);
  const { sparse, plain } = await executable.run({ x, indices: ndarray("int32", [5], [0, 1, 2, 3, 4]) });
  for (let row = 0; row < 5; row++) {
    for (let k = 0; k < 3; k++) {
      let expected = plain!.data[3 * row + k]!;
      for (let j = 0; j < 4; j++) expected += x.data[4 * row + j]! * skip!.data[3 * j + k]!;
      expect(sparse!.data[3 * row + k]).toBeCloseTo(expected, 12);
    }
  }
});
