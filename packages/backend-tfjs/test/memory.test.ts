import {
  add,
  cutIntoSteps,
  type DeviceStep,
  matmul,
  mul,
  ndarray,
  optimise,
  relu,
  spec,
  sub,
  sum,
  tanh,
  trace,
  transpose,
} from "@semblance/core";
import { drawInputs, opCases } from "@semblance/core/testing";
import { describe, expect, it } from "vitest";
import { bytesOf, peakBytes } from "../src/dry-run.js";
import { planOf } from "../src/plan.js";
import { evaluateOn, feedsOf, float, programOf } from "./compare.js";
import { cpu, tf, wasm } from "./namespace.js";

const MEBIBYTE = 2 ** 20;
const used = () => {
  const { numBytes, numTensors, numDataBuffers } = tf.memory();
  return { numBytes, numTensors, numDataBuffers };
};

/** Calls `body` with every kernel of TensorFlow.js going through `watch` first. */
async function watchingKernels<Result>(watch: () => void, body: () => Promise<Result>): Promise<Result> {
  const engine = tf.engine();
  const real = engine.runKernel;
  engine.runKernel = ((...call: Parameters<typeof real>) => {
    const result = real.apply(engine, call);
    watch();
    return result;
  }) as typeof real;
  try {
    return await body();
  } finally {
    engine.runKernel = real;
  }
}

/** The most bytes of the WebAssembly heap that tensors took during `body`, beside those of before. */
async function watchingHeap(body: () => Promise<unknown>): Promise<number> {
  const { wasm: heap } = tf.backend() as unknown as {
    wasm: { _malloc(bytes: number): number; _free(at: number): void };
  };
  const { _malloc, _free } = heap;
  const sizes = new Map<number, number>();
  let [live, highest] = [0, 0];
  heap._malloc = (bytes) => {
    const at = _malloc(bytes);
    sizes.set(at, bytes);
    live += bytes;
    highest = Math.max(highest, live);
    return at;
  };
  heap._free = (at) => {
    live -= sizes.get(at) ?? 0;
    sizes.delete(at);
    _free(at);
  };
  try {
    await body();
    return highest;
  } finally {
    Object.assign(heap, { _malloc, _free });
  }
}

/** A carry that moves every step, with a second one that trails it. */
const program = (extent: number) =>
  trace({
    name: "moving",
    inputs: { rate: spec("float32", []) },
    carries: { state: spec("float32", [extent, extent]), trail: spec("float32", [extent, extent]) },
    build({ rate }, { state, trail }) {
      const next = sub(state!, mul(matmul(transpose(trail!), tanh(state!)), rate!));
      return {
        outputs: { total: sum(next) },
        carries: { state: next, trail: add(mul(trail!, 0.5), mul(relu(next), rate!)) },
      };
    },
  });

const start = (extent: number) => {
  const ones = () => float([extent, extent], new Float32Array(extent ** 2).fill(0.1));
  return { state: ones(), trail: ones() };
};
const rate = float([], [1e-3]);

