import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/expect-error.js";
import { toLabels } from "./labels.js";

const where = (row: number) => `t.csv:${row + 2}`;
const labels = (values: readonly string[] | ArrayLike<number>) => {
  const { indices, names } = toLabels(values, where);
  return [[...indices], names];
};

describe("toLabels", () => {
  it("sorts numbers by value and other names by code unit", () => {
    expect(labels(["10", "9", "-1", "9"])).toEqual([
      [2, 1, 0, 1],
      ["-1", "9", "10"],
    ]);
    expect(labels(["b", "B", "10", "9"])).toEqual([
      [3, 2, 0, 1],
      ["10", "9", "B", "b"],
    ]);
    expect(labels(Uint8Array.of(3, 1, 3))).toEqual([
      [1, 0, 1],
      ["1", "3"],
    ]);
  });

  it("keeps the first spelling, and takes equal numbers for one class", () => {
    expect(labels(["01", "1", "1.0", "02"])).toEqual([
      [0, 0, 0, 1],
      ["01", "02"],
    ]);
    expect(labels([" a", "a "])).toEqual([[0, 0], ["a"]]);
    expect(labels([0, -0])).toEqual([[0, 0], ["0"]]);
  });

  it("refuses a row without a label", async () => {
    expect(await errorOf(() => labels(["a", " "]))).toMatchObject({ code: "LABEL_EMPTY", where: "t.csv:3" });
    expect(await errorOf(() => labels([1, Number.NaN]))).toMatchObject({ code: "LABEL_NOT_FINITE", where: "t.csv:3" });
  });
});
