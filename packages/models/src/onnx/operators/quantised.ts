import { cast, matmul, mul, round, sub, type Tensor } from "@semblance/core";
import type { Call, Given, Operator } from "../translate/call.js";
import { along, axisOf } from "./broadcasting.js";
import { convolve } from "./windows.js";

/** The largest product of two bytes that have been centred, and the whole numbers that a float32 counts to. */
const LARGEST_PRODUCT = 255 * 255;
const COUNTED = 2 ** 24;

/** Arithmetic on bytes, in float32 where all sums are whole numbers that it holds. */
export const quantised: Readonly<Record<string, Operator>> = {
  ConvInteger: {
    translate(call) {
      const [x, w] = [centred(call, 0, 2), centred(call, 1, 3, 0)];
      return whole(call, w.size / Math.max(1, w.shape[0]!), convolve(call, x, w));
    },
  },
  DequantizeLinear: { translate: dequantised },
  MatMulInteger: {
    translate(call) {
      const [a, b] = [centred(call, 0, 2, -2), centred(call, 1, 3, -1)];
      if (a.rank < 2 || b.rank < 2) throw call.fault("MatMulInteger takes matrices");
      return whole(call, a.shape.at(-1)!, matmul(a, b));
    },
  },
};

/** A byte tensor with its zero point subtracted; a vector of them lies along an axis. */
function centred(call: Call, position: number, zeroPoint: number, axis = 0): Tensor {
  const x = cast(call.x(position), "float32");
  if (!call.has(zeroPoint)) return x;
  const zero = cast(call.x(zeroPoint), "float32");
  return sub(x, zero.rank === 1 && zero.size > 1 ? along(zero, axisOf(call, axis, x.rank), x.rank) : zero);
}

function whole(call: Call, terms: number, sums: Tensor): Given {
  if (terms * LARGEST_PRODUCT > COUNTED) throw call.unsupported(`sums of ${terms} products of bytes have no primitive`);
  return { tensor: cast(round(sums), "int32"), type: "int32" };
}

/** (x − zero)·scale, with one scale or one for each place along an axis. */
function dequantised(call: Call): Given {
  if (call.int("block_size", 0) !== 0) throw call.unsupported("scales for blocks");
  const scale = call.x(1);
  const x = cast(call.x(0), scale.dtype);
  const axis = scale.rank === 1 && scale.size > 1 ? axisOf(call, call.int("axis", 1), x.rank) : undefined;
  const placed = (values: Tensor) => (axis === undefined ? values : along(values, axis, x.rank));
  const moved = call.has(2) ? sub(x, placed(cast(call.x(2), scale.dtype))) : x;
  return { tensor: mul(moved, placed(scale)), type: call.value(1).type };
}
