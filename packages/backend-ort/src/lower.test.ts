import {
  add,
  constant,
  conv,
  cutIntoSteps,
  type DeviceStep,
  div,
  exp,
  expand,
  gather,
  gatherDistinct,
  gatherElements,
  gradients,
  Key,
  matmul,
  matrixTranspose,
  mul,
  type NdArray,
  ndarray,
  neg,
  optimise,
  type Program,
  relu,
  reshape,
  sizeOf,
  spec,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  trace,
  transpose,
} from "@semblance/core";
import * as onnxruntime from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import type { Provider } from "./kernel.js";
import { lower } from "./lower.js";
import { ortBackend } from "./ort-backend.js";

function graphOf(program: Program) {
  const [step] = cutIntoSteps(optimise(program));
  return (step as DeviceStep).graph;
}

function traced(
  shapes: readonly (readonly number[])[],
  build: (...x: Tensor[]) => Tensor | readonly Tensor[],
): Program {
  return trace({
    name: "lowered",
    inputs: Object.fromEntries(shapes.map((shape, i) => [`x${i}`, spec("float32", shape)])),
    build: (inputs) => ({
      outputs: Object.fromEntries([build(...Object.values(inputs))].flat().map((t, i) => [`y${i}`, t as Tensor])),
    }),
  });
}

const operators = (program: Program, provider: Provider = "cpu") =>
  lower(graphOf(program), provider).model.nodes.map(({ op, attributes }) => {
    const { transA = 0, transB = 0 } = attributes as Record<string, number>;
    return `${op}${transA ? " transA" : ""}${transB ? " transB" : ""}`;
  });

describe("matrix products", () => {
  it("read a transposed second factor where it is", () => {
    expect(
      operators(
        traced(
          [
            [3, 4],
            [5, 4],
          ],
          (a, b) => matmul(a!, matrixTranspose(b!)),
        ),
      ),
    ).toEqual(["Gemm transB"]);
  });

  it("read a transposed first factor where it is for few columns, and copy it for many", () => {
    const product = (columns: number) =>
      traced(
        [
          [4, 3],
          [4, columns],
        ],
        (a, b) => matmul(matrixTranspose(a!), b!),
      );
    expect(operators(product(10))).toEqual(["Gemm transA"]);
    expect(operators(product(64))).toEqual(["Transpose", "Gemm"]);
    // Elsewhere the product is as fast either way.
    expect(operators(product(64), "cuda")).toEqual(["Gemm transA"]);
  });

  it("of few columns read a copy that another product needs anyway", () => {
    const both = traced(
      [
        [4, 3],
        [4, 10],
        [4, 64],
      ],
      (a, b, c) => [b!, c!].map((second) => matmul(matrixTranspose(a!), second)),
    );
    expect(operators(both)).toEqual(["Transpose", "Gemm", "Gemm"]);
  });

  it("take in the bias that follows, from either side", () => {
    expect(operators(traced([[3, 4], [4, 5], [5]], (a, b, c) => add(matmul(a!, b!), c!)))).toEqual(["Gemm"]);
    expect(
      operators(
        traced(
          [
            [3, 4],
            [4, 5],
            [3, 1],
          ],
          (a, b, c) => add(c!, matmul(a!, b!)),
        ),
      ),
    ).toEqual(["Gemm"]);
  });

  it("stay apart from a sum that is wider than they are, or when something else reads them", () => {
    const wider = traced(
      [
        [3, 4],
        [4, 5],
        [2, 3, 5],
      ],
      (a, b, c) => add(matmul(a!, b!), c!),
    );
    expect(operators(wider)).toEqual(["Gemm", "Add"]);
    const shared = traced([[3, 4], [4, 5], [5]], (a, b, c) => [matmul(a!, b!), add(matmul(a!, b!), c!)]);
    expect(operators(shared)).toEqual(["Gemm", "Add"]);
  });

  it("of stacks use onnxruntime's own operator on the processor alone", () => {
    const stacks = traced(
      [
        [2, 3, 4],
        [2, 5, 4],
      ],
      (a, b) => matmul(a!, transpose(b!, [0, 2, 1])),
    );
    expect(operators(stacks)).toEqual(["FusedMatMul transB"]);
    expect(operators(stacks, "webgpu")).toEqual(["Transpose", "MatMul"]);
  });

  it("leave other permutations alone", () => {
    const turned = traced(
      [
        [4, 2, 3],
        [2, 3, 5],
      ],
      (a, b) => matmul(transpose(a!, [1, 0, 2]), b!),
    );
    expect(operators(turned)).toEqual(["Transpose", "MatMul"]);
  });
});

