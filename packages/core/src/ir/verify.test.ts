import { describe, expect, it } from "vitest";
import { type NdArray, ndarray } from "../arrays/nd-array.js";
import { add } from "../ops/add.js";
import { constant } from "../ops/constant.js";
import { exp, expOp } from "../ops/exp.js";
import { identity } from "../ops/identity.js";
import { input } from "../ops/input.js";
import { matmul } from "../ops/matmul.js";
import { reshape } from "../ops/reshape.js";
import type { Program } from "./program.js";
import { spec, trace } from "./program.js";
import { Tensor } from "./tensor.js";
import { verify } from "./verify.js";

const x = () => input("x", "float32", [2]);

/** A program with one input and one output, made by hand. */
const program = (leaf: Tensor, y: Tensor, extra: Partial<Program> = {}): Program => ({
  name: "by hand",
  inputs: { x: leaf },
  carries: {},
  outputs: { y },
  ...extra,
});

const faultOf = (broken: Program) => {
  try {
    verify(broken, "after a pass");
  } catch (error) {
    const { name, code, message, where } = error as { name: string; code: string; message: string; where: string };
    expect([name, code, where]).toEqual(["GraphError", "GRAPH_INVALID", 'program "by hand", after a pass']);
    return message.replace(/#\d+/g, "#n");
  }
  return "sound";
};

describe("verify", () => {
  it("accepts what trace makes", () => {
    const sound = trace({
      name: "sound",
      inputs: { x: spec("float32", [2]) },
      carries: { a: spec("float32", [2]) },
      build: (inputs, { a }) => ({ outputs: { y: exp(inputs.x), x: inputs.x }, carries: { a: add(a, inputs.x) } }),
    });
    expect(() => verify(sound)).not.toThrow();
  });

  it("rejects an operator that is no primitive, even under a primitive's name", () => {
    const leaf = x();
    const foreign = { ...expOp, name: "myExp" };
    expect(faultOf(program(leaf, new Tensor(foreign, [leaf], null, [2], "float32")))).toMatchInlineSnapshot(
      `"myExp#n: float32[2]: is not a primitive"`,
    );
    const twin = { ...expOp };
    expect(faultOf(program(leaf, new Tensor(twin, [leaf], null, [2], "float32")))).toMatchInlineSnapshot(
      `"exp#n: float32[2]: is not a primitive"`,
    );
    const inherited = { ...expOp, name: "toString" };
    expect(faultOf(program(leaf, new Tensor(inherited, [leaf], null, [2], "float32")))).toMatchInlineSnapshot(
      `"toString#n: float32[2]: is not a primitive"`,
    );
  });

  it("rejects a tensor older than its input, and a circle", () => {
    const leaf = x();
    const young = exp(leaf);
    const old = exp(leaf);
    (young as { inputs: readonly Tensor[] }).inputs = [old];
    expect(faultOf(program(leaf, young))).toMatchInlineSnapshot(
      `"exp#n: float32[2]: reads exp#n: float32[2], which is younger"`,
    );
    (old as { inputs: readonly Tensor[] }).inputs = [young];
    expect(faultOf(program(leaf, old))).toMatchInlineSnapshot(
      `"exp#n: float32[2]: reads exp#n: float32[2], which is younger"`,
    );
  });

  it("rejects a leaf of another program", () => {
    const leaf = x();
    expect(faultOf(program(leaf, add(leaf, x())))).toMatchInlineSnapshot(
      `"input#n: float32[2]: is a leaf of another program"`,
    );
  });

  it("rejects a constant that does not hold what it says", () => {
    const leaf = x();
    const holding = (value: NdArray) => {
      const good = constant(ndarray("float32", [2], [1, 2]));
      (good.attributes as { value: NdArray }).value = value;
      return faultOf(program(leaf, add(leaf, good)));
    };
    expect(holding({ dtype: "float32", shape: [2], data: new Float32Array(3) })).toMatchInlineSnapshot(
      `"constant#n: float32[2]: holds other numbers"`,
    );
    expect(holding({ dtype: "float32", shape: [2], data: new Float64Array(2) as never })).toMatchInlineSnapshot(
      `"constant#n: float32[2]: holds other numbers"`,
    );
    expect(holding({ dtype: "float64", shape: [2], data: new Float64Array(2) })).toMatchInlineSnapshot(
      `"constant#n: float32[2]: its rule says float64[2]"`,
    );
  });

  it("rejects a shape or type that the rule does not give", () => {
    const leaf = x();
    expect(faultOf(program(leaf, new Tensor(expOp, [leaf], null, [3], "float32")))).toMatchInlineSnapshot(
      `"exp#n: float32[3]: its rule says float32[2]"`,
    );
    expect(faultOf(program(leaf, new Tensor(expOp, [leaf], null, [2], "float64")))).toMatchInlineSnapshot(
      `"exp#n: float64[2]: its rule says float32[2]"`,
    );
  });

  it("rejects inputs that the rule refuses", () => {
    const leaf = x();
    const product = matmul(reshape(leaf, [1, 2]), reshape(leaf, [2, 1]));
    (product as { inputs: readonly Tensor[] }).inputs = [product.inputs[0]!, product.inputs[0]!];
    expect(faultOf(program(leaf, product))).toMatchInlineSnapshot(
      `"matmul#n: float32[1, 1]: its rule says matmul: [1, 2] · [1, 2]: the inner extents 2 and 1 differ"`,
    );
    const lonely = add(leaf, leaf);
    (lonely as { inputs: readonly Tensor[] }).inputs = [];
    expect(faultOf(program(leaf, identity(lonely)))).not.toBe("sound");
  });

  it("rejects a leaf as a result, and one tensor as two", () => {
    const leaf = x();
    expect(faultOf(program(leaf, leaf))).toMatchInlineSnapshot(`"input#n: float32[2]: is a leaf and a result"`);
    expect(faultOf(program(leaf, constant(ndarray("float32", [], [1]))))).toMatchInlineSnapshot(
      `"constant#n: float32[]: is a leaf and a result"`,
    );
    const y = exp(leaf);
    expect(faultOf(program(leaf, y, { outputs: { y, z: y } }))).toMatchInlineSnapshot(
      `"exp#n: float32[2]: is two results"`,
    );
    const carried = input("a", "float32", [2]);
    expect(faultOf(program(leaf, y, { carries: { a: { input: carried, next: y } } }))).toMatchInlineSnapshot(
      `"exp#n: float32[2]: is two results"`,
    );
  });

  it("rejects a carry that changes its shape or type", () => {
    const leaf = x();
    const carrying = (entering: Tensor) =>
      faultOf(program(leaf, exp(leaf), { carries: { a: { input: entering, next: exp(leaf) } } }));
    expect(carrying(input("a", "float32", [1]))).toMatchInlineSnapshot(`"exp#n: float32[2]: does not fit carry "a""`);
    expect(carrying(input("a", "float64", [2]))).toMatchInlineSnapshot(`"exp#n: float32[2]: does not fit carry "a""`);
    expect(carrying(input("a", "float32", [2]))).toBe("sound");
  });

  it("rejects an input or a carry that is no leaf, and one leaf under two names", () => {
    const leaf = x();
    const y = exp(leaf);
    expect(faultOf(program(y, exp(y)))).toMatchInlineSnapshot(`"exp#n: float32[2]: is computed, and cannot be fed"`);
    expect(faultOf(program(leaf, y, { inputs: { x: leaf, again: leaf } }))).toMatchInlineSnapshot(
      `"input#n: float32[2]: is fed under two names"`,
    );
  });
});
