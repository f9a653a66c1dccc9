import { describe, expect, it } from "vitest";
import { type NdArray, ndarray } from "../arrays/nd-array.js";
import type { Device } from "../contracts/backend.js";
import { defineHostOperator } from "../ir/host-operator.js";
import { type Program, spec, trace } from "../ir/program.js";
import { topologicalOrder } from "../ir/tensor.js";
import { add } from "../ops/add.js";
import { constant } from "../ops/constant.js";
import { callHost } from "../ops/host-call.js";
import { mul } from "../ops/mul.js";
import { neg } from "../ops/neg.js";
import { evaluate } from "../reference/evaluate.js";
import { backendFromDevice } from "./backend-from-device.js";

interface Handle {
  readonly array: NdArray;
  released: boolean;
}

/** The reference as a device that keeps account: it knows every handle alive and objects to each misuse of one. */
class CountingDevice implements Device<Handle> {
  readonly name = "counting";
  readonly device = "test";
  readonly float = "float32";
  readonly live = new Set<Handle>();
  compiled = 0;
  disposed = false;
  /** Set to make the next call of that kind fail. */
  failing: "compile" | "upload" | "run" | "download" | undefined;

  #failIf(what: typeof this.failing): void {
    if (this.failing === what) throw new Error(`${what} failed`);
  }

  #make(array: NdArray): Handle {
    const handle = { array: { ...array, data: array.data.slice() }, released: false };
    this.live.add(handle);
    return handle;
  }

  #use(handle: Handle): NdArray {
    if (handle === undefined) throw new Error("a missing handle was used");
    if (handle.released) throw new Error("a released handle was used");
    return handle.array;
  }

  upload = async (array: NdArray) => {
    this.#failIf("upload");
    return this.#make(array);
  };

  download = async (handle: Handle) => {
    this.#failIf("download");
    const array = this.#use(handle);
    return { ...array, data: array.data.slice() };
  };

  release = (handle: Handle) => {
    this.#use(handle);
    handle.released = true;
    this.live.delete(handle);
  };

  compile: Device<Handle>["compile"] = async (graph) => {
    this.#failIf("compile");
    this.compiled++;
    const order = topologicalOrder(graph.outputs);
    return {
      run: async (inputs, spare) => {
        // Before anything else, as a device would that overwrites what it was given.
        for (const handle of spare) if (handle) this.release(handle);
        const values = new Map(graph.inputs.map((tensor, at) => [tensor, this.#use(inputs[at]!)]));
        this.#failIf("run");
        for (const tensor of order) {
          if (!values.has(tensor))
            values.set(
              tensor,
              evaluate(
                tensor,
                tensor.inputs.map((input) => values.get(input)!),
              ),
            );
        }
        return graph.outputs.map((tensor) => this.#make(values.get(tensor)!));
      },
      dispose: () => {
        this.compiled--;
      },
    };
  };

  dispose = async () => {
    this.disposed = true;
  };
}

const V2 = spec("float32", [2]);
const vector = (...elements: number[]) => ndarray("float32", [elements.length], elements);
let hostFails = false;
const increment = defineHostOperator<null>({
  name: "test/increment",
  infer: ([x]) => [x!, x!],
  run: ([x]) => {
    if (hostFails) throw new Error("host failed");
    return [{ ...x!, data: Float32Array.from(x!.data, (element) => element + 1) }, x!];
  },
});

const programs: Readonly<Record<string, () => Program>> = {
  "device work alone": () =>
    trace({
      name: "p",
      inputs: { x: V2, unread: V2 },
      carries: { a: V2 },
      build: ({ x }, { a }) => ({ outputs: { y: mul(x, a), x }, carries: { a: add(a, x) } }),
    }),
  "carries that trade places or stay": () =>
    trace({
      name: "p",
      inputs: { x: V2, unread: V2 },
      carries: { a: V2, b: V2, c: V2 },
      build: ({ x }, { a, b }) => ({ outputs: { y: x }, carries: { a: b, b: a } }),
    }),
  "carries that become alike": () =>
    trace({
      name: "p",
      inputs: { x: V2, unread: V2 },
      carries: { a: V2, b: V2, c: V2 },
      build: ({ x }, { a }) => ({ outputs: { y: add(a, x) }, carries: { a: add(a, x), b: add(a, x), c: mul(a, 1) } }),
    }),
  "host calls in a chain, with an output unread": () =>
    trace({
      name: "p",
      inputs: { x: V2, unread: V2 },
      carries: { a: V2 },
      build: ({ x }, { a }) => {
        const [first] = callHost(increment, [add(x, a)], null);
        const [, second] = callHost(increment, [mul(first!, 2)], null);
        return { outputs: { y: add(second!, x), first: first! }, carries: { a: neg(second!) } };
      },
    }),
  "a carry made by the host": () =>
    trace({
      name: "p",
      inputs: { x: V2, unread: V2 },
      carries: { a: V2, b: V2 },
      build: (_, { a, b }) => {
        const [next] = callHost(increment, [a], null);
        return { outputs: { y: add(next!, b) }, carries: { a: next!, b: add(b, constant(vector(1, 2))) } };
      },
    }),
};

const feeds = { x: vector(1, 2), unread: vector(3, 4) };

describe.each(Object.entries(programs))("handles: %s", (_, make) => {
  const start = async () => {
    const device = new CountingDevice();
    const backend = backendFromDevice(device);
    const program = make();
    const executable = await backend.compile(program);
    await executable.write(Object.fromEntries(Object.keys(program.carries).map((name) => [name, vector(5, 6)])));
    return { device, backend, executable };
  };

  it("are all given back, and no more of them are alive after ten calls than after two", async () => {
    const { device, backend, executable } = await start();
    for (let call = 0; call < 2; call++) await executable.run(feeds);
    const after = device.live.size;
    for (let call = 0; call < 8; call++) await executable.run(feeds);
    expect(device.live.size).toBe(after);
    await executable.read();
    await executable.write({ a: vector(1, 1) }).catch(() => {});
    await executable.run(feeds);
    expect(device.live.size).toBe(after);
    await executable.dispose();
    expect([device.live.size, device.compiled, device.disposed]).toEqual([0, 0, false]);
    await backend.dispose();
    expect(device.disposed).toBe(true);
  });

  it.each(["upload", "run", "download", "host"] as const)(
    "survive a failing %s, and the state with them",
    async (what) => {
      const { device, executable } = await start();
      for (let call = 0; call < 3; call++) await executable.run(feeds);
      const before = await executable.read();
      const alive = device.live.size;
      for (let call = 0; call < 2; call++) {
        if (what === "host") hostFails = true;
        else device.failing = what;
        const outcome = await executable.run(feeds).then(
          () => "done",
          (error: Error) => error.message,
        );
        hostFails = false;
        device.failing = undefined;
        if (outcome === "done") return; // A program without such a step.
        expect(outcome).toContain(`${what} failed`);
        expect(await executable.read()).toEqual(before);
        expect(device.live.size).toBeLessThanOrEqual(alive);
      }
      await executable.run(feeds);
      expect(device.live.size).toBe(alive);
      await executable.dispose();
      expect(device.live.size).toBe(0);
    },
  );
});

describe("compiling", () => {
  it("that fails half-way disposes of what was compiled", async () => {
    const device = new CountingDevice();
    const compile = device.compile;
    let graphs = 0;
    device.compile = async (graph) => {
      if (++graphs === 2) device.failing = "compile";
      return compile(graph);
    };
    const backend = backendFromDevice(device);
    await expect(backend.compile(programs["host calls in a chain, with an output unread"]!())).rejects.toThrow(
      "compile failed",
    );
    expect([graphs, device.compiled]).toEqual([2, 0]);
  });

  it("leaves a disposed executable out of the backend's own disposal", async () => {
    const device = new CountingDevice();
    const backend = backendFromDevice(device);
    const executable = await backend.compile(programs["device work alone"]!());
    await executable.dispose();
    await backend.dispose();
    expect(device.compiled).toBe(0);
  });
});