describe("the cotangent of taking rows", () => {
  const taking = (take: typeof gather, indices = (at: Tensor) => at) =>
    trace({
      name: "lowered",
      inputs: { x: spec("float32", [64, 32]), at: spec("int32", [48]) },
      build: ({ x, at }) => ({ outputs: { slope: gradients(sum(mul(square(take(x, indices(at))), 0.5)), [x])[0]! } }),
    });
  const scatters = (program: Program, threads: number, provider: Provider = "cpu") =>
    lower(graphOf(program), provider, threads).model.nodes.flatMap(({ op, attributes }) =>
      op.startsWith("Scatter") ? [`${op} ${attributes.reduction}`] : [],
    );

  it("is added row by row on one thread, and put in place on several where no two rows meet", () => {
    expect(scatters(taking(gather), 1)).toEqual(["ScatterND add"]);
    expect(scatters(taking(gather), 2)).toEqual(["ScatterElements add"]);
    expect(scatters(taking(gatherDistinct), 2)).toEqual(["ScatterND none"]);
    expect(scatters(taking(gatherDistinct), 1, "cuda")).toEqual(["ScatterElements add"]);
  });

  it("is not by rows where each column has an index of its own", async () => {
    const backend = await ortBackend({ threads: 1 });
    const executable = await backend.compile(
      trace({
        name: "lowered",
        inputs: { x: spec("float32", [3, 3]), at: spec("int32", [1, 3]) },
        build: ({ x, at }) => ({
          outputs: { slope: gradients(sum(square(gatherElements(x!, expand(at!, [3, 3]), 0))), [x!])[0]! },
        }),
      }),
    );
    const x = ndarray("float32", [3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const { slope } = await executable.run({ x, at: ndarray("int32", [1, 3], [2, 0, 1]) });
    expect([...slope!.data]).toEqual([0, 12, 0, 0, 0, 36, 42, 0, 0]);
    await backend.dispose();
  });

  it.each([1, 2])("is the same by rows as by elements, with %i threads", async (threads) => {
    const key = Key.fromSeed(9);
    const x = ndarray("float32", [64, 32], key.fold("x").normal(64 * 32));
    const backend = await ortBackend({ threads });
    const slopeOf = async (take: typeof gather, indices: readonly number[], turned?: (at: Tensor) => Tensor) => {
      const executable = await backend.compile(taking(take, turned));
      return (await executable.run({ x, at: ndarray("int32", [48], indices) })).slope!;
    };
    const expected = (indices: readonly number[]) => {
      const slope = new Float32Array(64 * 32);
      for (const row of indices) for (let d = 0; d < 32; d++) slope[row * 32 + d]! += x.data[row * 32 + d]!;
      return slope;
    };
    const [met, apart] = [48, 48].map((count, which) =>
      Array.from({ length: count }, (_, at) => (which === 0 ? (at * at) % 5 : (at * 13) % 64)),
    ) as [number[], number[]];
    expect((await slopeOf(gather, met)).data).toEqual(expected(met));
    expect((await slopeOf(gatherDistinct, apart)).data).toEqual(expected(apart));
    // Indices that the program computes are looked at before they are used.
    const shifted = (at: Tensor) => sub(at, constant(ndarray("int32", [], [1])));
    expect((await slopeOf(gather, met.map((row) => row + 1), shifted)).data).toEqual(expected(met)); // biome-ignore format: one line
    for (const wrong of [0, 65]) {
      const indices = met.map((row, at) => (at === 7 ? wrong : row + 1));
      await expect(slopeOf(gather, indices, shifted)).rejects.toMatchObject({ code: "INDEX_OUT_OF_RANGE" });
    }
    await backend.dispose();
  });
});

describe("blocks", () => {
  const shape = [401, 503];
  /** An update in the manner of Adam: four large operands, one of them computed, and a scalar. */
  const update = (w: Tensor, m: Tensor, x: Tensor, rate: Tensor) => {
    const slope = matmul(matrixTranspose(x), x);
    const mean = add(mul(m, 0.9), slope);
    return [sub(w, mul(div(mean, add(sqrt(mul(slope, slope)), 1)), rate)), mean];
  };
  const program = traced(
    [
      [503, 503],
      [503, 503],
      [7, 503],
      [1, 1],
    ],
    (w, m, x, rate) => update(w!, m!, x!, rate!),
  );

  it("cut elementwise work on large results, and bind runs of its operands and results", () => {
    const graph = graphOf(program);
    const { inputs, outputs, model } = lower(graph, "cpu");
    const runs = outputs.filter(({ index }) => index === 0).map(({ run }) => run!);
    expect(runs.length).toBeGreaterThan(3);
    expect(runs[0]!.start).toBe(0);
    runs.forEach(({ start, length }, at) => expect(start + length).toBe(runs[at + 1]?.start ?? 503 * 503));
    const whole = inputs.filter(({ run }) => run === undefined).map(({ index }) => graph.inputs[index]!.shape);
    expect(whole).toEqual([
      [7, 503],
      [1, 1],
    ]);
    expect(model.nodes.filter(({ op }) => op === "Concat")).toEqual([]);
  });

  it("grow with the threads", () => {
    const count = (threads: number) => lower(graphOf(program), "cpu", threads).outputs.length;
    expect(count(4)).toBeLessThan(count(1) / 3);
  });

  it("are for main memory alone", () => {
    expect(lower(graphOf(program), "webgpu").outputs.length).toBe(2);
  });

  it("leave alone what something else reads, what is small, short or repeated along an axis", () => {
    const bound = (shapes: readonly (readonly number[])[], build: (...x: Tensor[]) => Tensor | readonly Tensor[]) =>
      lower(graphOf(traced(shapes, build)), "cpu").outputs.length;
    const chain = (x: Tensor) => neg(exp(neg(mul(x, 3))));
    expect(bound([shape], (x) => chain(x!))).toBeGreaterThan(1);
    expect(bound([[40, 50]], (x) => chain(x!))).toBe(1);
    expect(bound([shape], (x) => neg(exp(x!)))).toBe(1);
    expect(bound([shape, [503]], (x, row) => mul(neg(exp(mul(x!, 3))), row!))).toBe(1);
    expect(bound([shape], (x) => sum(chain(x!)))).toBe(1);
  });

  it("change no number", async () => {
    const arrays = Object.values(program.inputs).map(({ shape: extents }, index): NdArray => {
      const values = Key.fromSeed(3).fold(index).normal(sizeOf(extents));
      return ndarray("float32", extents, values);
    });
    const feeds = Object.fromEntries(arrays.map((array, index) => [`x${index}`, array]));
    const results: Record<string, NdArray>[] = [];
    for (const threads of [1, 2, 64]) {
      const backend = await ortBackend({ threads });
      const executable = await backend.compile(program);
      // 64 threads make one block larger than the whole.
      results.push(await executable.run(feeds));
      await backend.dispose();
    }
    // Compared as one truth value: a difference of two hundred thousand elements takes minutes to print.
    const same = (a: NdArray, b: NdArray) => a.data.every((value, at) => Object.is(value, b.data[at]));
    for (const name of ["y0", "y1"]) {
      for (const other of results.slice(1)) expect(same(other[name]!, results[0]![name]!), name).toBe(true);
    }
    const { x0, x1, x2, x3 } = feeds as Record<string, NdArray>;
    for (const at of [0, 503 * 251 + 17, 503 * 503 - 1]) {
      const [row, column] = [Math.floor(at / 503), at % 503];
      let slope = 0;
      for (let i = 0; i < 7; i++) slope += x2!.data[i * 503 + row]! * x2!.data[i * 503 + column]!;
      const mean = x1!.data[at]! * 0.9 + slope;
      expect(results[0]!.y1!.data[at]).toBeCloseTo(mean, 4);
      expect(results[0]!.y0!.data[at]).toBeCloseTo(x0!.data[at]! - (mean / (Math.abs(slope) + 1)) * x3!.data[0]!, 4);
    }
  });
});

describe("what is written for another device", () => {
  it("is refused by none and computes the same, as far as the processor can tell", async () => {
    // WebGPU's convolution is wrong for 6 channels into 4 filters, so both are widened; here the processor runs that very model.
    const program = traced(
      [
        [2, 6, 5, 5],
        [4, 6, 3, 3],
      ],
      (x, w) => conv(x!, w!, { padding: 1 }),
    );
    const key = Key.fromSeed(5);
    const shapes = [
      [2, 6, 5, 5],
      [4, 6, 3, 3],
    ];
    const feeds = shapes.map(
      (shape, index) =>
        new onnxruntime.Tensor("float32", Float32Array.from(key.fold(index).normal(sizeOf(shape))), shape),
    );
    const results = [];
    for (const provider of ["webgpu", "cpu"] as const) {
      const { model } = lower(graphOf(program), provider);
      expect(model.nodes.map(({ op }) => op)).toEqual(provider === "cpu" ? ["Conv"] : ["Pad", "Pad", "Conv"]);
      const session = await onnxruntime.InferenceSession.create(model.encode());
      const { [model.outputs[0]!.name]: result } = await session.run({ input_0: feeds[0]!, input_1: feeds[1]! });
      results.push(Array.from(result!.data as Float32Array, (value) => Number(value.toFixed(4))));
      await session.release();
    }
    expect(results[0]).toEqual(results[1]);
  });
});

describe("inputs", () => {
  it("that nothing reads are not inputs of the model", () => {
    const { model } = lower(graphOf(traced([[2], [3]], (a) => relu(a!))), "cpu");
    expect(model.inputs.map(({ name }) => name)).toEqual(["input_0"]);
  });

  it("may be absent altogether", async () => {
    const backend = await ortBackend({ threads: 1 });
    const program = traced([], () => reshape(constant(ndarray("float32", [4], [1, 2, 3, 4])), [2, 2]));
    const executable = await backend.compile(program);
    expect((await executable.run({})).y0).toEqual(ndarray("float32", [2, 2], [1, 2, 3, 4]));
    await backend.dispose();
  });
});
