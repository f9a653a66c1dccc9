import { describe, expect, it } from "vitest";
import { ndarray } from "../arrays/nd-array.js";
import { add } from "../ops/add.js";
import { constant } from "../ops/constant.js";
import { exp } from "../ops/exp.js";
import { callHost } from "../ops/host-call.js";
import { mul } from "../ops/mul.js";
import { neg } from "../ops/neg.js";
import { defineHostOperator } from "./host-operator.js";
import { type Program, spec, trace } from "./program.js";
import { cutIntoSteps, type Step } from "./segments.js";
import { type Tensor, topologicalOrder } from "./tensor.js";

const V2 = spec("float32", [2]);
const host = defineHostOperator<string>({
  name: "test/host",
  infer: (inputs) => [...inputs, ...inputs],
  run: (inputs) => [...inputs, ...inputs],
});
const call = (name: string, ...inputs: Tensor[]) => callHost(host, inputs, name);

/** The steps as text: what each reads and writes, by operator name. */
function outline(program: Program): string[] {
  return cutIntoSteps(program).map((step) => {
    const name = ({ op, attributes }: Tensor) =>
      op.name === "hostCall"
        ? `${(attributes as { call: { attributes: string } }).call.attributes}.${(attributes as { index: number }).index}`
        : op.name === "input"
          ? (attributes as { name: string }).name
          : op.name;
    const list = (tensors: readonly (Tensor | undefined)[]) =>
      tensors.map((tensor) => (tensor ? name(tensor) : "-")).join(" ");
    const what = step.kind === "host" ? `host ${step.call.attributes}` : "device";
    return `${what}: ${list(step.reads)} -> ${list(step.writes)}`;
  });
}

/** What must hold of any cut: everything read was written before or fed, and device graphs are closed and without host calls. */
function requireSound(program: Program): void {
  const steps = cutIntoSteps(program);
  const known = new Set<Tensor>([
    ...Object.values(program.inputs),
    ...Object.values(program.carries).map(({ input }) => input),
  ]);
  for (const step of steps) {
    for (const tensor of step.reads) expect(known.has(tensor) || tensor.op.name === "constant").toBe(true);
    for (const tensor of step.writes) if (tensor) known.add(tensor);
    if (step.kind === "device") requireClosed(step);
  }
  for (const tensor of Object.values(program.outputs)) expect(known.has(tensor)).toBe(true);
  for (const { next } of Object.values(program.carries)) expect(known.has(next)).toBe(true);
}

function requireClosed({ graph, reads, writes }: Extract<Step, { kind: "device" }>): void {
  expect(graph.inputs.length).toBe(reads.length);
  expect(graph.outputs.length).toBe(writes.length);
  for (const tensor of topologicalOrder(graph.outputs)) {
    if (tensor.op.name === "input") expect(graph.inputs).toContain(tensor);
    expect(tensor.op.name).not.toBe("hostCall");
    for (const input of tensor.inputs) expect(input.id).toBeLessThan(tensor.id);
  }
  graph.inputs.forEach((input, at) => expect([input.dtype, input.shape]).toEqual([reads[at]!.dtype, reads[at]!.shape]));
  // A graph's outputs are computed tensors, as a device may expect.
  for (const output of graph.outputs) expect(["input", "constant"]).not.toContain(output.op.name);
}

