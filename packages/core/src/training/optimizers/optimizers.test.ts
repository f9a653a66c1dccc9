import { describe, expect, it } from "vitest";
import { ndarray } from "../../arrays/nd-array.js";
import { createCatalogue } from "../../container/create-catalogue.js";
import type { ComponentReference } from "../../contracts/entry.js";
import { spec, trace } from "../../ir/program.js";
import { referenceBackend } from "../../reference/reference-backend.js";

const LEARNING_RATE = 0.1;
const START = [1, -2, 0.5];
const GRADIENTS = [
  [0.3, -1, 0],
  [-0.2, 2, 1e-3],
  [0.05, 0.5, 1e3],
  [0, -0.1, -4],
];

/** The parameter after four steps on fixed gradients, through a traced program as in training. */
async function traced(reference: ComponentReference): Promise<number[]> {
  const { entry, config } = createCatalogue().choose("optimizer", reference);
  const slots: string[] = [...entry.slots(config)];
  const scalars = entry.scalars(1, LEARNING_RATE, config);
  const cell = spec("float64", [3]);
  const program = trace({
    name: "optimizer",
    inputs: { gradient: cell, ...Object.fromEntries(Object.keys(scalars).map((name) => [name, spec("float64", [])])) },
    carries: { parameter: cell, ...Object.fromEntries(slots.map((name) => [name, cell])) },
    build: ({ gradient, ...rest }, { parameter, ...held }) => {
      const moved = entry.update({ parameter: parameter!, gradient: gradient!, slots: held, scalars: rest }, config);
      return { outputs: {}, carries: { parameter: moved.parameter, ...moved.slots } };
    },
  });
  const executable = await referenceBackend().compile(program);
  const zeros = Object.fromEntries(slots.map((name) => [name, ndarray("float64", [3], [0, 0, 0])]));
  await executable.write({ parameter: ndarray("float64", [3], START), ...zeros });
  for (const [index, gradient] of GRADIENTS.entries()) {
    const now = entry.scalars(index + 1, LEARNING_RATE, config);
    await executable.run({
      gradient: ndarray("float64", [3], gradient),
      ...Object.fromEntries(Object.entries(now).map(([name, value]) => [name, ndarray("float64", [], [value])])),
    });
  }
  return Array.from((await executable.read(["parameter"])).parameter!.data);
}

/** The papers' algorithms on one number, in loops that share nothing with ours. */
function plainSgd({ momentum = 0, nesterov = false, weightDecay = 0 }, start: number, gradients: number[]): number {
  let [theta, b] = [start, 0];
  for (const raw of gradients) {
    const g = raw + weightDecay * theta;
    b = momentum * b + g;
    theta -= LEARNING_RATE * (nesterov ? g + momentum * b : b);
  }
  return theta;
}

function plainAdam({ decoupled = false, weightDecay = 0, epsilon = 1e-8 }, start: number, gradients: number[]): number {
  let [theta, m, v] = [start, 0, 0];
  gradients.forEach((raw, index) => {
    const g = decoupled ? raw : raw + weightDecay * theta;
    if (decoupled) theta -= LEARNING_RATE * weightDecay * theta;
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const [mean, square] = [m / (1 - 0.9 ** (index + 1)), v / (1 - 0.999 ** (index + 1))];
    theta -= (LEARNING_RATE * mean) / (Math.sqrt(square) + epsilon);
  });
  return theta;
}

function plainRmsprop({ momentum = 0 }, start: number, gradients: number[]): number {
  let [theta, v, b] = [start, 0, 0];
  for (const g of gradients) {
    v = 0.99 * v + 0.01 * g * g;
    b = momentum * b + g / (Math.sqrt(v) + 1e-8);
    theta -= LEARNING_RATE * b;
  }
  return theta;
}

type Plain = (start: number, gradients: number[]) => number;
const cases: readonly [ComponentReference, Plain][] = [
  ["sgd", (...of) => plainSgd({}, ...of)],
  [{ name: "sgd", momentum: 0.9 }, (...of) => plainSgd({ momentum: 0.9 }, ...of)],
  [
    { name: "sgd", momentum: 0.9, nesterov: true, weightDecay: 0.01 },
    (...of) => plainSgd({ momentum: 0.9, nesterov: true, weightDecay: 0.01 }, ...of),
  ],
  ["adam", (...of) => plainAdam({}, ...of)],
  [{ name: "adam", weightDecay: 0.1, epsilon: 1e-3 }, (...of) => plainAdam({ weightDecay: 0.1, epsilon: 1e-3 }, ...of)],
  ["adamw", (...of) => plainAdam({ decoupled: true, weightDecay: 0.01 }, ...of)],
  ["rmsprop", (...of) => plainRmsprop({}, ...of)],
  [{ name: "rmsprop", momentum: 0.5 }, (...of) => plainRmsprop({ momentum: 0.5 }, ...of)],
];

describe("optimizers", () => {
  it.each(cases)("%j moves as the paper says", async (reference, plain) => {
    const got = await traced(reference);
    START.forEach((start, i) => {
      const expected = plain(
        start,
        GRADIENTS.map((gradient) => gradient[i]!),
      );
      expect(got[i]).toBeCloseTo(expected, 12);
    });
  });

  it("has a case here for every optimizer in the catalogue", () => {
    const tested = new Set(cases.map(([reference]) => (typeof reference === "string" ? reference : reference.name)));
    expect([...tested].sort()).toEqual(
      createCatalogue()
        .list("optimizer")
        .map(({ name }) => name),
    );
  });
});
