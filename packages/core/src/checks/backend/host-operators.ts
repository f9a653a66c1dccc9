import { type NdArray, ndarray } from "../../arrays/nd-array.js";
import { gradients } from "../../ir/grad.js";
import { defineHostOperator, type HostOperator } from "../../ir/host-operator.js";
import { spec, trace } from "../../ir/program.js";
import { add } from "../../ops/add.js";
import { constant } from "../../ops/constant.js";
import { callHost } from "../../ops/host-call.js";
import { mul } from "../../ops/mul.js";
import { sum } from "../../ops/sum.js";
import { requireEqual, requireRefused } from "../assertions.js";
import { runOnce } from "../run-once.js";
import type { Setting } from "./setting.js";

const numbers = (array: NdArray | undefined) => Array.from(array!.data);
const vector = (...elements: number[]) => ndarray("float32", [elements.length], elements);
const V2 = spec("float32", [2]);

/** y = x³ on the host, differentiated on the device. */
const cube: HostOperator<null> = defineHostOperator<null>({
  name: "test/cube",
  infer: ([x]) => [x!],
  run: async ([x]) => [{ ...x!, data: Float32Array.from(x!.data, (element) => element ** 3) }],
  vjp: ({ inputs: [x], cotangents: [dy] }) => [dy ? mul(dy, mul(mul(x!, x!), 3)) : null],
});

/** Device work before, between and after host calls, and what happens when one fails. */
export function hostOperatorsChecks(setting: Setting): void {
  setting.test("host operators: between device work, with their gradient", async () => {
    const program = trace({
      name: "cube",
      inputs: { x: V2 },
      build: ({ x }) => {
        const y = mul(callHost(cube, [add(x, 1)], null)[0]!, 2);
        return { outputs: { y, slope: gradients(sum(y), [x])[0]! } };
      },
    });
    const { y, slope } = await runOnce(await setting.backend(), program, { x: vector(1, -3) });
    requireEqual(
      [numbers(y), numbers(slope)],
      [
        [16, -16],
        [24, 24],
      ],
    );
  });

  setting.test("host operators: one after the other and side by side", async () => {
    const program = trace({
      name: "several",
      inputs: { x: V2 },
      build: ({ x }) => {
        const left = callHost(cube, [x], null)[0]!;
        const right = callHost(cube, [mul(x, -1)], null)[0]!;
        const chained = callHost(cube, [add(left, x)], null)[0]!;
        return { outputs: { left, right, chained, all: add(add(left, right), chained) } };
      },
    });
    const results = await runOnce(await setting.backend(), program, { x: vector(1, 2) });
    requireEqual(Object.fromEntries(Object.entries(results).map(([name, array]) => [name, numbers(array)])), {
      left: [1, 8],
      right: [-1, -8],
      chained: [8, 1000],
      all: [8, 1000],
    });
  });

  setting.test(
    "host operators: of inputs and constants alone, and of several outputs one of which is read",
    async () => {
      const split = defineHostOperator<null>({
        name: "test/split",
        infer: ([x]) => [x!, { shape: [], dtype: "int32" }, x!],
        run: ([x, y]) => [
          x!,
          ndarray("int32", [], [7]),
          { ...x!, data: Float32Array.from(x!.data, (element, index) => element - y!.data[index]!) },
        ],
      });
      const program = trace({
        name: "split",
        inputs: { x: V2 },
        build: ({ x }) => {
          const [, , difference] = callHost(split, [x, constant(vector(10, 20))], null);
          return { outputs: { difference: difference! } };
        },
      });
      const { difference } = await runOnce(await setting.backend(), program, { x: vector(1, 2) });
      requireEqual(numbers(difference), [-9, -18]);
    },
  );

  setting.test("host operators: one that fails leaves carries as they were", async () => {
    let failing = false;
    const fragile = defineHostOperator<null>({
      name: "test/fragile",
      infer: ([x]) => [x!],
      run: ([x]) => {
        if (failing) throw new Error("out of luck");
        return [x!];
      },
    });
    const program = trace({
      name: "fragile",
      inputs: { x: V2 },
      carries: { early: V2, late: V2 },
      build: ({ x }, { early, late }) => {
        const through = callHost(fragile, [add(x, early)], null)[0]!;
        return { outputs: { through }, carries: { early: add(early, 1), late: add(late, through) } };
      },
    });
    const executable = await (await setting.backend()).compile(program);
    await executable.write({ early: vector(0, 0), late: vector(0, 0) });
    const x = vector(1, 2);
    await executable.run({ x });
    const before = await executable.read();
    failing = true;
    // Twice, so that a buffer spoilt by the first failure would be met by the second.
    for (let call = 0; call < 2; call++) {
      await requireRefused(executable.run({ x }), {
        code: "HOST_OPERATOR_FAILED",
        message: "out of luck",
        where: "test/fragile",
      });
    }
    requireEqual(await executable.read(), before);
    failing = false;
    requireEqual(numbers((await executable.run({ x })).through), [2, 3]);
    const { early, late } = await executable.read();
    requireEqual(
      [numbers(early), numbers(late)],
      [
        [2, 2],
        [3, 5],
      ],
    );
    await executable.dispose();
  });

  setting.test("host operators: one that breaks its own shape rule is named", async () => {
    const wrongs: readonly (() => unknown)[] = [
      () => [],
      () => undefined,
      () => [ndarray("float32", [3], [1, 2, 3])],
      () => [ndarray("float64", [2], [1, 2])],
      () => [{ dtype: "float32", shape: [2], data: new Float32Array(3) }],
      () => [{ dtype: "float32", shape: [2], data: [1, 2] }],
    ];
    for (const run of wrongs) {
      const wrong = defineHostOperator<null>({ name: "test/wrong", infer: ([x]) => [x!], run: run as never });
      const program = trace({
        name: "wrong",
        inputs: { x: V2 },
        build: ({ x }) => ({ outputs: { y: add(callHost(wrong, [x], null)[0]!, 1) } }),
      });
      await requireRefused(runOnce(await setting.backend(), program, { x: vector(1, 2) }), {
        code: "HOST_OPERATOR_MISMATCH",
        where: "test/wrong",
      });
    }
  });
}
