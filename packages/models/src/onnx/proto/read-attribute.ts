import type { OnnxAttribute } from "../onnx-model.js";
import { type ProtoReader, saturated } from "./proto-reader.js";
import { readTensor } from "./read-tensor.js";

/** `AttributeProto.type`, by which attributes say what they hold since the third version of the format. */
const KINDS = ["undefined", "float", "int", "string", "tensor", "graph", "floats", "ints", "strings"] as const;
const OTHERS: Readonly<Record<number, string>> = { 5: "a graph", 10: "graphs", 11: "a sparse tensor", 13: "a type" };

/**
 * Reads an `AttributeProto`. A graph inside a node is noted and not read: its operator is refused by name, so that the depth of a
 * file does not depend on the file.
 */
export function readAttribute(reader: ProtoReader): { readonly name: string; readonly attribute: OnnxAttribute } {
  let name = "";
  let type: number | undefined;
  let other: string | undefined;
  const ints: bigint[] = [];
  const floats: number[] = [];
  const strings: string[] = [];
  const one: { [Kind in "int" | "float" | "string" | "tensor"]?: OnnxAttribute } = {};
  reader.eachField((field) => {
    if (field === 1) name = reader.text();
    else if (field === 2) one.float = { kind: "float", value: reader.float() };
    else if (field === 3) one.int = { kind: "int", value: reader.int() };
    else if (field === 4) one.string = { kind: "string", value: reader.text() };
    else if (field === 5) one.tensor = { kind: "tensor", value: readTensor(reader.message(`attribute "${name}"`)) };
    else if (field === 7) reader.floats(floats);
    else if (field === 8) reader.ints(ints);
    else if (field === 9) strings.push(reader.text());
    else if (field === 20) type = reader.int();
    else if (field === 21) other = "a reference to a function's attribute";
    else if ([6, 10, 11, 14, 15, 22, 23].includes(field))
      other = OTHERS[field === 6 ? 5 : field] ?? "something unknown";
  });
  const lists = {
    ints: { kind: "ints", value: ints.map(saturated) },
    floats: { kind: "floats", value: floats },
    strings: { kind: "strings", value: strings },
  } as const;
  const all: Readonly<Record<string, OnnxAttribute | undefined>> = { ...one, ...lists };
  const named = type === undefined ? undefined : KINDS[type];
  const guessed = Object.values(one)[0] ?? Object.values(lists).find(({ value }) => value.length > 0);
  const attribute =
    other !== undefined
      ? undefined
      : named === undefined || named === "undefined"
        ? guessed
        : (all[named] ?? zeroOf(named));
  return { name, attribute: attribute ?? { kind: "other", value: other ?? OTHERS[type ?? -1] ?? "nothing" } };
}

/** A field that holds its default may be left out of the file. */
function zeroOf(kind: string): OnnxAttribute | undefined {
  if (kind === "int" || kind === "float") return { kind, value: 0 };
  return kind === "string" ? { kind, value: "" } : undefined;
}
