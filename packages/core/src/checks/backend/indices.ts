import { ndarray } from "../../arrays/nd-array.js";
import type { Tensor } from "../../ir/tensor.js";
import { add } from "../../ops/add.js";
import { argMax } from "../../ops/arg-max.js";
import { cast } from "../../ops/cast.js";
import { constant } from "../../ops/constant.js";
import { expand } from "../../ops/expand.js";
import { gather } from "../../ops/gather.js";
import { gatherElements } from "../../ops/gather-elements.js";
import { reshape } from "../../ops/reshape.js";
import { scatterElements } from "../../ops/scatter-elements.js";
import { requireEqual, requireRefused } from "../assertions.js";
import { runFunction } from "../run-function.js";
import type { Setting } from "./setting.js";

const rows = ndarray("float32", [3, 2], [1, 2, 3, 4, 5, 6]);
const line = ndarray("float32", [3], [1, 2, 3]);
const indices = (...values: number[]) => ndarray("int32", [values.length], values);
const OUT_OF_RANGE = { code: "INDEX_OUT_OF_RANGE" };

/** The ways in which indices reach an operator: fed, moved about, computed from whole numbers, converted from floats. */
const WAYS: Readonly<Record<string, (fed: Tensor) => Tensor>> = {
  fed: (fed) => fed,
  repeated: (fed) => reshape(expand(reshape(fed, [1, fed.size]), [2, fed.size]), [2 * fed.size]),
  computed: (fed) => add(add(fed, 1), -1),
  converted: (fed) => cast(cast(fed, "float32"), "int32"),
};

type Use = (x: Tensor, at: Tensor) => Tensor;
const USES = {
  gather: { x: rows, use: (x: Tensor, at: Tensor) => gather(x, at) },
  gatherElements: { x: line, use: (x: Tensor, at: Tensor) => gatherElements(x, at, 0) },
  scatterElements: {
    x: line,
    use: (x: Tensor, at: Tensor) =>
      scatterElements(expand(gather(x, constant(indices(1))), at.shape), at, { axis: 0, size: 3 }),
  },
};

/** Indices out of range are refused wherever they come from, and the program runs on afterwards. */
export function indicesChecks(setting: Setting): void {
  const like = async (f: (...inputs: Tensor[]) => Tensor, inputs: Parameters<typeof runFunction>[1]) => {
    const got = await runFunction(f, inputs, await setting.backend());
    const expected = await runFunction(f, inputs);
    requireEqual(
      got.map(({ shape, data }) => [shape, Array.from(data)]),
      expected.map(({ shape, data }) => [shape, Array.from(data)]),
    );
  };
  for (const [way, prepare] of Object.entries(WAYS)) {
    for (const [name, { x, use }] of Object.entries(USES)) {
      const f: Use = (of, fed) => use(of, prepare(fed));
      setting.test(`indices: ${way}, are taken by ${name}`, () => like(f, [x, indices(2, 0, 2)]));
      setting.test(`indices: ${way}, are refused by ${name} when out of range`, async () => {
        const backend = await setting.backend();
        for (const wrong of [3, -1, 2 ** 31 - 2, -(2 ** 31) + 1]) {
          await requireRefused(() => runFunction(f, [x, indices(0, wrong)], backend), OUT_OF_RANGE, `index ${wrong}`);
        }
        await like(f, [x, indices(0, 1)]);
      });
    }
  }

  setting.test("indices: constant ones are refused before anything runs", async () => {
    const f = (x: Tensor) => gather(x, reshape(constant(indices(0, 7)), [2, 1]));
    const backend = await setting.backend();
    await requireRefused(() => runFunction(f, [rows], backend), OUT_OF_RANGE);
  });

  setting.test("indices: of an axis without elements, all are refused, and none is fine", async () => {
    const nothing = ndarray("float32", [0, 2], []);
    const f: Use = (x, at) => gather(x, at);
    const backend = await setting.backend();
    await requireRefused(() => runFunction(f, [nothing, indices(0)], backend), OUT_OF_RANGE);
    await like(f, [nothing, indices()]);
  });

  setting.test("indices: found by the program itself are trusted", () => like((x) => gather(x, argMax(x, 0)), [rows]));
}
