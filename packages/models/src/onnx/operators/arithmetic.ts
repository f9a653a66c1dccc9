import {
  add,
  and,
  cast,
  div,
  equal,
  floor,
  greater,
  greaterOrEqual,
  isFloat,
  less,
  lessOrEqual,
  maximum,
  minimum,
  mul,
  not,
  or,
  pow,
  round,
  sub,
  type Tensor,
  where,
} from "@semblance/core";
import type { Call, Operator } from "../translate/call.js";
import { operands } from "./broadcasting.js";
import { floorDivide, truncate, truncatedDivide } from "./integers.js";

type Binary = (a: Tensor, b: Tensor) => Tensor;

const arithmeticOf = (f: Binary): Operator => ({ translate: (call) => f(...operands(call)) });
/** Nothing is computed but an order: integers of any width keep it. */
const comparison = (f: Binary): Operator => ({ translate: (call) => f(...operands(call, (at) => call.x(at))) });
const folded = (f: Binary): Operator => ({
  translate: (call) => call.inputs.map((_, at) => call.number(at)).reduce(f),
});
const chosen = (f: Binary): Operator => ({ translate: (call) => call.all().reduce(f) });

/** Operators on two or more tensors, element by element. */
export const arithmetic: Readonly<Record<string, Operator>> = {
  Add: arithmeticOf(add),
  And: comparison(and),
  Div: arithmeticOf((a, b) => (isFloat(a.dtype) ? div(a, b) : truncatedDivide(a, b).quotient)),
  Equal: comparison(equal),
  Greater: comparison(greater),
  GreaterOrEqual: comparison(greaterOrEqual),
  Less: comparison(less),
  LessOrEqual: comparison(lessOrEqual),
  Max: chosen(maximum),
  Mean: { translate: (call) => div(call.all().reduce(add), call.inputs.length) },
  Min: chosen(minimum),
  Mod: { translate: remainder },
  Mul: arithmeticOf(mul),
  Or: comparison(or),
  Pow: { translate: power },
  Sub: arithmeticOf(sub),
  Sum: folded(add),
  Where: { translate: (call) => where(call.x(0), call.x(1), call.x(2)) },
  Xor: comparison((a, b) => not(equal(a, b))),
};

/** The sign of the divisor, as in Python; that of the dividend, as in C, with `fmod`. */
function remainder(call: Call): Tensor {
  const [a, b] = [call.x(0), call.x(1)];
  const asInC = call.int("fmod", 0) !== 0;
  if (!isFloat(a.dtype)) return (asInC ? truncatedDivide : floorDivide)(a, b).remainder;
  if (!asInC) throw call.fault("floats have a remainder only with fmod = 1");
  return sub(a, mul(b, truncate(div(a, b))));
}

/**
 * The result has the type of the base. A whole power of whole numbers is rounded to the whole number that it is, up to what a float32
 * can count (2²⁴); any other power of whole numbers is cut off, as a conversion does.
 */
function power(call: Call): Tensor {
  const [base, exponent] = operands(call, (at) => (at === 0 ? call.number(at) : call.x(at)));
  if (isFloat(base.dtype)) return pow(base, cast(exponent, base.dtype));
  const [a, b] = [cast(base, "float32"), cast(exponent, "float32")];
  const y = pow(a, b);
  return cast(where(equal(floor(b), b), round(y), truncate(y)), base.dtype);
}