describe("memory", () => {
  it("stays the same over 3,000 steps, to the byte", async () => {
    const backend = await wasm();
    const before = used();
    const executable = await backend.compile(program(64));
    await executable.write(start(64));
    for (let step = 0; step < 10; step++) await executable.run({ rate });
    const [warm, resident] = [used(), process.memoryUsage.rss()];
    for (let step = 0; step < 3000; step++) await executable.run({ rate });
    expect(used()).toEqual(warm);
    // A step makes some ten tensors of 16 KiB: 3,000 that stayed would be 480 MB.
    expect(process.memoryUsage.rss() - resident).toBeLessThan(150 * MEBIBYTE);
    await backend.dispose();
    expect(used()).toEqual(before);
  });

  it("is given back whichever kernel of a run fails, and the state stays", async () => {
    const backend = await wasm();
    const executable = await backend.compile(program(8));
    await executable.write(start(8));
    await executable.run({ rate });
    await executable.run({ rate });
    const state = (await executable.read()).state!.data;
    let kernels = 0;
    const count = () => {
      kernels++;
    };
    const probe = await backend.compile(program(8));
    await probe.write(start(8));
    await watchingKernels(count, () => probe.run({ rate }));
    await probe.dispose();
    expect(kernels).toBeGreaterThan(8);
    // A run disposes of the spare buffers of its carries first, so the first failure frees what no later one can.
    let after: ReturnType<typeof used> | undefined;
    for (let failing = 0; failing < kernels; failing++) {
      let at = 0;
      const run = watchingKernels(
        () => {
          if (at++ === failing) throw new Error("out of luck");
        },
        () => executable.run({ rate }),
      );
      await expect(run).rejects.toMatchObject({ code: "RUN_FAILED", message: expect.stringContaining("out of luck") });
      // The result of the kernel that failed after it ran is lost to everybody.
      const { numTensors } = used();
      if (after) expect(numTensors - after.numTensors).toBeLessThanOrEqual(1);
      after = used();
    }
    expect((await executable.read()).state!.data).toEqual(state);
    await backend.dispose();
  });

  it("never exceeds what was planned, for any case of any primitive", { timeout: 60_000 }, async () => {
    const backend = await wasm();
    const over: string[] = [];
    for (const [name, cases] of Object.entries(opCases)) {
      for (const subject of cases) {
        if (subject.large || subject.refused || name === "hostCall") continue;
        for (const dtype of subject.dtypes) {
          if (dtype === "float64" || subject.name.includes("float64")) continue;
          const arrays = drawInputs(name, subject, dtype);
          const traced = programOf(arrays, (...inputs) => subject.build(inputs, dtype));
          const steps = cutIntoSteps(optimise(traced)).filter((step): step is DeviceStep => step.kind === "device");
          if (steps.length !== 1) continue;
          const { graph } = steps[0]!;
          const plan = planOf(graph, "wasm");
          const executable = await backend.compile(traced);
          const fed = arrays.reduce((total, tensor) => total + bytesOf(tensor), 0);
          const planned = fed + peakBytes(plan, graph, "wasm");
          const highest = await watchingHeap(() => executable.run(feedsOf(arrays)));
          if (highest > planned) over.push(`${name}: ${subject.name}, ${dtype}: ${highest} of ${planned} bytes`);
          await executable.dispose();
        }
      }
    }
    expect(over).toEqual([]);
  });
});

describe("the limit of memory", () => {
  const square = ndarray("float32", [512, 512], new Float32Array(512 * 512));

  it("refuses a program that would not fit, before it allocates", async () => {
    const backend = await wasm({ memoryLimit: 3.5 * MEBIBYTE });
    const before = used();
    await expect(
      evaluateOn(backend, [square], (x) => sum(mul(add(matmul(x, x), x), sub(matmul(x, tanh(x)), transpose(x))))),
    ).rejects.toMatchObject({
      name: "BackendError",
      code: "MEMORY_LIMIT",
      message: expect.stringMatching(/graph "compared\/0" needs [\d.,]+ MiB, and the limit is 3\.5 MiB/),
      fix: expect.stringContaining("smaller batch"),
    });
    expect(used()).toEqual(before);
    await evaluateOn(backend, [square], (x) => sum(mul(x, 2)));
    await backend.dispose();
  });

  it("counts what others hold when a program runs, and refuses without losing the state", async () => {
    const backend = await wasm({ memoryLimit: tf.memory().numBytes + 8 * MEBIBYTE });
    const executable = await backend.compile(program(256));
    await executable.write(start(256));
    await executable.run({ rate });
    const hog = tf.zeros([7, 512, 512]);
    await expect(executable.run({ rate })).rejects.toMatchObject({ code: "MEMORY_LIMIT" });
    await expect(executable.write(start(256))).rejects.toMatchObject({ code: "MEMORY_LIMIT" });
    hog.dispose();
    await executable.run({ rate });
    await backend.dispose();
  });

  it("lets go of intermediate results, so that a long chain fits where its sum would not", async () => {
    const backend = await wasm({ memoryLimit: tf.memory().numBytes + 6 * MEBIBYTE });
    const chain = (x: Parameters<typeof tanh>[0]) => Array.from({ length: 50 }).reduce<typeof x>((y) => tanh(y), x);
    await evaluateOn(backend, [square], (x) => sum(chain(x)));
    await backend.dispose();
  });

  it.each([0, -1, Number.NaN])("is not %s", async (memoryLimit) => {
    await expect(cpu({ memoryLimit })).rejects.toMatchObject({ code: "MEMORY_LIMIT_INVALID" });
  });
});
