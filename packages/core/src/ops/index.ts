import { realm } from "../ir/realm.js";
import { absOp } from "./abs.js";
import { addOp } from "./add.js";
import { andOp } from "./and.js";
import { argMaxOp } from "./arg-max.js";
import { argTopKOp } from "./arg-top-k.js";
import { averagePoolOp } from "./average-pool.js";
import { castOp } from "./cast.js";
import { ceilOp } from "./ceil.js";
import { concatOp } from "./concat.js";
import { constantOp } from "./constant.js";
import { convOp } from "./conv.js";
import { convFilterGradientOp } from "./conv-filter-gradient.js";
import { convTransposeOp } from "./conv-transpose.js";
import { cosOp } from "./cos.js";
import { cumulativeSumOp } from "./cumulative-sum.js";
import { divOp } from "./div.js";
import { equalOp } from "./equal.js";
import { erfOp } from "./erf.js";
import { expOp } from "./exp.js";
import { expandOp } from "./expand.js";
import { floorOp } from "./floor.js";
import { gatherOp } from "./gather.js";
import { gatherElementsOp } from "./gather-elements.js";
import { greaterOp } from "./greater.js";
import { greaterOrEqualOp } from "./greater-or-equal.js";
import { hostCallOp } from "./host-call.js";
import { identityOp } from "./identity.js";
import { inputOp } from "./input.js";
import { isNaNOp } from "./is-nan.js";
import { lessOp } from "./less.js";
import { lessOrEqualOp } from "./less-or-equal.js";
import { logOp } from "./log.js";
import { matmulOp } from "./matmul.js";
import { maxOp } from "./max.js";
import { maxPoolOp } from "./max-pool.js";
import { maximumOp } from "./maximum.js";
import { minOp } from "./min.js";
import { minimumOp } from "./minimum.js";
import { mulOp } from "./mul.js";
import { negOp } from "./neg.js";
import { notOp } from "./not.js";
import { orOp } from "./or.js";
import { padOp } from "./pad.js";
import { powOp } from "./pow.js";
import { reluOp } from "./relu.js";
import { reshapeOp } from "./reshape.js";
import { roundOp } from "./round.js";
import { scatterElementsOp } from "./scatter-elements.js";
import { sigmoidOp } from "./sigmoid.js";
import { signOp } from "./sign.js";
import { sinOp } from "./sin.js";
import { sliceOp } from "./slice.js";
import { sqrtOp } from "./sqrt.js";
import { stopGradientOp } from "./stop-gradient.js";
import { subOp } from "./sub.js";
import { sumOp } from "./sum.js";
import { tanhOp } from "./tanh.js";
import { transposeOp } from "./transpose.js";
import { whereOp } from "./where.js";

/** The closed set of primitives. A backend is a table with these keys; a test fails when a file here is left out. */
export const ops = {
  abs: absOp,
  add: addOp,
  and: andOp,
  argMax: argMaxOp,
  argTopK: argTopKOp,
  averagePool: averagePoolOp,
  cast: castOp,
  ceil: ceilOp,
  concat: concatOp,
  constant: constantOp,
  conv: convOp,
  convFilterGradient: convFilterGradientOp,
  convTranspose: convTransposeOp,
  cos: cosOp,
  cumulativeSum: cumulativeSumOp,
  div: divOp,
  equal: equalOp,
  erf: erfOp,
  exp: expOp,
  expand: expandOp,
  floor: floorOp,
  gather: gatherOp,
  gatherElements: gatherElementsOp,
  greater: greaterOp,
  greaterOrEqual: greaterOrEqualOp,
  hostCall: hostCallOp,
  identity: identityOp,
  input: inputOp,
  isNaN: isNaNOp,
  less: lessOp,
  lessOrEqual: lessOrEqualOp,
  log: logOp,
  matmul: matmulOp,
  max: maxOp,
  maxPool: maxPoolOp,
  maximum: maximumOp,
  min: minOp,
  minimum: minimumOp,
  mul: mulOp,
  neg: negOp,
  not: notOp,
  or: orOp,
  pad: padOp,
  pow: powOp,
  relu: reluOp,
  reshape: reshapeOp,
  round: roundOp,
  scatterElements: scatterElementsOp,
  sigmoid: sigmoidOp,
  sign: signOp,
  sin: sinOp,
  slice: sliceOp,
  sqrt: sqrtOp,
  stopGradient: stopGradientOp,
  sub: subOp,
  sum: sumOp,
  tanh: tanhOp,
  transpose: transposeOp,
  where: whereOp,
} as const;

// A graph may hold primitives of another copy of core.
for (const op of Object.values(ops)) realm.primitives.add(op);

export type Ops = typeof ops;
export type OpName = keyof Ops;

/** The attributes of a primitive. */
export type AttributesOf<Name extends OpName> = Ops[Name] extends { infer(inputs: never, attributes: infer A): unknown }
  ? A
  : never;
