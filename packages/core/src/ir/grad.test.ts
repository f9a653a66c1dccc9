import { describe, expect, it } from "vitest";
import { type NdArray, ndarray } from "../arrays/nd-array.js";
import { checkGradients } from "../checks/check-gradients.js";
import { runFunction } from "../checks/run-function.js";
import { zerosLike } from "../functions/constants.js";
import { logSumExp } from "../functions/log-sum-exp.js";
import { square } from "../functions/square.js";
import { add } from "../ops/add.js";
import { cast } from "../ops/cast.js";
import { constant, scalar } from "../ops/constant.js";
import { exp } from "../ops/exp.js";
import { floor } from "../ops/floor.js";
import { callHost } from "../ops/host-call.js";
import { input } from "../ops/input.js";
import { matmul } from "../ops/matmul.js";
import { mul } from "../ops/mul.js";
import { reshape } from "../ops/reshape.js";
import { stopGradient } from "../ops/stop-gradient.js";
import { sub } from "../ops/sub.js";
import { sum } from "../ops/sum.js";
import { transpose } from "../ops/transpose.js";
import { grad, gradients, vjp } from "./grad.js";
import { defineHostOperator, type HostOperator } from "./host-operator.js";
import type { Tensor } from "./tensor.js";

const vector = (...elements: number[]) => ndarray("float64", [elements.length], elements);
const valuesOf = async (f: (...inputs: Tensor[]) => Tensor | readonly Tensor[], ...inputs: NdArray[]) =>
  (await runFunction(f, inputs)).map(({ data }) => Array.from(data));
