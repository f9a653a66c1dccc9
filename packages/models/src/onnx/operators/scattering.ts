import {
  add,
  cast,
  div,
  equal,
  greater,
  iota,
  isFloat,
  max,
  maximum,
  min,
  minimum,
  mul,
  onesLike,
  reshape,
  scatterElements,
  sizeOf,
  stridesOf,
  sum,
  type Tensor,
  where,
} from "@semblance/core";
import type { OnnxNode } from "../onnx-model.js";
import type { Call, Operator } from "../translate/call.js";
import { axisOf, unsqueezed } from "./broadcasting.js";
import { flatPlaces, positions } from "./flat-places.js";
import { fromFront } from "./integers.js";
import { product } from "./reductions.js";

/** How several updates of one element may be combined. */
const COMBINED: Readonly<Record<string, (x: Tensor, updates: Tensor, taken: Tensor) => Tensor>> = {
  add: (x, updates, taken) => add(x, sum(where(taken, updates, 0), { axes: [0] })),
  max: (x, updates, taken) => maximum(x, max(where(taken, updates, unsqueezed(x, [0])), { axes: [0] })),
  min: (x, updates, taken) => minimum(x, min(where(taken, updates, unsqueezed(x, [0])), { axes: [0] })),
  mul: (x, updates, taken) => mul(x, product(where(taken, updates, 1), { axes: [0], keepDims: false })),
  // An element that two updates name is not defined; here the larger one counts.
  none: (x, updates, taken) => {
    const lowest = min(updates, { axes: [0, 1] });
    const any = max(cast(taken, "int32"), { axes: [0] });
    return where(cast(any, "bool"), max(where(taken, updates, lowest), { axes: [0] }), x);
  },
};

const refuseReduction = ({ attributes }: OnnxNode) => {
  const attribute = attributes.get("reduction");
  const reduction = attribute?.kind === "string" ? attribute.value : "none";
  return Object.hasOwn(COMBINED, reduction) ? undefined : `there is no reduction "${reduction}"`;
};

/** Writing by index. */
export const scattering: Readonly<Record<string, Operator>> = {
  MaxUnpool: { translate: maxUnpool },
  Scatter: { translate: scattered },
  ScatterElements: { translate: scattered, refuse: refuseReduction },
  ScatterND: { translate: scatteredSlices, refuse: refuseReduction },
};

/** Comparing each update with each element of the result takes at most this many comparisons. */
const MOST_COMPARED = 2 ** 22;

/** Puts updates into a flat tensor, or combines them with what is there. */
function put(call: Call, x: Tensor, places: Tensor, updates: Tensor): Tensor {
  const size = x.shape[0]!;
  const reduction = call.text("reduction", "none");
  if (isFloat(x.dtype) && (reduction === "none" || reduction === "add")) {
    const place = (values: Tensor) => scatterElements(values, places, { axis: 0, size });
    return reduction === "add"
      ? add(x, place(updates))
      : where(greater(place(onesLike(updates)), 0), place(updates), x);
  }
  // Other combinations have no primitive, but may be written out where they are small.
  if (updates.size * size > MOST_COMPARED)
    throw call.unsupported(`scattering ${updates.size} ${x.dtype} by "${reduction}" into ${size}`);
  if (updates.size === 0) return x;
  const taken = equal(reshape(places, [-1, 1]), iota(call.table(size)));
  return COMBINED[reduction]!(x, reshape(updates, [-1, 1]), taken);
}

function scattered(call: Call): Tensor {
  const [x, indices, updates] = [call.x(0), call.x(1), call.x(2)];
  const axis = axisOf(call, call.int("axis", 0), x.rank);
  const strides = stridesOf(x.shape);
  let places = mul(fromFront(indices, x.shape[axis]!), strides[axis]!);
  indices.shape.forEach((extent, at) => {
    if (at !== axis) places = add(places, positions(call, extent, strides[at]!, at, x.rank));
  });
  const flat = put(call, reshape(x, [-1]), reshape(places, [-1]), reshape(updates, [-1]));
  return reshape(flat, x.shape);
}

function scatteredSlices(call: Call): Tensor {
  const [x, indices, updates] = [call.x(0), call.x(1), call.x(2)];
  const depth = indices.shape.at(-1);
  if (depth === undefined || depth < 1 || depth > x.rank) throw call.fault(`indices [${indices.shape.join(", ")}]`);
  const inner = sizeOf(x.shape.slice(depth));
  const strides = stridesOf(x.shape);
  const starts = reshape(flatPlaces(indices, x.shape.slice(0, depth), strides.slice(0, depth)), [-1, 1]);
  const places = add(starts, positions(call, inner, 1, 1, 2));
  const flat = put(call, reshape(x, [-1]), reshape(places, [-1]), reshape(updates, [-1]));
  return reshape(flat, x.shape);
}

/** Each value goes back to where it came from; a place that two windows chose gets the value once. */
function maxUnpool(call: Call): Tensor {
  const [x, indices] = [call.number(0), call.x(1)];
  const kernel = call.ints("kernel_shape") ?? [];
  const strides = call.ints("strides") ?? kernel.map(() => 1);
  const pads = call.ints("pads") ?? [...kernel, ...kernel].map(() => 0);
  const spatial = kernel.map(
    (extent, axis) => (x.shape[axis + 2]! - 1) * strides[axis]! + extent - pads[axis]! - pads[axis + kernel.length]!,
  );
  // The places are those of the tensor that was pooled, whose extents a larger result does not change.
  const pooled = [...x.shape.slice(0, 2), ...spatial];
  if (call.has(2) && call.known(2).some((extent, axis) => extent !== pooled[axis])) {
    throw call.unsupported("output_shape that is not the shape which was pooled");
  }
  const size = sizeOf(pooled);
  const place = (values: Tensor) => scatterElements(reshape(values, [-1]), reshape(indices, [-1]), { axis: 0, size });
  return reshape(div(place(x), maximum(place(onesLike(x)), 1)), pooled);
}
