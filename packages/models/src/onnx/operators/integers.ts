import {
  add,
  and,
  cast,
  div,
  equal,
  floor,
  greaterOrEqual,
  less,
  mul,
  neg,
  not,
  or,
  sub,
  type Tensor,
  where,
} from "@semblance/core";

/**
 * Quotient rounded down and remainder of int32, exactly: the float32 quotient is off by a few units in its last place, so the remainder
 * that it leaves is divided again, and again; the last step puts right what is off by one. The remainder has the sign of the divisor.
 *
 *     a = b·q + r,   0 ≤ |r| < |b|
 */
export function floorDivide(a: Tensor, b: Tensor): { quotient: Tensor; remainder: Tensor } {
  const divisor = cast(b, "float32");
  let rest = a;
  let quotient: Tensor | undefined;
  for (let round = 0; round < 3; round++) {
    const part = cast(floor(div(cast(rest, "float32"), divisor)), "int32");
    rest = sub(rest, mul(part, b));
    quotient = quotient ? add(quotient, part) : part;
  }
  // One more or one less, where the last quotient was rounded across a whole number.
  const positive = greaterOrEqual(b, 1);
  const below = or(and(positive, less(rest, 0)), and(not(positive), greaterOrEqual(rest, 1)));
  const beyond = or(and(positive, greaterOrEqual(rest, b)), and(not(positive), greaterOrEqual(b, rest)));
  const step = sub(cast(beyond, "int32"), cast(below, "int32"));
  return { quotient: add(quotient!, step), remainder: sub(rest, mul(step, b)) };
}

/** Division of int32 as in C, towards zero, with the remainder that has the sign of the dividend. */
export function truncatedDivide(a: Tensor, b: Tensor): { quotient: Tensor; remainder: Tensor } {
  const { quotient, remainder } = floorDivide(a, b);
  const apart = not(equal(less(a, 0), less(b, 0)));
  const step = cast(and(apart, not(equal(remainder, 0))), "int32");
  return { quotient: add(quotient, step), remainder: sub(remainder, mul(step, b)) };
}

/** Indices counted from the front, whether given from the front or (negative) from the back. */
export function fromFront(indices: Tensor, extent: number): Tensor {
  return where(less(indices, 0), add(indices, extent), indices);
}

/** Rounds towards zero. */
export function truncate(x: Tensor): Tensor {
  return where(less(x, 0), neg(floor(neg(x))), floor(x));
}
