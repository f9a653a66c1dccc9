import { expect, it } from "vitest";
import { z } from "zod";
import { ndarray } from "../arrays/nd-array.js";
import { type Divergence, defineDivergence } from "../contracts/divergence.js";
import { definePlugin } from "../contracts/plugin.js";
import { pairwiseDifferences, pairwiseDistances } from "../functions/pairwise.js";
import { square } from "../functions/square.js";
import { spec, trace } from "../ir/program.js";
import { bindDivergence } from "./bind-divergence.js";
import { createCatalogue } from "./create-catalogue.js";

const compared = (by: Partial<Divergence>, how: "matrix" | "paired") => {
  const divergence = defineDivergence({
    name: "tested",
    summary: "A divergence, for tests.",
    config: z.strictObject({}),
    ...by,
  } as Omit<Divergence, "kind">);
  const plugin = definePlugin({
    name: "test",
    version: "1.0.0",
    core: "*",
    register: (registry) => registry.add(divergence),
  });
  const bound = bindDivergence(createCatalogue([plugin]), "tested");
  return trace({
    name: "compare",
    inputs: { x: spec("float64", [4, 2]) },
    build: ({ x }) => ({ outputs: { y: bound[how](x!, x!) } }),
  }).outputs.y!.shape;
};

it("gives one number for each row with each other, and for each pair of rows", () => {
  expect(compared({ matrix: (x, y) => pairwiseDistances(x, y) }, "matrix")).toEqual([4, 4]);
  expect(compared({ matrix: (x, y) => pairwiseDistances(x, y) }, "paired")).toEqual([4]);
});

it("refuses a matrix and pairs of another shape by the divergence's name", () => {
  expect(() => compared({ matrix: (x, y) => square(pairwiseDifferences(x, y)) }, "matrix")).toThrowError(
    expect.objectContaining({
      code: "DIVERGENCE_SHAPE",
      message: 'divergence "tested" gives [4, 4, 2], not [4, 4]',
      where: 'divergence "tested"',
      fix: expect.stringContaining("sum(…, { axes: [2] })"),
    }),
  );
  expect(() => compared({ paired: (x) => x }, "paired")).toThrowError(
    expect.objectContaining({ code: "DIVERGENCE_SHAPE", message: 'divergence "tested" gives [4, 2], not [4]' }),
  );
});

it("asks for the weights of one that learns, and for none of one that has what it needs", () => {
  const learned: Partial<Divergence> = {
    init: (_key, _config, { width }) => ({ w: ndarray("float64", [width], new Float64Array(width)) }),
    matrix: (x, y) => pairwiseDistances(x, y),
  };
  expect(() => compared(learned, "matrix")).toThrowError(
    expect.objectContaining({ code: "DIVERGENCE_NOT_LEARNED", where: 'divergence "tested"' }),
  );
  expect(compared({ ...learned, init: () => ({}) }, "matrix")).toEqual([4, 4]);
});