const refusal = (trace: () => unknown) => {
  try {
    trace();
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code}: ${message.replace(/#\d+/g, "#n")}`;
  }
  throw new Error("nothing was refused");
};

describe("gradients", () => {
  it("add up over several paths", async () => {
    // x enters by itself, through a product with itself, and through exp: 1 + 2x + eˣ.
    const f = (x: Tensor) => gradients(sum(add(add(x, mul(x, x)), exp(x))), [x]);
    expect(await valuesOf(f, vector(0, 1))).toEqual([[2, 3 + Math.E]]);
  });

  it("stop at intermediate targets only where they end", async () => {
    // y = h², h = 3x: ∂y/∂h = 2h and dy/dx = 18x, from one walk.
    const f = (x: Tensor) => {
      const h = mul(x, 3);
      return gradients(sum(square(h)), [h, x]);
    };
    expect(await valuesOf(f, vector(1, -2))).toEqual([
      [6, -12],
      [18, -36],
    ]);
  });

  it("are zeros where nothing depends on the target, or only through what has no derivative", async () => {
    const f = (x: Tensor, unrelated: Tensor) =>
      gradients(add(sum(floor(x)), sum(stopGradient(square(x)))), [x, unrelated]);
    expect(await valuesOf(f, vector(1.5, 2.5), ndarray("float64", [2, 1], [1, 1]))).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it("of a target asked for twice come out twice, and of the scalar itself is 1", async () => {
    const f = (x: Tensor) => {
      const y = sum(square(x));
      return gradients(y, [x, x, y]);
    };
    expect(await valuesOf(f, vector(1, 2))).toEqual([[2, 4], [2, 4], [1]]);
  });

  it("have the shape and type of their target", async () => {
    const [g] = await runFunction(
      (x) => gradients(sum(mul(cast(x, "float64"), constant(ndarray("float64", [4, 2, 1], Array(8).fill(2))))), [x]),
      [ndarray("float32", [3], [1, 2, 3])],
    );
    expect(g).toEqual(ndarray("float32", [3], [16, 16, 16]));
  });

  it("go through a scalar kept in any shape", async () => {
    expect(await valuesOf((x) => gradients(reshape(sum(square(x)), [1, 1]), [x]), vector(3))).toEqual([[6]]);
  });

  it("do not flow through whole numbers", async () => {
    const f = (x: Tensor) => gradients(sum(mul(x, cast(cast(x, "int32"), "float64"))), [x]);
    expect(await valuesOf(f, vector(2.5, 3.5))).toEqual([[2, 3]]);
  });

  it("are refused of several numbers and of whole ones", () => {
    const x = input("x", "float64", [2]);
    expect(refusal(() => gradients(square(x), [x]))).toMatchInlineSnapshot(
      `"GRADIENT_OF_NON_SCALAR: a gradient needs a scalar, not float64[2]"`,
    );
    expect(refusal(() => gradients(sum(cast(x, "int32")), [x]))).toMatchInlineSnapshot(
      `"GRADIENT_OF_INTEGER: sum#n: int32[] is not a floating-point tensor and has no gradient"`,
    );
    expect(refusal(() => gradients(sum(x), [cast(x, "int32")]))).toMatchInlineSnapshot(
      `"GRADIENT_OF_INTEGER: cast#n: int32[2] is not a floating-point tensor and has no gradient"`,
    );
  });
});

describe("vjp", () => {
  it("weighs every result by its cotangent, which may be broadcast", async () => {
    const weighted = (x: Tensor, dy: Tensor) => vjp(square(x), [x], dy);
    expect(await valuesOf(weighted, vector(1, 2), vector(10, 100))).toEqual([[20, 400]]);
    const repeated = (x: Tensor) => vjp(square(x), [x], scalar(3, "float64"));
    expect(await valuesOf(repeated, vector(1, 2))).toEqual([[6, 12]]);
  });

  it("refuses a cotangent that cannot belong to the value", () => {
    const x = input("x", "float64", [2]);
    expect(refusal(() => vjp(square(x), [x], input("dy", "float64", [3])))).toMatchInlineSnapshot(
      `"BROADCAST_MISMATCH: vjp: shapes [3] and [2] do not broadcast: axis -1 is 3 in one and 2 in another"`,
    );
    expect(refusal(() => vjp(square(x), [x], input("dy", "float64", [2, 2])))).toMatchInlineSnapshot(
      `"COTANGENT_MISMATCH: a cotangent of input#n: float64[2, 2] cannot belong to mul#n: float64[2]"`,
    );
    expect(refusal(() => vjp(square(x), [x], input("dy", "float32", [2])))).toMatchInlineSnapshot(
      `"COTANGENT_MISMATCH: a cotangent of input#n: float32[2] cannot belong to mul#n: float64[2]"`,
    );
  });

  it("differentiates by nothing", () => {
    const x = input("x", "float64", [2]);
    expect(vjp(square(x), [], square(x))).toEqual([]);
  });
});

describe("grad", () => {
  it("differentiates a function that returns several numbers as their sum", async () => {
    expect(await valuesOf(grad(square), vector(1, 2, 3))).toEqual([[2, 4, 6]]);
  });

  it("holds constant what the function closes over, even the very tensor that it is called with", async () => {
    const f = (x: Tensor) => grad((y) => mul(x, y))(x);
    expect(await valuesOf(f, vector(5, 7))).toEqual([[5, 7]]);
    const computed = (x: Tensor) => {
      const slope = square(x);
      return grad((y) => mul(slope, y))(x);
    };
    expect(await valuesOf(computed, vector(5, 7))).toEqual([[25, 49]]);
  });

  it("of a Bregman divergence is the difference of slopes", async () => {
    // D(p, q) = φ(p) − φ(q) − ∇φ(q)(p − q) with φ = eˣ: by p eᵖ − e^q, by q −e^q (p − q).
    const divergence = (p: Tensor, q: Tensor) => {
      const linear = mul(grad(exp)(q), sub(p, q));
      return gradients(sum(sub(sub(exp(p), exp(q)), linear)), [p, q]);
    };
    const [byP, byQ] = await valuesOf(divergence, vector(1), vector(0.5));
    expect(byP![0]).toBeCloseTo(Math.E - Math.exp(0.5), 14);
    expect(byQ![0]).toBeCloseTo(-Math.exp(0.5) * 0.5, 14);
  });

  it("applies again and again", async () => {
    const cube = (x: Tensor) => mul(mul(x, x), x);
    const x = vector(2, -1);
    expect(await valuesOf(grad(cube), x)).toEqual([[12, 3]]);
    expect(await valuesOf(grad(grad(cube)), x)).toEqual([[12, -6]]);
    expect(await valuesOf(grad(grad(grad(cube))), x)).toEqual([[6, 6]]);
    expect(await valuesOf(grad(grad(grad(grad(cube)))), x)).toEqual([[0, 0]]);
  });

  it("gives the Hessian of logSumExp times a vector", async () => {
    const x = vector(0.3, -1.2, 2);
    const v = vector(1, -2, 0.5);
    const product = (point: Tensor, direction: Tensor) =>
      grad((y) => sum(mul(grad((z) => logSumExp(z))(y), direction)))(point);
    const [got] = await valuesOf(product, x, v);
    // H = diag(s) − s sᵀ with s the softmax.
    const weights = Array.from(x.data, Math.exp);
    const s = weights.map((weight) => weight / weights.reduce((a, b) => a + b));
    const sv = s.reduce((total, share, at) => total + share * v.data[at]!, 0);
    s.forEach((share, at) => expect(got![at]).toBeCloseTo(share * (v.data[at]! - sv), 14));
  });

  it("refuses whole numbers on either side", () => {
    expect(refusal(() => grad((x) => x)(input("x", "int32", [2])))).toMatchInlineSnapshot(
      `"GRADIENT_OF_INTEGER: identity#n: int32[2] is not a floating-point tensor and has no gradient"`,
    );
    expect(refusal(() => grad((x) => cast(x, "int32"))(input("x", "float64", [2])))).toMatchInlineSnapshot(
      `"GRADIENT_OF_INTEGER: cast#n: int32[2] is not a floating-point tensor and has no gradient"`,
    );
  });

  it("is zero of a constant function", async () => {
    expect(
      await valuesOf(
        grad((x) => zerosLike(x)),
        vector(1, 2),
      ),
    ).toEqual([[0, 0]]);
  });
});

/** x ↦ (Σx², x³) on the host. Its rule reads the outputs, so that a derivative asks for one which nothing read before. */
const powers: HostOperator<null> = defineHostOperator<null>({
  name: "test/powers",
  infer: ([x]) => [{ dtype: x!.dtype, shape: [] }, x!],
  run: ([x]) => [
    ndarray("float64", [], [Array.from(x!.data).reduce((total, element) => total + element ** 2, 0)]),
    { ...x!, data: Float64Array.from(x!.data, (element) => element ** 3) },
  ],
  vjp: ({ inputs: [x], outputs: [squares, cubes], cotangents: [dSquares, dCubes] }) => {
    // x̄ = 2x·dSquares + 3x²·dCubes; written through both outputs (times 1 and plus 0) on purpose.
    const zero = sub(cubes!, mul(mul(x!, x!), x!));
    const one = add(sub(squares!, sum(square(x!))), 1);
    const parts = [
      dSquares ? mul(mul(mul(x!, 2), one), dSquares) : null,
      dCubes ? mul(add(mul(square(x!), 3), zero), dCubes) : null,
    ].filter((part) => part !== null);
    return [parts.length === 0 ? null : parts.reduce((a, b) => add(a, b))];
  },
});

describe("host operators", () => {
  const x = vector(0.7, -1.3, 0.4);

  it("are differentiated by their own rule, twice", async () => {
    await checkGradients((point) => callHost(powers, [exp(point)], null), [x], { name: "powers" });
  });

  it.each([0, 1])("are differentiated where only output %s is read", async (index) => {
    await checkGradients((point) => square(callHost(powers, [point], null)[index]!), [x], { name: "powers" });
  });

  describe("whose rule asks for an output that nothing has read", () => {
    /** x ↦ (x³, 3x²): the second output is the slope of the first. */
    const cubeAndSlope: HostOperator<null> = defineHostOperator<null>({
      name: "test/cube-and-slope",
      infer: ([x]) => [x!, x!],
      run: ([x]) => [
        { ...x!, data: Float64Array.from(x!.data, (element) => element ** 3) },
        { ...x!, data: Float64Array.from(x!.data, (element) => 3 * element ** 2) },
      ],
      vjp: ({ inputs: [x], outputs: [, slope], cotangents: [dCube, dSlope] }) => {
        const parts = [dCube && mul(dCube, slope!), dSlope && mul(dSlope, mul(x!, 6))].filter((part) => part !== null);
        return [parts.reduce((a, b) => add(a!, b!)) ?? null];
      },
    });

    it("wait for the cotangents of older outputs before it is applied again", async () => {
      // In the second derivative the slope, made by the rule, is younger than all that the square was made of.
      await checkGradients((point) => square(callHost(cubeAndSlope, [point], null)[0]!), [x], { name: "cube" });
    });

    it("add up what comes back to the two tensors of that output", async () => {
      const f = (point: Tensor) => {
        const [cube, slope] = callHost(cubeAndSlope, [point], null);
        // This derivative does not depend on the slope read here, so the rule gets one of its own.
        const [derivative] = gradients(sum(cube!), [point]);
        return mul(mul(derivative!, slope!), cube!);
      };
      await checkGradients(f, [x], { name: "cube" });
    });
  });

  it("with a wrong rule are caught", async () => {
    const wrong: HostOperator<null> = {
      ...powers,
      vjp: (context) => powers.vjp!(context).map((g) => g && mul(g, 1.01)),
    };
    await expect(checkGradients((point) => callHost(wrong, [point], null), [x])).rejects.toMatchObject({
      code: "GRADIENT_WRONG",
    });
  });

  it("without a rule are refused, unless nothing needs it", async () => {
    const { vjp: _, ...rest } = powers;
    const opaque: HostOperator<null> = { ...rest, name: "test/opaque" };
    const point = input("x", "float64", [3]);
    expect(refusal(() => gradients(callHost(opaque, [point], null)[0]!, [point]))).toMatchInlineSnapshot(
      `"NOT_DIFFERENTIABLE: host operator "test/opaque" has no derivative"`,
    );
    const held = (y: Tensor) => gradients(mul(sum(y), callHost(opaque, [stopGradient(y)], null)[0]!), [y]);
    expect(await valuesOf(held, vector(1, 2))).toEqual([[5, 5]]);
  });

  it("pass no gradient to inputs for which their rule gives none", async () => {
    const first: HostOperator<null> = defineHostOperator<null>({
      name: "test/first",
      infer: ([a]) => [a!],
      run: ([a]) => [a!],
      vjp: ({ cotangents: [dy] }) => [dy ?? null],
    });
    const f = (a: Tensor, b: Tensor) => gradients(sum(callHost(first, [a, b], null)[0]!), [a, b]);
    expect(await valuesOf(f, vector(1, 2), vector(3, 4))).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });
});

it("a long chain is differentiated without recursion", async () => {
  const f = (x: Tensor) => {
    let y = x;
    for (let step = 0; step < 20_000; step++) y = add(y, 0);
    return gradients(sum(y), [x]);
  };
  expect(await valuesOf(f, vector(1))).toEqual([[1]]);
}, 20_000);

it("the cotangents of a product take the shapes of its factors", async () => {
  const f = (a: Tensor, b: Tensor) => gradients(sum(matmul(a, transpose(b))), [a, b]);
  const [a, b] = await runFunction(f, [
    ndarray("float64", [2, 1, 3], [1, 2, 3, 4, 5, 6]),
    ndarray("float64", [1, 3], [7, 8, 9]),
  ]);
  expect(a).toEqual(ndarray("float64", [2, 1, 3], [7, 8, 9, 7, 8, 9]));
  expect(b).toEqual(ndarray("float64", [1, 3], [5, 7, 9]));
});
