import {
  concat,
  constant,
  expand,
  full,
  ndarray,
  reshape,
  sizeOf,
  slice,
  type Tensor,
  transpose,
} from "@semblance/core";
import { dtypeOfElement, type ElementType } from "../element-types.js";
import { countOf } from "../proto/read-tensor.js";
import { contentOf, toArray } from "../to-array.js";
import type { Call, Given, Operator } from "../translate/call.js";
import { axesOf, axisOf, unsqueezed } from "./broadcasting.js";

/** Shapes, and what they decide. Axes are inputs since operator set 13, and attributes before. */
export const shapes: Readonly<Record<string, Operator>> = {
  Constant: { translate: constantNode },
  ConstantOfShape: { translate: constantOfShape },
  Concat: { translate: (call) => concat(call.all(), axisOf(call, call.int("axis", 1), call.x(0).rank)) },
  Expand: { translate: expanded },
  Flatten: { translate: flattened },
  Reshape: { translate: reshaped },
  Shape: { translate: shapeOf },
  Size: { translate: (call) => indexVector([call.value(0).shape.reduce((a, b) => a * b, 1)], []) },
  Split: { translate: split },
  Squeeze: { translate: squeezed },
  Tile: { translate: tiled },
  Transpose: { translate: (call) => transpose(call.x(0), call.ints("perm")) },
  Unsqueeze: {
    translate(call) {
      const x = call.x(0);
      const axes = axesGiven(call) ?? [];
      return unsqueezed(x, axesOf(call, axes, x.rank + axes.length));
    },
  },
};

const axesGiven = (call: Call) => (call.opset >= 13 ? (call.has(1) ? call.known(1) : undefined) : call.ints("axes"));

function indexVector(values: readonly number[], shape: readonly number[] = [values.length]): Given {
  return { tensor: constant(ndarray("int32", shape, values)), type: "int64" };
}

function constantNode(call: Call): Given {
  const given = call.tensor("value");
  if (given) return { tensor: constant(toArray(given, call.float)), type: contentOf(given).type };
  const floats = call.floats("value_floats");
  const ints = call.ints("value_ints");
  const [float, int] = [call.maybeFloat("value_float"), call.maybeInt("value_int")];
  const array = (type: ElementType, shape: readonly number[], values: readonly number[]): Given => ({
    tensor: constant(ndarray(dtypeOfElement(type, call.float), shape, values)),
    type,
  });
  if (float !== undefined) return array("float32", [], [float]);
  if (int !== undefined) return array("int64", [], [int]);
  if (floats) return array("float32", [floats.length], floats);
  if (ints) return array("int64", [ints.length], ints);
  throw call.unsupported("constants are dense numbers");
}

function constantOfShape(call: Call): Given {
  const shape = call.known(0);
  const given = call.tensor("value");
  const type = given ? contentOf(given).type : "float32";
  const value = given ? (toArray(given, call.float).data[0] ?? 0) : 0;
  return { tensor: full(extents(call, shape), value, dtypeOfElement(type, call.float)), type };
}

/** A shape that came from a file's numbers. */
function extents(call: Call, shape: readonly number[]): readonly number[] {
  if (shape.some((extent) => extent < 0)) throw call.fault(`[${shape.join(", ")}] is no shape`);
  countOf(shape, call.where);
  return shape;
}

function expanded(call: Call): Tensor {
  const x = call.x(0);
  const asked = extents(call, call.known(1));
  const rank = Math.max(asked.length, x.rank);
  // Both are broadcast: an extent of 1 that is asked for leaves the tensor's own.
  const shape = Array.from({ length: rank }, (_, at) => {
    const own = x.shape[at - rank + x.rank] ?? 1;
    const wish = asked[at - rank + asked.length] ?? 1;
    return wish === 1 ? own : wish;
  });
  return expand(x, extents(call, shape));
}

function flattened(call: Call): Tensor {
  const x = call.x(0);
  const given = call.int("axis", 1);
  const axis = given === x.rank ? given : axisOf(call, given, x.rank);
  return reshape(x, [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))]);
}

/** 0 keeps an extent unless `allowzero` is set, and −1 is what fits. */
function reshaped(call: Call): Tensor {
  const x = call.x(0);
  const asked = call.opset < 5 ? (call.ints("shape") ?? []) : call.known(1);
  const keeps = call.int("allowzero", 0) === 0;
  const shape = asked.map((extent, axis) => {
    if (extent !== 0 || !keeps) return extent;
    const own = x.shape[axis];
    if (own === undefined) throw call.fault(`axis ${axis} is kept, and x has ${x.rank} axes`);
    return own;
  });
  return reshape(x, shape);
}

function shapeOf(call: Call): Given {
  const { shape } = call.value(0);
  return indexVector(shape.slice(call.int("start", 0), call.maybeInt("end") ?? shape.length));
}

function split(call: Call): readonly Tensor[] {
  const x = call.x(0);
  const axis = axisOf(call, call.int("axis", 0), x.rank);
  const count = call.node.outputs.length;
  const asked = call.opset >= 13 ? (call.has(1) ? call.known(1) : undefined) : call.ints("split");
  // Equal parts; since operator set 18 the last one may be smaller.
  const part = Math.ceil(x.shape[axis]! / count);
  const sizes =
    asked ?? Array.from({ length: count }, (_, at) => Math.max(0, Math.min(part, x.shape[axis]! - at * part)));
  const total = sizes.reduce((a, b) => a + b, 0);
  if (sizes.length !== count || total !== x.shape[axis] || sizes.some((size) => size < 0)) {
    throw call.fault(`parts [${sizes.join(", ")}] for ${count} results of ${x.shape[axis]} elements`);
  }
  let end = 0;
  return sizes.map((size) => {
    const start = end;
    end += size;
    return slice(x, { axis, start, end });
  });
}

function squeezed(call: Call): Tensor {
  const x = call.x(0);
  const given = axesGiven(call);
  const axes = given ? axesOf(call, given, x.rank) : x.shape.flatMap((extent, axis) => (extent === 1 ? [axis] : []));
  const full = axes.find((axis) => x.shape[axis] !== 1);
  if (full !== undefined) throw call.fault(`axis ${full} has ${x.shape[full]} elements and cannot be taken out`);
  return reshape(
    x,
    x.shape.filter((_, axis) => !axes.includes(axis)),
  );
}

function tiled(call: Call): Tensor {
  if (call.opset < 6) throw call.unsupported("Tile along one axis, as before operator set 6");
  const x = call.x(0);
  const repeats = extents(call, call.known(1));
  if (repeats.length !== x.rank) throw call.fault(`${repeats.length} repetitions for ${x.rank} axes`);
  extents(
    call,
    x.shape.map((extent, axis) => extent * repeats[axis]!),
  );
  const paired = x.shape.flatMap((extent) => [1, extent]);
  const repeated = x.shape.flatMap((extent, axis) => [repeats[axis]!, extent]);
  return reshape(
    expand(reshape(x, paired), repeated),
    x.shape.map((extent, axis) => extent * repeats[axis]!),
  );
}
