import { type NdArray, ndarray } from "../../arrays/nd-array.js";
import { defineHostOperator } from "../../ir/host-operator.js";
import { spec, trace } from "../../ir/program.js";
import { add } from "../../ops/add.js";
import { callHost } from "../../ops/host-call.js";
import { matmul } from "../../ops/matmul.js";
import { mul } from "../../ops/mul.js";
import { sub } from "../../ops/sub.js";
import { requireEqual } from "../assertions.js";
import type { Setting } from "./setting.js";

const vector = (...elements: number[]) => ndarray("float32", [elements.length], elements);
const numbers = (array: NdArray | undefined) => Array.from(array!.data);
const V2 = spec("float32", [2]);

/** Carries move on from call to call, whichever way a program hands them over. All numbers are exact in float32. */
export function carriesChecks(setting: Setting): void {
  setting.test("carries: a value moves on from call to call", async () => {
    const program = trace({
      name: "counter",
      inputs: { step: V2 },
      carries: { total: V2 },
      build: ({ step }, { total }) => {
        const next = add(total, step);
        return { outputs: { before: total, after: next }, carries: { total: next } };
      },
    });
    const counter = await (await setting.backend()).compile(program);
    await counter.write({ total: vector(10, 20) });
    const seen: number[][] = [];
    // Four calls: more than two buffers can hold by chance.
    for (const step of [1, 2, 3, 4]) {
      const { before, after } = await counter.run({ step: vector(step, -step) });
      seen.push([...numbers(before), ...numbers(after)]);
    }
    requireEqual(seen, [
      [10, 20, 11, 19],
      [11, 19, 13, 17],
      [13, 17, 16, 14],
      [16, 14, 20, 10],
    ]);
    requireEqual(numbers((await counter.read()).total), [20, 10]);
    await counter.dispose();
  });

  setting.test("carries: the old value stays readable while the new one is made", async () => {
    // W is read twice, late and early: a result written over the old W would be seen by the product.
    const program = trace({
      name: "double buffer",
      inputs: { x: spec("float32", [2, 2]) },
      carries: { w: spec("float32", [2, 2]) },
      build: ({ x }, { w }) => {
        const next = sub(w, x);
        return { outputs: { product: matmul(next, w), old: mul(w, 1) }, carries: { w: next } };
      },
    });
    const executable = await (await setting.backend()).compile(program);
    const square = (...elements: number[]) => ndarray("float32", [2, 2], elements);
    await executable.write({ w: square(1, 2, 3, 4) });
    const ones = square(1, 1, 1, 1);
    const seen: number[][] = [];
    for (let call = 0; call < 3; call++) {
      const { product, old } = await executable.run({ x: ones });
      seen.push([...numbers(product), ...numbers(old)]);
    }
    requireEqual(seen, [
      [3, 4, 11, 16, 1, 2, 3, 4],
      [0, -1, 4, 7, 0, 1, 2, 3],
      [1, -2, 1, 2, -1, 0, 1, 2],
    ]);
    await executable.dispose();
  });

  setting.test("carries: one that is not computed keeps its value", async () => {
    const program = trace({
      name: "kept",
      inputs: { x: V2 },
      carries: { kept: V2, moved: V2 },
      build: ({ x }, { kept, moved }) => ({
        outputs: { y: mul(x, kept) },
        carries: { moved: add(moved, kept) },
      }),
    });
    const executable = await (await setting.backend()).compile(program);
    await executable.write({ kept: vector(2, 3), moved: vector(0, 0) });
    for (let call = 0; call < 3; call++) await executable.run({ x: vector(1, 1) });
    const { kept, moved } = await executable.read();
    requireEqual(
      [numbers(kept), numbers(moved)],
      [
        [2, 3],
        [6, 9],
      ],
    );
    await executable.dispose();
  });

  setting.test("carries: two that trade places", async () => {
    const program = trace({
      name: "swap",
      inputs: {},
      carries: { a: V2, b: V2 },
      build: (_, { a, b }) => ({ outputs: { sum: add(a, b) }, carries: { a: b, b: a } }),
    });
    const executable = await (await setting.backend()).compile(program);
    await executable.write({ a: vector(1, 2), b: vector(3, 4) });
    const seen: number[][] = [];
    for (let call = 0; call < 3; call++) {
      await executable.run({});
      const { a, b } = await executable.read();
      seen.push([...numbers(a), ...numbers(b)]);
    }
    requireEqual(seen, [
      [3, 4, 1, 2],
      [1, 2, 3, 4],
      [3, 4, 1, 2],
    ]);
    await executable.dispose();
  });

  setting.test("carries: several that become the same value are apart", async () => {
    const program = trace({
      name: "alike",
      inputs: { x: V2 },
      carries: { a: V2, b: V2, c: V2 },
      // Computed twice in the source, and merged by the optimiser: each carry still needs a buffer of its own.
      build: ({ x }, { a, b }) => ({ outputs: {}, carries: { a: add(a, x), b: add(a, x), c: mul(b, 1) } }),
    });
    const executable = await (await setting.backend()).compile(program);
    await executable.write({ a: vector(1, 1), b: vector(5, 5), c: vector(0, 0) });
    await executable.run({ x: vector(1, 2) });
    await executable.write({ a: vector(7, 7) });
    const { a, b, c } = await executable.read();
    requireEqual(
      [numbers(a), numbers(b), numbers(c)],
      [
        [7, 7],
        [2, 3],
        [5, 5],
      ],
    );
    await executable.run({ x: vector(0, 0) });
    requireEqual(numbers((await executable.read(["c"])).c), [2, 3]);
    await executable.dispose();
  });

  setting.test("carries: a whole number and a truth value are carried as such", async () => {
    const program = trace({
      name: "types",
      inputs: {},
      carries: { count: spec("int32", []), flags: spec("bool", [3]) },
      build: (_, { count, flags }) => ({ outputs: { flags }, carries: { count: add(count, 1) } }),
    });
    const executable = await (await setting.backend()).compile(program);
    await executable.write({ count: ndarray("int32", [], [16777216]), flags: ndarray("bool", [3], [1, 0, 1]) });
    for (let call = 0; call < 3; call++) requireEqual(numbers((await executable.run({})).flags), [1, 0, 1]);
    requireEqual(numbers((await executable.read()).count), [16777219]);
    await executable.dispose();
  });

  setting.test("carries: one that is set anew in between", async () => {
    const program = trace({
      name: "reset",
      inputs: {},
      carries: { total: V2 },
      build: (_, { total }) => ({ outputs: { total }, carries: { total: mul(total, 2) } }),
    });
    const executable = await (await setting.backend()).compile(program);
    const start = vector(1, 3);
    await executable.write({ total: start });
    start.data.fill(99); // What was written was copied.
    await executable.run({});
    await executable.run({});
    requireEqual(numbers((await executable.run({})).total), [4, 12]);
    await executable.write({ total: vector(-1, 0.5) });
    const read = await executable.read();
    read.total!.data.fill(99); // What was read is a copy.
    requireEqual(numbers((await executable.run({})).total), [-1, 0.5]);
    requireEqual(numbers((await executable.read()).total), [-2, 1]);
    await executable.dispose();
  });

  setting.test("carries: one fed by a host operator", async () => {
    const increment = defineHostOperator<null>({
      name: "test/increment",
      infer: ([x]) => [x!],
      run: ([x]) => [{ ...x!, data: Float32Array.from(x!.data, (element) => element + 1) }],
    });
    const program = trace({
      name: "host carry",
      inputs: {},
      carries: { total: V2, other: V2 },
      build: (_, { total, other }) => {
        const next = callHost(increment, [total], null)[0]!;
        return { outputs: { next }, carries: { total: next, other: add(other, next) } };
      },
    });
    const executable = await (await setting.backend()).compile(program);
    await executable.write({ total: vector(0, 10), other: vector(0, 0) });
    for (let call = 0; call < 4; call++) await executable.run({});
    const { total, other } = await executable.read();
    requireEqual(
      [numbers(total), numbers(other)],
      [
        [4, 14],
        [10, 50],
      ],
    );
    await executable.dispose();
  });
}
