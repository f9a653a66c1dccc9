import { type FloatDType, reshape, type Tensor } from "@semblance/core";
import { computesAsIs, type ElementType } from "../element-types.js";
import { OnnxError, tooLarge } from "../errors.js";
import type { OnnxAttribute, OnnxNode, OnnxTensor } from "../onnx-model.js";
import { typeUnsupported } from "../to-array.js";
import { type Value, valueUnknown } from "./value.js";

/** Tables of numbers that a translation makes, such as the positions of a padding, have at most this many. */
const LARGEST_TABLE = 2 ** 24;

/** One node with its inputs, as the translation of its operator sees it. */
export class Call {
  constructor(
    readonly node: OnnxNode,
    readonly inputs: readonly (Value | undefined)[],
    readonly opset: number,
    /** The type in which floats are computed, where the caller chose one. */
    readonly float: FloatDType | undefined,
  ) {}

  get where(): string {
    return `node "${this.node.name}" (${this.node.operator})`;
  }

  has(position: number): boolean {
    return this.inputs[position] !== undefined;
  }

  value(position: number): Value {
    const value = this.inputs[position];
    if (value) return value;
    throw this.fault(`input ${position} is missing`);
  }

  x(position: number): Tensor {
    return this.value(position).tensor();
  }

  /** An input on whose type arithmetic is what it is on ours. */
  number(position: number): Tensor {
    const { type } = this.value(position);
    if (!computesAsIs(type)) throw typeUnsupported(`${type}, whose arithmetic wraps at its own width,`, this.where);
    return this.x(position);
  }

  maybe(position: number): Tensor | undefined {
    return this.inputs[position]?.tensor();
  }

  /** An input with one element, without axes. */
  scalar(position: number): Tensor {
    const tensor = this.x(position);
    if (tensor.size !== 1) throw this.fault(`input ${position} has ${tensor.size} elements, and one is taken`);
    return reshape(tensor, []);
  }

  /** All inputs; at least one. */
  all(): Tensor[] {
    this.value(0);
    return this.inputs.map((_, position) => this.x(position));
  }

  /** The numbers of an input that decides a shape. @throws OnnxError ONNX_VALUE_UNKNOWN */
  known(position: number): readonly number[] {
    const value = this.value(position);
    this.table(value.shape.reduce((product, extent) => product * extent, 1));
    const numbers = value.numbers();
    if (numbers) return numbers;
    throw valueUnknown(value, this.where);
  }

  knownOne(position: number): number {
    const numbers = this.known(position);
    if (numbers.length !== 1) throw this.fault(`input ${position} has ${numbers.length} elements, and one is taken`);
    return numbers[0]!;
  }

  int(name: string, otherwise: number): number {
    return this.#attribute(name, "int") ?? otherwise;
  }

  maybeInt(name: string): number | undefined {
    return this.#attribute(name, "int");
  }

  float32(name: string, otherwise: number): number {
    return this.#attribute(name, "float") ?? otherwise;
  }

  maybeFloat(name: string): number | undefined {
    return this.#attribute(name, "float");
  }

  text(name: string, otherwise: string): string {
    return this.#attribute(name, "string") ?? otherwise;
  }

  ints(name: string): readonly number[] | undefined {
    // An empty list may be written as nothing at all.
    return this.#attribute(name, "ints");
  }

  floats(name: string): readonly number[] | undefined {
    return this.#attribute(name, "floats");
  }

  tensor(name: string): OnnxTensor | undefined {
    return this.#attribute(name, "tensor");
  }

  /** Whether somebody names a result of the node. */
  wants(output: number): boolean {
    return (this.node.outputs[output] ?? "") !== "";
  }

  /** Compares a size with what is made as a table of numbers, before it is made. */
  table(count: number): number {
    if (count > LARGEST_TABLE) throw tooLarge(`a table of ${count} numbers`, this.where);
    return count;
  }

  fault(message: string): OnnxError {
    return new OnnxError("ONNX_NODE_INVALID", message, {
      where: this.where,
      fix: "Export the model again; the operator's page of the ONNX reference says what it takes.",
    });
  }

  unsupported(message: string): OnnxError {
    return new OnnxError("ONNX_OPERATOR_UNSUPPORTED", message, {
      where: this.where,
      fix: "Export the model without it.",
    });
  }

  #attribute<Kind extends OnnxAttribute["kind"]>(
    name: string,
    kind: Kind,
  ): Extract<OnnxAttribute, { kind: Kind }>["value"] | undefined {
    const attribute = this.node.attributes.get(name);
    if (attribute === undefined) return undefined;
    if (attribute.kind === kind) return attribute.value as never;
    if (attribute.kind === "other" && attribute.value === "nothing") return undefined;
    throw this.fault(`attribute "${name}" is ${attribute.kind}, and ${kind} is taken`);
  }
}

/** What an operator gives: tensors, with their ONNX type where it does not follow from the inputs. */
export type Given = Tensor | { readonly tensor: Tensor; readonly type: ElementType };

export interface Operator {
  /** Writes a node with our primitives. */
  translate(call: Call): Given | readonly Given[];
  /** Why a node cannot be translated, as far as it can be seen without its inputs. */
  readonly refuse?: (node: OnnxNode) => string | undefined;
}
