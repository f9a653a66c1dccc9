import { describe, expect, it } from "vitest";
import { ndarray } from "../../src/arrays/nd-array.js";
import { add } from "../../src/ops/add.js";
import { and } from "../../src/ops/and.js";
import { cast } from "../../src/ops/cast.js";
import { concat } from "../../src/ops/concat.js";
import { cumulativeSum } from "../../src/ops/cumulative-sum.js";
import { div } from "../../src/ops/div.js";
import { exp } from "../../src/ops/exp.js";
import { gather } from "../../src/ops/gather.js";
import { matmul } from "../../src/ops/matmul.js";
import { mul } from "../../src/ops/mul.js";
import { not } from "../../src/ops/not.js";
import { sum } from "../../src/ops/sum.js";
import { where } from "../../src/ops/where.js";
import { bool, f32, f64, i32, refusal } from "./refusal.js";

describe("element types", () => {
  it("are never mixed", () => {
    expect(refusal(() => add(f32(2), f64(2)))).toMatchInlineSnapshot(`
      "DTYPE_MISMATCH: add: float32[2] meets float64[2]
      operator "add"
      Types are never converted silently: use cast(x, "float32")."
    `);
    expect(refusal(() => mul(i32(2), f32(2)))).toMatchInlineSnapshot(`
      "DTYPE_MISMATCH: mul: int32[2] meets float32[2]
      operator "mul"
      Types are never converted silently: use cast(x, "float32")."
    `);
    expect(refusal(() => concat([i32(2), bool(2)], 0))).toMatchInlineSnapshot(`
      "DTYPE_MISMATCH: concat: int32[2] meets bool[2]
      operator "concat"
      Types are never converted silently: use cast(x, "int32")."
    `);
  });

  it("are those that the operator takes", () => {
    expect(refusal(() => exp(i32(2)))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: exp: input 0 is int32[2], and exp takes float32 or float64
      operator "exp"
      Convert it with cast(x, "float32") where that is meant."
    `);
    expect(refusal(() => div(i32(2), i32(2)))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: div: input 0 is int32[2], and div takes float32 or float64
      operator "div"
      Convert it with cast(x, "float32") where that is meant."
    `);
    expect(refusal(() => and(f32(2), f32(2)))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: and: input 0 is float32[2], and and takes bool
      operator "and"
      Convert it with cast(x, "bool") where that is meant."
    `);
    expect(refusal(() => not(i32(1)))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: not: input 0 is int32[1], and not takes bool
      operator "not"
      Convert it with cast(x, "bool") where that is meant."
    `);
    expect(refusal(() => gather(f32(2), f32(2)))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: gather: input 1 is float32[2], and gather takes int32
      operator "gather"
      Convert it with cast(x, "int32") where that is meant."
    `);
    expect(refusal(() => where(f32(2), f32(2), f32(2)))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: where: input 0 is float32[2], and where takes bool
      operator "where"
      Convert it with cast(x, "bool") where that is meant."
    `);
    expect(refusal(() => sum(bool(2)))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: sum: input 0 is bool[2], and sum takes float32 or float64 or int32
      operator "sum"
      Convert it with cast(x, "float32") where that is meant."
    `);
    expect(refusal(() => cumulativeSum(i32(2), { axis: 0 }))).toMatchInlineSnapshot(`
      "DTYPE_UNSUPPORTED: cumulativeSum: input 0 is int32[2], and cumulativeSum takes float32 or float64
      operator "cumulativeSum"
      Convert it with cast(x, "float32") where that is meant."
    `);
  });

  it("of numbers follow the tensor beside them, where they can", () => {
    expect(add(1, f64(2)).dtype).toBe("float64");
    expect(add(i32(2), 3).dtype).toBe("int32");
    expect(refusal(() => add(i32(2), 0.5))).toMatchInlineSnapshot(`
      "DTYPE_MISMATCH: add: the number 0.5 cannot stand beside a tensor of int32
      operator "add""
    `);
    expect(refusal(() => add(i32(2), 2 ** 31))).toMatchInlineSnapshot(`
      "DTYPE_MISMATCH: add: the number 2147483648 cannot stand beside a tensor of int32
      operator "add""
    `);
    expect(refusal(() => and(bool(2), 1))).toMatchInlineSnapshot(`
      "DTYPE_MISMATCH: and: the number 1 cannot stand beside a tensor of bool
      operator "and""
    `);
    expect(refusal(() => add(1, 2))).toMatchInlineSnapshot(`
      "NO_TENSOR: add: both operands are numbers
      operator "add"
      Use scalar(value, dtype) for one."
    `);
    expect(refusal(() => add([1] as never, 2))).toMatchInlineSnapshot(`
      "NOT_A_TENSOR: add: expected a tensor beside the number 2
      operator "add""
    `);
  });

  it("come from tensors and nothing else", () => {
    expect(refusal(() => exp(ndarray("float32", [1], [1]) as never))).toMatchInlineSnapshot(`
      "NOT_A_TENSOR: exp: expected tensors, got Object
      operator "exp"
      Arrays enter a program as inputs, carries or constant(...); numbers stand only where a tensor stands beside them."
    `);
    expect(refusal(() => exp(null as never))).toMatchInlineSnapshot(`
      "NOT_A_TENSOR: exp: expected tensors, got null
      operator "exp"
      Arrays enter a program as inputs, carries or constant(...); numbers stand only where a tensor stands beside them."
    `);
    expect(refusal(() => matmul(f32(1, 1), 2 as never))).toMatchInlineSnapshot(`
      "NOT_A_TENSOR: matmul: expected tensors, got number
      operator "matmul"
      Arrays enter a program as inputs, carries or constant(...); numbers stand only where a tensor stands beside them."
    `);
  });

  it("stay as they are when cast to themselves", () => {
    const x = f32(2);
    expect(cast(x, "float32")).toBe(x);
  });
});
