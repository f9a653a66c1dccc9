import { ndarray, type Tensor } from "@semblance/core";
import { runFunction } from "@semblance/core/testing";
import { describe, expect, it } from "vitest";
import { pairMasks } from "./pair-masks.js";

const options = { loss: "metric/test", dtype: "float64" } as const;
const both = ({ positive, negative }: ReturnType<typeof pairMasks>) => [positive, negative];
const rows = ({ data }: { readonly data: ArrayLike<number> }, size: number) =>
  Array.from({ length: size }, (_, i) => Array.from(data).slice(i * size, (i + 1) * size));

describe("pairMasks", () => {
  it("compares labels, and leaves the diagonal out of both", async () => {
    const ofLabels = (labels: Tensor) => both(pairMasks({ labels }, options));
    const [positive, negative] = await runFunction(ofLabels, [ndarray("int32", [3], [7, -2, 7])]);
    expect(rows(positive!, 3)).toEqual([
      [0, 0, 1],
      [0, 0, 0],
      [1, 0, 0],
    ]);
    expect(rows(negative!, 3)).toEqual([
      [0, 1, 0],
      [1, 0, 1],
      [0, 1, 0],
    ]);
  });

  it("takes relations by sign and degree, and what is unknown for neither", async () => {
    const ofRelations = (relations: Tensor) => both(pairMasks({ relations }, options));
    const [positive, negative] = await runFunction(ofRelations, [ndarray("float64", [2, 2], [1, -0.25, 0.5, -1])]);
    expect(Array.from(positive!.data, Math.abs)).toEqual([0, 0, 0.5, 0]);
    expect(Array.from(negative!.data, Math.abs)).toEqual([0, 0.25, 0, 0]);
  });

  it("needs one of the two", async () => {
    expect(() => pairMasks({}, options)).toThrowError(expect.objectContaining({ code: "SUPERVISION_MISSING" }));
    const two = (labels: Tensor, relations: Tensor) => both(pairMasks({ labels, relations }, options));
    await expect(runFunction(two, [ndarray("int32", [1], [0]), ndarray("float64", [1, 1], [0])])).rejects.toMatchObject(
      { code: "SUPERVISION_TWICE" },
    );
  });
});
