import { ndarray } from "../../arrays/nd-array.js";
import { type Program, spec, trace } from "../../ir/program.js";
import { add } from "../../ops/add.js";
import { input } from "../../ops/input.js";
import { matmul } from "../../ops/matmul.js";
import { tanh } from "../../ops/tanh.js";
import { requireClose, requireEqual, requireRefused } from "../assertions.js";
import type { Setting } from "./setting.js";

/** Use after dispose, use while busy, and more compiled programs than any cache would hold. */
export function lifetimeChecks(setting: Setting): void {
  const program = (size = 2): Program =>
    trace({
      name: "lifetime",
      inputs: { x: spec("float32", [size]) },
      carries: { total: spec("float32", [size]) },
      build: ({ x }, { total }) => ({ outputs: { y: tanh(x) }, carries: { total: add(total, x) } }),
    });
  const x = ndarray("float32", [2], [1, 2]);

  setting.test("lifetime: nothing works after dispose, and disposing twice is nothing", async () => {
    const executable = await (await setting.backend()).compile(program());
    await executable.write({ total: x });
    await executable.dispose();
    await executable.dispose();
    for (const call of [() => executable.run({ x }), () => executable.read(), () => executable.write({ total: x })]) {
      await requireRefused(call(), { code: "EXECUTABLE_DISPOSED" });
    }
  });

  setting.test("lifetime: two programs live side by side, and one outlives the other", async () => {
    const [first, second] = [
      await (await setting.backend()).compile(program()),
      await (await setting.backend()).compile(program()),
    ];
    await first.write({ total: x });
    await second.write({ total: ndarray("float32", [2], [10, 20]) });
    await Promise.all([first.run({ x }), second.run({ x })]);
    requireEqual(Array.from((await first.read()).total!.data), [2, 4]);
    await first.dispose();
    await second.run({ x });
    requireEqual(Array.from((await second.read()).total!.data), [12, 24]);
    await second.dispose();
  });

  setting.test("lifetime: a call while another is under way is refused, and the first one finishes", async () => {
    const executable = await (await setting.backend()).compile(program());
    await executable.write({ total: x });
    // All begun before the first is awaited.
    const under = executable.run({ x });
    const others = [executable.run({ x }), executable.read(), executable.write({ total: x })];
    for (const outcome of await Promise.allSettled(others)) {
      requireEqual(outcome.status, "rejected", "a call while busy");
      const { reason } = outcome as PromiseRejectedResult;
      requireEqual((reason as { code?: unknown }).code, "EXECUTABLE_BUSY", "the code of a call while busy");
    }
    await under;
    requireEqual(Array.from((await executable.read()).total!.data), [2, 4]);
    await executable.dispose();
  });

  setting.test("lifetime: disposing during a call waits for it", async () => {
    const executable = await (await setting.backend()).compile(program());
    await executable.write({ total: x });
    const under = executable.run({ x });
    const [results] = await Promise.all([under, executable.dispose()]);
    requireClose(results.y!.data[0], Math.tanh(1), 5e-6);
    await requireRefused(executable.run({ x }), { code: "EXECUTABLE_DISPOSED" });
  });

  setting.test("lifetime: a disposed backend refuses, and takes its programs along", async () => {
    const backend = await setting.make();
    const executable = await backend.compile(program());
    await executable.write({ total: x });
    await backend.dispose();
    await backend.dispose();
    await requireRefused(executable.run({ x }), { code: "EXECUTABLE_DISPOSED" });
    await requireRefused(backend.compile(program()), { code: "BACKEND_DISPOSED" });
  });

  setting.test("lifetime: a program that reads a leaf of another is refused", async () => {
    const foreign = input("foreign", "float32", [2]);
    const open = trace({
      name: "open",
      inputs: { x: spec("float32", [2]) },
      build: (inputs) => ({ outputs: { y: add(inputs.x, foreign) } }),
    });
    await requireRefused((await setting.backend()).compile(open), {
      code: "GRAPH_INVALID",
      where: "open",
    });
  });

  setting.test("lifetime: many programs and calls one after the other", async () => {
    const matrix = ndarray("float32", [32, 32], new Float32Array(1024).fill(1 / 32));
    for (let round = 0; round < 10; round++) {
      const product = trace({
        name: "many",
        inputs: { a: spec("float32", [32, 32]) },
        build: ({ a }) => ({ outputs: { b: matmul(a, matmul(a, a)) } }),
      });
      const executable = await (await setting.backend()).compile(product);
      for (let call = 0; call < 10; call++) {
        requireClose((await executable.run({ a: matrix })).b!.data[0], 1 / 32, 5e-7);
      }
      await executable.dispose();
    }
  });
}
