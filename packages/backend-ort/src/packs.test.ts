import {
  add,
  cast,
  cutIntoSteps,
  type DeviceStep,
  mul,
  type NdArray,
  ndarray,
  optimise,
  type Program,
  spec,
  sum,
  trace,
} from "@semblance/core";
import { expect, it } from "vitest";
import { lower } from "./lower.js";
import { ortBackend } from "./ort-backend.js";

/** Every carry takes a step of its own size, scaled by what is fed; one result is too large to be packed, one input a whole number. */
const program = trace({
  name: "packed",
  inputs: { scale: spec("float32", []), count: spec("int32", []), large: spec("float32", [80, 80]) },
  carries: { a: spec("float32", [2, 3]), b: spec("float32", [4]), c: spec("float32", [1, 1]), d: spec("float32", []) },
  build({ scale, count, large }, carried) {
    const moved = Object.entries(carried).map(([name, x], at) => [name, add(x, mul(scale!, at + 1))]);
    const next = Object.fromEntries(moved);
    const total = add(sum(next.a!), mul(next.d!, cast(count!, "float32")));
    return { outputs: { total, large: mul(large!, scale!) }, carries: next };
  },
});

const graphOf = (of: Program) => (cutIntoSteps(optimise(of))[0] as DeviceStep).graph;

it("takes small numbers of one type together, and everything else by itself", () => {
  const graph = graphOf(program);
  const { packs, inputs, outputs, model } = lower(graph, "cpu");
  const shapes = (of: readonly { index: number }[], all: typeof graph.inputs) =>
    of.map(({ index }) => all[index]!.shape);
  expect(packs.inputs.map(({ size }) => size)).toEqual([1 + 6 + 4 + 1 + 1]);
  expect(inputs.map(({ index }) => graph.inputs[index]!.dtype)).toEqual(["float32", "int32"]);
  expect(shapes(inputs, graph.inputs)).toEqual([[80, 80], []]);
  expect(packs.outputs.map(({ size }) => size)).toEqual([6 + 4 + 1 + 1 + 1]);
  expect(shapes(outputs, graph.outputs)).toEqual([[80, 80]]);
  expect(model.inputs.length).toBe(3);
  expect(model.outputs.length).toBe(2);
});

it("packs only in main memory, and only what are several", () => {
  const { packs } = lower(graphOf(program), "webgpu");
  expect(packs).toEqual({ inputs: [], outputs: [] });
  const three = trace({
    name: "three",
    inputs: { x: spec("float32", [2]), y: spec("float32", [2]), z: spec("float32", [2]) },
    build: ({ x, y, z }) => ({ outputs: { sum: add(add(x!, y!), z!) } }),
  });
  expect(lower(graphOf(three), "cpu").packs).toEqual({ inputs: [], outputs: [] });
});

it("keeps carries, results and what was read apart, step after step", async () => {
  const backend = await ortBackend({ threads: 1 });
  const executable = await backend.compile(program);
  const zeros = (shape: readonly number[], size: number) => ndarray("float32", shape, new Float32Array(size));
  await executable.write({ a: zeros([2, 3], 6), b: zeros([4], 4), c: zeros([1, 1], 1), d: zeros([], 1) });
  const totals: NdArray[] = [];
  const states: Readonly<Record<string, NdArray>>[] = [];
  for (let step = 1; step <= 3; step++) {
    const { total, large } = await executable.run({
      scale: ndarray("float32", [], [step]),
      count: ndarray("int32", [], [10]),
      large: ndarray("float32", [80, 80], new Float32Array(6400).fill(2)),
    });
    expect(large!.data.every((value) => value === 2 * step)).toBe(true);
    totals.push(total!);
    states.push(await executable.read());
  }
  // After t steps each element is 1 + … + t times its carry's place.
  for (const [at, reached] of [1, 3, 6].entries()) {
    expect(totals[at]!.data[0]).toBe(6 * reached + 10 * 4 * reached);
    expect([...states[at]!.a!.data]).toEqual(new Array(6).fill(reached));
    expect([...states[at]!.b!.data]).toEqual(new Array(4).fill(2 * reached));
    expect([...states[at]!.c!.data]).toEqual([3 * reached]);
    expect([...states[at]!.d!.data]).toEqual([4 * reached]);
  }
  await backend.dispose();
});
