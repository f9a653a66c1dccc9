import { expect, it } from "vitest";
import { ndarray } from "../arrays/nd-array.js";
import { add } from "../ops/add.js";
import { constant } from "../ops/constant.js";
import { callHost } from "../ops/host-call.js";
import { maxPool } from "../ops/max-pool.js";
import { mul } from "../ops/mul.js";
import { pad } from "../ops/pad.js";
import { sum } from "../ops/sum.js";
import { gradients } from "./grad.js";
import { defineHostOperator } from "./host-operator.js";
import { print } from "./print.js";
import { spec, trace } from "./program.js";

const sgd = () =>
  trace({
    name: "sgd",
    inputs: { x: spec("float32", [3]) },
    carries: { w: spec("float32", [3]) },
    build: ({ x }, { w }) => {
      const loss = sum(mul(mul(w, x), w));
      const [slope] = gradients(loss, [w]);
      return { outputs: { loss, x }, carries: { w: add(w, mul(slope!, -0.5)) } };
    },
  });

it("prints a program, one tensor a line", () => {
  expect(print(sgd())).toMatchInlineSnapshot(`
    "program "sgd"
      %0 = input "x"                                         float32[3]
      %1 = input "w"                                         float32[3]
      %2 = mul(%1, %0)                                       float32[3]
      %3 = mul(%2, %1)                                       float32[3]
      %4 = sum(%3) {"axes":[0],"keepDims":false}             float32[]
      %5 = constant 1                                        float32[]
      %6 = reshape(%5) {"shape":[1]}                         float32[1]
      %7 = expand(%6) {"shape":[3]}                          float32[3]
      %8 = mul(%7, %1)                                       float32[3]
      %9 = mul(%7, %2)                                       float32[3]
      %10 = mul(%8, %0)                                      float32[3]
      %11 = add(%9, %10)                                     float32[3]
      %12 = constant -0.5                                    float32[]
      %13 = mul(%11, %12)                                    float32[3]
      %14 = add(%1, %13)                                     float32[3]
      %15 = identity(%0)                                     float32[3]
      output loss = %4
      output x = %15
      carry w = %14"
  `);
});

it("prints two traces of one function alike", () => {
  expect(print(sgd())).toBe(print(sgd()));
});

it("tells infinities, −0 and long constants apart", () => {
  const host = defineHostOperator<null>({ name: "test/two", infer: ([x]) => [x!, x!], run: ([x]) => [x!, x!] });
  const program = trace({
    name: "special",
    inputs: { x: spec("float64", [1, 1, 2]) },
    build: ({ x }) => ({
      outputs: {
        padded: pad(x, { before: [0, 0, 1], after: [0, 0, 0], value: Number.NEGATIVE_INFINITY }),
        other: pad(x, { before: [0, 0, 1], after: [0, 0, 0], value: -0 }),
        zeros: add(x, constant(ndarray("float64", [4, 1], [0, -0, Infinity, Number.NaN]))),
        long: add(x, constant(ndarray("float64", [5, 1], [1, -0, 3, 4, 5]))),
        host: callHost(host, [x], null)[1]!,
        pooled: maxPool(x, { kernel: 2 }),
      },
    }),
  });
  expect(print(program)).toMatchInlineSnapshot(`
    "program "special"
      %0 = input "x"                                         float64[1, 1, 2]
      %1 = pad(%0) {"before":[0,0,1],"after":[0,0,0],"value":"-Infinity"} float64[1, 1, 3]
      %2 = pad(%0) {"before":[0,0,1],"after":[0,0,0],"value":"-0"} float64[1, 1, 3]
      %3 = constant 0 -0 Infinity NaN                        float64[4, 1]
      %4 = add(%0, %3)                                       float64[1, 4, 2]
      %5 = constant 1 -0 3 …                                 float64[5, 1]
      %6 = add(%0, %5)                                       float64[1, 5, 2]
      %7 = host "test/two"(%0)[1]                            float64[1, 1, 2]
      %8 = maxPool(%0) {"kernel":[2],"strides":[2],"before":[0],"after":[0]} float64[1, 1, 1]
      output padded = %1
      output other = %2
      output zeros = %4
      output long = %6
      output host = %7
      output pooled = %8"
  `);
});
