import { type NdArray, ndarray } from "../../arrays/nd-array.js";
import { spec, trace } from "../../ir/program.js";
import { add } from "../../ops/add.js";
import { constant, scalar } from "../../ops/constant.js";
import { expand } from "../../ops/expand.js";
import { mul } from "../../ops/mul.js";
import { reshape } from "../../ops/reshape.js";
import { transpose } from "../../ops/transpose.js";
import { requireEqual } from "../assertions.js";
import { runOnce } from "../run-once.js";
import type { Setting } from "./setting.js";

const numbers = (array: NdArray | undefined) => Array.from(array!.data);

/** Results that are inputs, constants, copies of each other, or computed from nothing that is fed. */
export function resultsChecks(setting: Setting): void {
  const x = ndarray("float32", [2], [1, 2]);

  setting.test("results: inputs, constants and repetitions come out as copies of their own", async () => {
    const program = trace({
      name: "copies",
      inputs: { x: spec("float32", [2]) },
      build: (inputs) => {
        const doubled = mul(inputs.x, 2);
        const numbers = constant(ndarray("float32", [2], [5, 6]));
        return {
          outputs: {
            x: inputs.x,
            again: inputs.x,
            doubled,
            twice: doubled,
            numbers,
            same: numbers,
            alike: mul(inputs.x, 2),
          },
        };
      },
    });
    const results = await runOnce(await setting.backend(), program, { x });
    requireEqual(Object.fromEntries(Object.entries(results).map(([name, array]) => [name, numbers(array)])), {
      x: [1, 2],
      again: [1, 2],
      doubled: [2, 4],
      twice: [2, 4],
      numbers: [5, 6],
      same: [5, 6],
      alike: [2, 4],
    });
    for (const array of Object.values(results)) array.data.fill(0);
    requireEqual(numbers(x), [1, 2], "what was fed");
    requireEqual(numbers((await runOnce(await setting.backend(), program, { x })).numbers), [5, 6]);
  });

  setting.test("results: of one call are not changed by the next", async () => {
    const program = trace({
      name: "kept results",
      inputs: { x: spec("float32", [2]) },
      build: (inputs) => ({ outputs: { y: add(inputs.x, 1), x: inputs.x } }),
    });
    const executable = await (await setting.backend()).compile(program);
    const first = await executable.run({ x });
    await executable.run({ x: ndarray("float32", [2], [50, 60]) });
    requireEqual(
      [numbers(first.y), numbers(first.x)],
      [
        [2, 3],
        [1, 2],
      ],
    );
    await executable.dispose();
  });

  setting.test("results: of constants alone, of reshaped and of simplified inputs", async () => {
    const program = trace({
      name: "trivial",
      inputs: { x: spec("float32", [2, 1]) },
      build: (inputs) => ({
        outputs: {
          folded: add(scalar(2, "float32"), scalar(3, "float32")),
          repeated: expand(scalar(4, "float32"), [3]),
          // Simplified away to the input itself, which is no result of its own.
          product: mul(inputs.x, 1),
          back: transpose(transpose(inputs.x)),
          flat: reshape(reshape(inputs.x, [1, 2]), [2]),
        },
      }),
    });
    const results = await runOnce(await setting.backend(), program, { x: ndarray("float32", [2, 1], [1, 2]) });
    requireEqual(
      Object.fromEntries(Object.entries(results).map(([name, { shape, data }]) => [name, [shape, Array.from(data)]])),
      {
        folded: [[], [5]],
        repeated: [[3], [4, 4, 4]],
        product: [
          [2, 1],
          [1, 2],
        ],
        back: [
          [2, 1],
          [1, 2],
        ],
        flat: [[2], [1, 2]],
      },
    );
  });

  setting.test("results: there may be none", async () => {
    const program = trace({ name: "nothing", inputs: { x: spec("float32", [2]) }, build: () => ({ outputs: {} }) });
    requireEqual(await runOnce(await setting.backend(), program, { x }), {});
  });
}
