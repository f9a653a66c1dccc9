import {
  add,
  cast,
  equal,
  gather,
  gatherElements,
  iota,
  reshape,
  sizeOf,
  sliceAxes,
  stridesOf,
  type Tensor,
  where,
} from "@semblance/core";
import type { Call, Operator } from "../translate/call.js";
import { axisOf, unsqueezed } from "./broadcasting.js";
import { flatPlaces, positions } from "./flat-places.js";
import { fromFront } from "./integers.js";

/** Reading by index. */
export const gathering: Readonly<Record<string, Operator>> = {
  Gather: { translate: gathered },
  GatherElements: { translate: gatheredElements },
  GatherND: { translate: gatheredSlices },
  OneHot: { translate: oneHotNode },
};

function gathered(call: Call): Tensor {
  const x = call.x(0);
  const axis = axisOf(call, call.int("axis", 0), x.rank);
  return gather(x, fromFront(call.x(1), x.shape[axis]!), axis);
}

function gatheredElements(call: Call): Tensor {
  const [x, indices] = [call.x(0), call.x(1)];
  const axis = axisOf(call, call.int("axis", 0), x.rank);
  if (indices.rank !== x.rank) throw call.fault(`indices with ${indices.rank} axes for ${x.rank}`);
  // Indices may be fewer along the other axes; they read the first ones.
  const part = sliceAxes(x, {
    starts: x.shape.map(() => 0),
    sizes: x.shape.map((extent, at) => (at === axis ? extent : indices.shape[at]!)),
    steps: x.shape.map(() => 1),
  });
  return gatherElements(part, fromFront(indices, x.shape[axis]!), axis);
}

function gatheredSlices(call: Call): Tensor {
  const [x, indices] = [call.x(0), call.x(1)];
  const batch = call.int("batch_dims", 0);
  const depth = indices.shape.at(-1);
  if (depth === undefined || depth < 1 || batch < 0 || batch + depth > x.rank || batch >= indices.rank) {
    throw call.fault(`indices [${indices.shape.join(", ")}] with ${batch} batch axes into x [${x.shape.join(", ")}]`);
  }
  const inner = x.shape.slice(batch + depth);
  const strides = stridesOf(x.shape.slice(0, batch + depth));
  let places = flatPlaces(indices, x.shape.slice(batch, batch + depth), strides.slice(batch));
  for (let axis = 0; axis < batch; axis++) {
    places = add(places, positions(call, x.shape[axis]!, strides[axis]!, axis, places.rank));
  }
  const rows = reshape(x, [sizeOf(x.shape.slice(0, batch + depth)), ...inner]);
  return gather(rows, places, 0);
}

/** An index outside the depth gives the value for “off” everywhere. */
function oneHotNode(call: Call): Tensor {
  const given = call.x(0);
  const depth = call.table(call.knownOne(1));
  const values = call.x(2);
  if (values.size !== 2 || depth < 0) throw call.fault("OneHot takes a depth, and values for off and on");
  const indices = fromFront(cast(given, "int32"), depth);
  const axis = axisOf(call, call.int("axis", -1), given.rank + 1);
  const extents = Array.from({ length: given.rank + 1 }, (_, at) => (at === axis ? depth : 1));
  const hot = equal(unsqueezed(indices, [axis]), reshape(iota(depth), extents));
  const value = (at: number) => reshape(sliceAxes(reshape(values, [2]), { starts: [at], sizes: [1], steps: [1] }), []);
  return where(hot, value(1), value(0));
}
