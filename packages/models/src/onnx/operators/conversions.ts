import {
  allocate,
  cast,
  constant,
  full,
  identity,
  ndarray,
  onesLike,
  stopGradient,
  type Tensor,
  where,
} from "@semblance/core";
import {
  computesAsIs,
  dtypeOfElement,
  type ElementType,
  elementTypeNamed,
  elementTypeOf,
  isFloatType,
  nameOfElementType,
} from "../element-types.js";
import type { OnnxNode } from "../onnx-model.js";
import { typeUnsupported } from "../to-array.js";
import type { Call, Given, Operator } from "../translate/call.js";

/** Conversions, generated numbers, and triangles. */
export const conversions: Readonly<Record<string, Operator>> = {
  Cast: { translate: castNode, refuse: refuseCast },
  CastLike: { translate: (call) => converted(call, call.value(1).type) },
  Dropout: { translate: dropout },
  EyeLike: { translate: eyeLike },
  Range: { translate: range },
  Trilu: { translate: triangle },
};

const attributeType = (node: OnnxNode, name: string): { code: number } | undefined => {
  const attribute = node.attributes.get(name);
  if (attribute?.kind === "int") return { code: attribute.value };
  return attribute?.kind === "string" ? { code: elementTypeNamed(attribute.value) } : undefined;
};

function refuseCast(node: OnnxNode): string | undefined {
  const asked = attributeType(node, "to");
  return asked && elementTypeOf(asked.code) === undefined
    ? `there are no values of type ${nameOfElementType(asked.code)}`
    : undefined;
}

function castNode(call: Call): Given {
  const asked = attributeType(call.node, "to");
  if (!asked) throw call.fault("Cast does not say to what");
  const type = elementTypeOf(asked.code);
  if (!type) throw typeUnsupported(nameOfElementType(asked.code), call.where);
  return converted(call, type);
}

/** Integers that lie within others; a conversion between them changes no number. */
const WIDTHS: Readonly<Partial<Record<ElementType, readonly [lowest: number, highest: number]>>> = {
  bool: [0, 1],
  uint8: [0, 2 ** 8 - 1],
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint16: [0, 2 ** 16 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  // All wider ones are computed in int32.
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 31 - 1],
  uint64: [0, 2 ** 31 - 1],
};

/** Refuses what would round or wrap in a way that our types do not. */
function converted(call: Call, type: ElementType): Given {
  const from = call.value(0).type;
  const tensor = cast(call.x(0), dtypeOfElement(type, call.float));
  const [source, target] = [WIDTHS[from], WIDTHS[type]];
  const narrowFloat = type === "float16" || type === "bfloat16";
  const rounds = narrowFloat && from !== type && from !== "bool";
  const holds = source && target && source[0] >= target[0] && source[1] <= target[1];
  const wraps = target && type !== "bool" && !holds && !(isFloatType(from) && computesAsIs(type));
  if (rounds || wraps)
    throw call.unsupported(`converting ${from} to ${type} would ${rounds ? "round" : "wrap"}, which has no primitive`);
  return { tensor, type };
}

/** Nothing is dropped: models are applied, or trained without it. The mask says that all is kept. */
function dropout(call: Call): readonly Given[] {
  const training = call.has(2) ? call.known(2)[0] !== 0 : call.opset < 7 && call.int("is_test", 0) === 0;
  if (training && call.opset >= 7) throw call.unsupported("training_mode drops elements at random");
  const x = call.x(0);
  return [identity(x), { tensor: stopGradient(cast(onesLike(x), "bool")), type: "bool" }];
}

function eyeLike(call: Call): Given {
  const { shape, type: own } = call.value(0);
  const code = call.maybeInt("dtype");
  const type = code === undefined ? own : elementTypeOf(code);
  if (!type) throw typeUnsupported(nameOfElementType(code!), call.where);
  if (shape.length !== 2) throw call.fault("EyeLike takes a matrix");
  const [rows, columns] = shape as [number, number];
  const data = allocate(dtypeOfElement(type, call.float), call.table(rows * columns));
  const k = call.int("k", 0);
  for (let row = 0; row < rows; row++) if (row + k >= 0 && row + k < columns) data[row * columns + row + k] = 1;
  return { tensor: constant(ndarray(dtypeOfElement(type, call.float), shape, data)), type };
}

function range(call: Call): Given {
  const [start, limit, delta] = [0, 1, 2].map((at) => call.knownOne(at)) as [number, number, number];
  if (delta === 0) throw call.fault("Range in steps of 0");
  const count = call.table(Math.max(0, Math.ceil((limit - start) / delta)));
  const { type } = call.value(0);
  const values = Float64Array.from({ length: count }, (_, at) => start + at * delta);
  return { tensor: constant(ndarray(dtypeOfElement(type, call.float), [count], values)), type };
}

/** Keeps one triangle of the last two axes, and the k-th diagonal as its border. */
function triangle(call: Call): Tensor {
  const x = call.x(0);
  if (x.rank < 2) throw call.fault("Trilu takes matrices");
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const k = call.has(1) ? call.knownOne(1) : 0;
  const upper = call.int("upper", 1) !== 0;
  const kept = new Uint8Array(call.table(rows * columns));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      kept[row * columns + column] = Number(upper ? column - row >= k : column - row <= k);
    }
  }
  return where(constant(ndarray("bool", [rows, columns], kept)), x, full([], 0, x.dtype));
}
