import { elementTypeOf, nameOfElementType } from "../element-types.js";
import { malformed, tooLarge } from "../errors.js";
import type { OnnxValueInfo } from "../onnx-model.js";
import type { ProtoReader } from "./proto-reader.js";
import { MOST_ELEMENTS } from "./read-tensor.js";

const CONTAINERS: Readonly<Record<number, string>> = { 4: "sequence", 5: "map", 8: "sparse", 9: "optional" };

/** Reads a `ValueInfoProto`: a name with a type. */
export function readValueInfo(reader: ProtoReader): OnnxValueInfo {
  let name = "";
  let described: Omit<OnnxValueInfo, "name"> = { typeName: "unknown" };
  reader.eachField((field) => {
    if (field === 1) name = reader.text();
    else if (field === 2) described = readType(reader.message("a type"));
  });
  return { name, ...described };
}

function readType(reader: ProtoReader): Omit<OnnxValueInfo, "name"> {
  let described: Omit<OnnxValueInfo, "name"> = { typeName: "unknown" };
  reader.eachField((field) => {
    if (field === 1) described = readTensorType(reader.message("a tensor type"));
    else if (CONTAINERS[field]) described = { typeName: CONTAINERS[field] };
  });
  return described;
}

function readTensorType(reader: ProtoReader): Omit<OnnxValueInfo, "name"> {
  let code = 0;
  let shape: (number | string | undefined)[] | undefined;
  reader.eachField((field) => {
    if (field === 1) code = reader.int();
    else if (field === 2) shape = readShape(reader.message("a shape"));
  });
  const type = elementTypeOf(code);
  return { typeName: nameOfElementType(code), ...(type ? { type } : {}), ...(shape ? { shape } : {}) };
}

function readShape(reader: ProtoReader): (number | string | undefined)[] {
  const shape: (number | string | undefined)[] = [];
  reader.eachField((field) => {
    if (field !== 1) return;
    const dimension = reader.message("an axis");
    let extent: number | string | undefined;
    dimension.eachField((inner) => {
      if (inner === 1) extent = dimension.int();
      else if (inner === 2) extent = dimension.text();
    });
    // Some exporters write −1 or an empty name for an axis that is open.
    if (extent === -1 || extent === "") extent = undefined;
    if (typeof extent === "number" && extent < 0) throw malformed(`an axis of ${extent} elements`, "a shape");
    if (typeof extent === "number" && extent > MOST_ELEMENTS)
      throw tooLarge(`an axis of ${extent} elements`, "a shape");
    shape.push(extent);
    if (shape.length > 32) throw tooLarge("more than 32 axes", "a shape");
  });
  return shape;
}
