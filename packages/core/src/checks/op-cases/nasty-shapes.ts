import type { DType } from "../../arrays/dtype.js";
import type { Shape } from "../../arrays/nd-array.js";
import type { Tensor } from "../../ir/tensor.js";
import { abs } from "../../ops/abs.js";
import { add } from "../../ops/add.js";
import { cast } from "../../ops/cast.js";
import { equal } from "../../ops/equal.js";
import { expand } from "../../ops/expand.js";
import { greater } from "../../ops/greater.js";
import { greaterOrEqual } from "../../ops/greater-or-equal.js";
import { identity } from "../../ops/identity.js";
import type { OpName } from "../../ops/index.js";
import { less } from "../../ops/less.js";
import { lessOrEqual } from "../../ops/less-or-equal.js";
import { maximum } from "../../ops/maximum.js";
import { minimum } from "../../ops/minimum.js";
import { mul } from "../../ops/mul.js";
import { neg } from "../../ops/neg.js";
import { not } from "../../ops/not.js";
import { reshape } from "../../ops/reshape.js";
import { sign } from "../../ops/sign.js";
import { stopGradient } from "../../ops/stop-gradient.js";
import { sub } from "../../ops/sub.js";
import { transpose } from "../../ops/transpose.js";
import { where } from "../../ops/where.js";
import { truths, whole } from "./draw.js";
import { type CaseInput, EXACT, type OpCase, opCase } from "./op-case.js";

/** Shapes that catch a backend whose whole numbers and truth values take another path than its floats. */
const SHAPES: readonly (readonly [string, Shape])[] = [
  ["without axes", []],
  ["of no elements", [2, 0, 3]],
  ["of ones", [1, 1, 1]],
  ["of 1031 elements", [1031]],
  ["of rank 6", [2, 1, 3, 1, 2, 2]],
];

const draws: { readonly [Type in "int32" | "bool"]: (...shape: number[]) => CaseInput } = {
  int32: (...shape) => whole(-5, 6, ...shape),
  bool: truths,
};

/** A primitive of `count` tensors of one shape, in each of the given types and each of the shapes. */
function inEveryShape(
  count: number,
  dtypes: readonly ("int32" | "bool")[],
  f: (...inputs: Tensor[]) => Tensor,
): OpCase[] {
  return dtypes.flatMap((dtype) =>
    SHAPES.map(([name, shape]) => {
      const inputs = Array.from({ length: count }, () => draws[dtype](...shape));
      return opCase(`of ${dtype} ${name}`, inputs, f, { dtypes: [dtype] as readonly DType[], tolerance: EXACT });
    }),
  );
}

const both = ["int32", "bool"] as const;
const numbers = ["int32"] as const;
const truthValues = ["bool"] as const;

/** What the tables of primitives say of floats, said of whole numbers and truth values. */
export const nastyShapes: Partial<Record<OpName, readonly OpCase[]>> = {
  abs: inEveryShape(1, numbers, abs),
  add: inEveryShape(2, numbers, add),
  cast: inEveryShape(1, both, (x) => cast(x, "float32")),
  equal: inEveryShape(2, both, equal),
  expand: inEveryShape(1, both, (x) => expand(x, [2, ...x.shape])),
  greater: inEveryShape(2, numbers, greater),
  greaterOrEqual: inEveryShape(2, numbers, greaterOrEqual),
  identity: inEveryShape(1, both, identity),
  input: inEveryShape(1, both, (x) => x),
  less: inEveryShape(2, numbers, less),
  lessOrEqual: inEveryShape(2, numbers, lessOrEqual),
  maximum: inEveryShape(2, numbers, maximum),
  minimum: inEveryShape(2, numbers, minimum),
  mul: inEveryShape(2, numbers, mul),
  neg: inEveryShape(1, numbers, neg),
  not: inEveryShape(1, truthValues, not),
  reshape: inEveryShape(1, both, (x) => reshape(x, [x.size])),
  sign: inEveryShape(1, numbers, sign),
  stopGradient: inEveryShape(1, both, stopGradient),
  sub: inEveryShape(2, numbers, sub),
  transpose: inEveryShape(1, both, (x) => transpose(x)),
  where: inEveryShape(2, both, (x, y) => where(x!.dtype === "bool" ? x! : greater(x!, 0), x!, y!)),
};
