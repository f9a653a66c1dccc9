import { describe, expect, it } from "vitest";
import { broadcastShapes } from "../../src/ir/rules.js";
import { add } from "../../src/ops/add.js";
import { expand } from "../../src/ops/expand.js";
import { matmul } from "../../src/ops/matmul.js";
import { where } from "../../src/ops/where.js";
import { bool, f32, refusal } from "./refusal.js";

describe("broadcasting", () => {
  it.each([
    [[[], []], []],
    [[[3], []], [3]],
    [
      [[2, 1], [3]],
      [2, 3],
    ],
    [[[1], [0]], [0]],
    [
      [
        [2, 1, 3],
        [1, 4, 1],
        [5, 1, 1, 1],
      ],
      [5, 2, 4, 3],
    ],
  ])("of %j gives %j", (shapes, expected) => {
    expect(broadcastShapes("test", shapes)).toEqual(expected);
  });

  it("is refused where extents differ", () => {
    expect(refusal(() => add(f32(2, 3), f32(2, 4)))).toMatchInlineSnapshot(`
      "BROADCAST_MISMATCH: add: shapes [2, 3] and [2, 4] do not broadcast: axis -1 is 3 in one and 4 in another
      operator "add"
      Axes are aligned from the last; each must be equal or 1. Reshape or transpose one of them."
    `);
    expect(refusal(() => add(f32(0), f32(2)))).toMatchInlineSnapshot(`
      "BROADCAST_MISMATCH: add: shapes [0] and [2] do not broadcast: axis -1 is 0 in one and 2 in another
      operator "add"
      Axes are aligned from the last; each must be equal or 1. Reshape or transpose one of them."
    `);
    expect(refusal(() => where(bool(3), f32(2), f32(1)))).toMatchInlineSnapshot(`
      "BROADCAST_MISMATCH: where: shapes [3] and [2] and [1] do not broadcast: axis -1 is 3 in one and 2 in another
      operator "where"
      Axes are aligned from the last; each must be equal or 1. Reshape or transpose one of them."
    `);
    expect(refusal(() => expand(f32(2), [3]))).toMatchInlineSnapshot(`
      "BROADCAST_MISMATCH: expand: shapes [2] and [3] do not broadcast: axis -1 is 2 in one and 3 in another
      operator "expand"
      Axes are aligned from the last; each must be equal or 1. Reshape or transpose one of them."
    `);
    expect(refusal(() => expand(f32(2, 1), [2]))).toMatchInlineSnapshot(`
      "BROADCAST_MISMATCH: expand: [2, 1] does not broadcast to [2]
      operator "expand""
    `);
    expect(refusal(() => matmul(f32(2, 3, 4), f32(5, 4, 2)))).toMatchInlineSnapshot(`
      "BROADCAST_MISMATCH: matmul: shapes [2] and [5] do not broadcast: axis -1 is 2 in one and 5 in another
      operator "matmul"
      Axes are aligned from the last; each must be equal or 1. Reshape or transpose one of them."
    `);
  });
});