describe("cutIntoSteps", () => {
  it("leaves a program without host calls in one piece", () => {
    const program = trace({ name: "p", inputs: { x: V2 }, build: ({ x }) => ({ outputs: { y: exp(x), z: neg(x) } }) });
    expect(outline(program)).toEqual(["device: x -> exp neg"]);
    requireSound(program);
  });

  it("makes no step for a program without results", () => {
    expect(cutIntoSteps(trace({ name: "p", inputs: { x: V2 }, build: () => ({ outputs: {} }) }))).toEqual([]);
  });

  it("cuts a chain at every call", () => {
    const program = trace({
      name: "p",
      inputs: { x: V2 },
      build: ({ x }) => {
        const [first] = call("a", exp(x));
        const [second] = call("b", mul(first!, x));
        return { outputs: { y: add(second!, exp(x)) } };
      },
    });
    expect(outline(program)).toEqual([
      "device: x -> exp",
      "host a: exp -> a.0 -",
      "device: x a.0 -> mul",
      "host b: mul -> b.0 -",
      "device: x b.0 -> add",
    ]);
    requireSound(program);
  });

  it("runs calls that do not need each other between the same pieces", () => {
    const program = trace({
      name: "p",
      inputs: { x: V2 },
      build: ({ x }) => {
        const [a] = call("a", exp(x));
        const [, b] = call("b", neg(x));
        return { outputs: { y: add(a!, b!) } };
      },
    });
    expect(outline(program)).toEqual([
      "device: x -> exp neg",
      "host a: exp -> a.0 -",
      "host b: neg -> - b.1",
      "device: a.0 b.1 -> add",
    ]);
    requireSound(program);
  });

  it("feeds a call with inputs, carries and constants, without device work", () => {
    const program = trace({
      name: "p",
      inputs: { x: V2 },
      carries: { w: V2 },
      build: ({ x }, { w }) => {
        const numbers = constant(ndarray("float32", [2], [1, 2]));
        const [out] = call("a", x, w, numbers);
        return { outputs: { y: out! }, carries: { w: call("b", out!)[1]! } };
      },
    });
    expect(outline(program)).toEqual(["host a: x w constant -> a.0 - - - - -", "host b: a.0 -> - b.1"]);
    requireSound(program);
  });

  it("does not carry constants over a call", () => {
    const program = trace({
      name: "p",
      inputs: { x: V2 },
      build: ({ x }) => {
        const numbers = constant(ndarray("float32", [2], [1, 2]));
        return { outputs: { y: mul(call("a", x)[0]!, numbers), z: mul(x, numbers) } };
      },
    });
    expect(outline(program)).toEqual(["host a: x -> a.0 -", "device: a.0 x -> mul mul"]);
    requireSound(program);
  });

  it("puts off what no call reads, so that it is one piece with the work that reads it", () => {
    const program = trace({
      name: "p",
      inputs: { x: V2, labels: V2 },
      build: ({ x, labels }) => {
        const rows = exp(neg(x));
        const [chosen] = call("choose", labels);
        return { outputs: { y: add(mul(rows, chosen!), rows), far: mul(call("b", chosen!)[0]!, exp(labels)) } };
      },
    });
    expect(outline(program)).toEqual([
      "host choose: labels -> choose.0 -",
      "host b: choose.0 -> b.0 -",
      "device: x choose.0 labels b.0 -> add mul",
    ]);
    requireSound(program);
  });

  it("does not put off what is connected with what a call reads", () => {
    const program = trace({
      name: "p",
      inputs: { x: V2, labels: V2 },
      build: ({ x, labels }) => {
        const rows = exp(x);
        const mask = neg(labels);
        const [mined] = call("mine", mul(rows, 2));
        // Read by one piece alone, but made of what the other has: handed over it is one tensor, put off it would be its operands.
        const slope = add(neg(rows), rows);
        return { outputs: { y: mul(mul(slope, mined!), mask) } };
      },
    });
    expect(outline(program)).toEqual([
      "device: x -> mul add",
      "host mine: mul -> mine.0 -",
      "device: labels mine.0 add -> mul",
    ]);
    requireSound(program);
  });

  it("writes an output that is also read later", () => {
    const program = trace({
      name: "p",
      inputs: { x: V2 },
      build: ({ x }) => {
        const y = exp(x);
        return { outputs: { y, z: add(call("a", y)[0]!, y) } };
      },
    });
    expect(outline(program)).toEqual(["device: x -> exp", "host a: exp -> a.0 -", "device: exp a.0 -> add"]);
    requireSound(program);
  });

  it("knows a call without inputs", () => {
    const source = defineHostOperator<string>({
      name: "test/source",
      infer: () => [V2],
      run: () => [ndarray("float32", [2], [1, 2])],
    });
    const program = trace({ name: "p", inputs: {}, build: () => ({ outputs: { y: callHost(source, [], "s")[0]! } }) });
    expect(outline(program)).toEqual(["host s:  -> s.0", "device: s.0 -> identity"]);
    requireSound(program);
  });
});
