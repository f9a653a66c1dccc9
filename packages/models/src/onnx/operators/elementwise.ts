import {
  abs,
  add,
  ceil,
  cos,
  div,
  equal,
  erf,
  exp,
  floor,
  identity,
  isNaN as isNotANumber,
  less,
  log,
  log1p,
  mul,
  neg,
  not,
  or,
  round,
  sigmoid,
  sign,
  sin,
  sqrt,
  square,
  sub,
  type Tensor,
  tanh,
} from "@semblance/core";
import type { Call, Operator } from "../translate/call.js";

/** An operator that applies a function of ours to its only input. */
const unary = (f: (x: Tensor) => Tensor): Operator => ({ translate: (call) => f(call.number(0)) });
const cosh = (x: Tensor) => mul(add(exp(x), exp(neg(x))), 0.5);

/** Functions of one number. The inverse trigonometric functions have no primitive. */
export const elementwise: Readonly<Record<string, Operator>> = {
  Abs: unary(abs),
  Acosh: unary((x) => log(add(x, mul(sqrt(sub(x, 1)), sqrt(add(x, 1)))))),
  // sign(x)·log(1 + |x| + x²/(1 + √(1 + x²))) does not cancel near 0.
  Asinh: unary((x) => {
    const size = abs(x);
    return mul(sign(x), log1p(add(size, div(square(x), add(sqrt(add(square(x), 1)), 1)))));
  }),
  Atanh: unary((x) => mul(sub(log1p(x), log1p(neg(x))), 0.5)),
  Ceil: unary(ceil),
  Cos: unary(cos),
  Cosh: unary(cosh),
  Erf: unary(erf),
  Exp: unary(exp),
  Floor: unary(floor),
  Identity: { translate: (call) => ({ tensor: identity(call.x(0)), type: call.value(0).type }) },
  IsInf: { translate: isInfinite },
  IsNaN: unary(isNotANumber),
  Log: unary(log),
  Neg: unary(neg),
  Not: { translate: (call) => not(call.x(0)) },
  Reciprocal: unary((x) => div(1, x)),
  Round: unary(round),
  Sigmoid: unary(sigmoid),
  Sign: { translate: (call) => sign(call.x(0)) },
  Sin: unary(sin),
  // tanh(x)·cosh(x) does not cancel near 0.
  Sinh: unary((x) => mul(tanh(x), cosh(x))),
  Sqrt: unary(sqrt),
  Tan: unary((x) => div(sin(x), cos(x))),
  Tanh: unary(tanh),
};

function isInfinite(call: Call): Tensor {
  const x = call.x(0);
  const [above, below] = [equal(x, Number.POSITIVE_INFINITY), equal(x, Number.NEGATIVE_INFINITY)];
  const [positive, negative] = [call.int("detect_positive", 1) !== 0, call.int("detect_negative", 1) !== 0];
  if (positive && negative) return or(above, below);
  if (positive) return above;
  return negative ? below : less(abs(x), 0);
}
