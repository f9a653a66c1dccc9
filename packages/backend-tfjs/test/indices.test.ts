import {
  add,
  argMax,
  cast,
  constant,
  expand,
  gather,
  gatherElements,
  ndarray,
  reshape,
  scatterElements,
  type Tensor,
} from "@semblance/core";
import { describe, expect, it } from "vitest";
import { evaluateOn, expectLikeReference } from "./compare.js";
import { wasm } from "./namespace.js";

const backend = await wasm();
const rows = ndarray("float32", [3, 2], [1, 2, 3, 4, 5, 6]);
const line = ndarray("float32", [3], [1, 2, 3]);
const indices = (...values: number[]) => ndarray("int32", [values.length], values);

/** The ways in which indices reach an operator: fed, moved about, computed from whole numbers, converted from floats. */
const ways: readonly [string, (fed: Tensor) => Tensor][] = [
  ["fed", (fed) => fed],
  ["repeated", (fed) => reshape(expand(reshape(fed, [1, fed.size]), [2, fed.size]), [2 * fed.size])],
  ["computed", (fed) => add(add(fed, 1), -1)],
  ["converted", (fed) => cast(cast(fed, "float32"), "int32")],
];

describe.each(ways)("indices that are %s", (_, prepare) => {
  const uses: readonly [string, Parameters<typeof evaluateOn>[1][number], (x: Tensor, i: Tensor) => Tensor][] = [
    ["gather", rows, (x, i) => gather(x, prepare(i))],
    ["gatherElements", line, (x, i) => gatherElements(x, prepare(i), 0)],
    [
      "scatterElements",
      line,
      (x, i) =>
        scatterElements(expand(gather(x, constant(indices(1))), prepare(i).shape), prepare(i), { axis: 0, size: 3 }),
    ],
  ];

  it.each(uses)("are taken by %s", async (_name, x, use) => {
    await expectLikeReference(backend, [x, indices(2, 0, 2)], use, { tolerance: 0 });
  });

  it.each(uses)("are refused by %s when out of range, and the program runs on", async (_name, x, use) => {
    for (const wrong of [3, -1, 2 ** 31 - 2, -(2 ** 31) + 1]) {
      await expect(evaluateOn(backend, [x, indices(0, wrong)], use)).rejects.toMatchObject({
        code: "INDEX_OUT_OF_RANGE",
      });
    }
  });
});

describe("indices", () => {
  it("of constants are refused before anything runs", async () => {
    const build = (x: Tensor) => gather(x, reshape(constant(indices(0, 7)), [2, 1]));
    await expect(evaluateOn(backend, [rows], build)).rejects.toMatchObject({ code: "INDEX_OUT_OF_RANGE" });
  });

  it("of an axis without elements are all refused, and none is fine", async () => {
    const nothing = ndarray("float32", [0, 2], []);
    await expect(evaluateOn(backend, [nothing, indices(0)], (x, i) => gather(x, i))).rejects.toMatchObject({
      code: "INDEX_OUT_OF_RANGE",
    });
    await expectLikeReference(backend, [nothing, indices()], (x, i) => gather(x, i), { tolerance: 0 });
  });

  it("found by the program itself are trusted", async () => {
    await expectLikeReference(backend, [rows], (x) => gather(x, argMax(x, 0)), { tolerance: 0 });
  });
});
