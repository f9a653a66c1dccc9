import { type TfApi, tfjsBackend } from "@semblance/backend-tfjs";
import { add, identity, mul, ndarray, reshape, spec, trace } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { evaluateOn, float } from "./compare.js";
import { cpu, tf, wasm } from "./namespace.js";

const program = trace({
  name: "boundary",
  inputs: { x: spec("float32", [2]) },
  carries: { c: spec("float32", [2]) },
  build: ({ x }, { c }) => ({
    outputs: { same: identity(x), flat: reshape(c, [1, 2]), y: add(x, c) },
    carries: { c: mul(c, 2) },
  }),
});

describe.each([
  ["wasm", wasm],
  ["cpu", cpu],
])("arrays that go to and come from %s", (_, make) => {
  it("are nobody's but the caller's", async () => {
    const backend = await make();
    const executable = await backend.compile(program);
    const c = float([2], [10, 20]);
    await executable.write({ c });
    c.data.fill(-1);
    const x = float([2], [1, 2]);
    const first = await executable.run({ x });
    x.data.fill(-1);
    for (const array of Object.values(first)) array.data.fill(-1);
    const read = await executable.read();
    expect(Array.from(read.c!.data)).toEqual([20, 40]);
    read.c!.data.fill(-1);
    const second = await executable.run({ x: float([2], [1, 2]) });
    expect(Array.from(second.y!.data)).toEqual([21, 42]);
    expect(Array.from(second.flat!.data)).toEqual([20, 40]);
    expect(Array.from(second.same!.data)).toEqual([1, 2]);
    await backend.dispose();
  });
});

describe("a namespace", () => {
  it("may be used by others: what is current is put back, and theirs is not ours", async () => {
    const [fast, slow] = [await wasm(), await cpu()];
    const x = float([3], [1, 2, 3]);
    await tf.setBackend("cpu");
    const double = (backend: typeof fast) => evaluateOn(backend, [x], (t) => mul(t, 2));
    const own = tf.tensor1d([5]);
    const results = await Promise.all([double(fast), double(slow), double(fast), double(slow)]);
    for (const { y0 } of results) expect(Array.from(y0!.data)).toEqual([2, 4, 6]);
    expect(tf.getBackend()).toBe("cpu");
    expect(Array.from(await own.data())).toEqual([5]);
    own.dispose();
    for (const backend of [fast, slow]) await backend.dispose();
  });

  it("that is none is named with what it lacks", async () => {
    for (const wrong of [undefined, {}, { ...tf, engine: undefined }]) {
      await expect(tfjsBackend({ tf: wrong as unknown as TfApi, device: "wasm" })).rejects.toMatchObject({
        name: "ConfigError",
        code: "NAMESPACE_INVALID",
        message: expect.stringContaining("engine"),
      });
    }
  });

  it("without the device's package is a reason and a cure, not another device", async () => {
    await expect(tfjsBackend({ tf, device: "webgpu" })).rejects.toMatchObject({
      name: "BackendUnavailableError",
      code: "TFJS_DEVICE_UNAVAILABLE",
      where: 'backend "tfjs/webgpu"',
      fix: expect.stringContaining("@tensorflow/tfjs-backend-webgpu"),
    });
    await expect(tfjsBackend({ tf, device: "tpu" as "cpu" })).rejects.toMatchObject({ code: "DEVICE_UNKNOWN" });
  });

  it("that loses its backend is an error, and no other one computes in its place", async () => {
    const backend = await cpu();
    const executable = await backend.compile(program);
    await executable.write({ c: ndarray("float32", [2], [0, 0]) });
    await tf.setBackend("wasm");
    const missing: TfApi = { ...tf, findBackend: () => null } as unknown as TfApi;
    expect(missing.findBackend("cpu")).toBeNull();
    const lost = await tfjsBackend({ tf: missing, device: "cpu" });
    await tf.setBackend("wasm");
    await expect(evaluateOn(lost, [float([1], [1])], (x) => mul(x, 2))).rejects.toMatchObject({
      code: "TFJS_DEVICE_LOST",
    });
    await backend.dispose();
  });

  it("says what it is", async () => {
    const backend = await wasm();
    expect(backend.name).toBe("tfjs/wasm");
    expect(backend.device).toMatch(/^TensorFlow\.js 4\.\d+\.\d+, WebAssembly( with SIMD)?$/);
    expect(backend.float).toBe("float32");
    await backend.dispose();
  });
});
