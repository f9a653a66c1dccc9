import { tfjsBackend } from "@semblance/backend-tfjs";
import { exp, mul, ndarray, spec, trace } from "@semblance/core";
import { backendChecks, runOnce } from "@semblance/core/checks";
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, it } from "vitest";
import { webgpuKernels } from "../src/kernels/graphics.js";

/** A graphics device that is the processor, and reports what it is told to. */
const graphics = {
  scopes: 0,
  failures: [] as (string | undefined)[],
  submitted: 0,
  lose: () => {},
};
const lost = new Promise<void>((resolve) => {
  graphics.lose = resolve;
});

tf.registerBackend("webgpu", () =>
  Object.assign(new MathBackendCPU(), {
    device: {
      lost,
      pushErrorScope: () => graphics.scopes++,
      popErrorScope: async () => {
        graphics.scopes--;
        const message = graphics.failures.pop();
        return message === undefined ? null : { message };
      },
    },
    ensureCommandEncoderReady: () => {},
    endComputePassEncoder: () => {},
    submitQueue: () => graphics.submitted++,
  }),
);
tf.copyRegisteredKernels("cpu", "webgpu");
const make = () => tfjsBackend({ tf, device: "webgpu" });

describe("graphs for WebGPU", () => {
  // Run on the processor: whether what is composed means the same can be tested anywhere.
  const names = new Set([...Object.keys(webgpuKernels), "cast", "where", "expand", "max", "erf"]);
  const checks = backendChecks(make, { dtypes: ["float32", "int32", "bool"], large: false }).filter(
    ({ group, title }) => names.has(group) && !title.includes("to float64"),
  );

  it("have checks of everything that is computed otherwise", () => {
    expect(new Set(checks.map(({ group }) => group))).toEqual(names);
  });

  for (const { title, run } of checks) it(title, run);
});

describe("a graphics device", () => {
  const program = () =>
    trace({
      name: "checked",
      inputs: { x: spec("float32", [2]) },
      build: ({ x }) => ({ outputs: { y: mul(exp(x), 2) } }),
    });
  const feeds = { x: ndarray("float32", [2], [0, 1]) };

  afterEach(() => {
    graphics.failures = [];
  });

  it("is waited for before results are believed", async () => {
    const backend = await make();
    const before = graphics.submitted;
    await runOnce(backend, program(), feeds);
    expect(graphics.submitted).toBe(before + 1);
    expect(graphics.scopes).toBe(0);
    await backend.dispose();
  });

  it("that reports an error fails the run with its words, leaves nothing behind, and runs on", async () => {
    const backend = await make();
    const executable = await backend.compile(program());
    await executable.run(feeds);
    const held = tf.memory().numTensors;
    graphics.failures = ["\nError while parsing WGSL: cannot index type 'vec5'\n more"];
    await expect(executable.run(feeds)).rejects.toMatchObject({
      code: "RUN_FAILED",
      message: "the graphics device failed: Error while parsing WGSL: cannot index type 'vec5'",
      where: 'backend "tfjs/webgpu", graph "checked/0"',
    });
    expect(tf.memory().numTensors).toBe(held);
    expect(graphics.scopes).toBe(0);
    expect((await executable.run(feeds)).y!.data[0]).toBe(2);
    await backend.dispose();
  });

  it("that is lost fails every run", async () => {
    const backend = await make();
    graphics.lose();
    for (let time = 0; time < 2; time++) {
      await expect(runOnce(backend, program(), feeds)).rejects.toMatchObject({ code: "TFJS_DEVICE_LOST" });
    }
    await backend.dispose();
  });
});
