import { type NdArray, type Shape, sizeOf } from "@semblance/core";
import type { ElementType } from "./element-types.js";
import { encodeModel } from "./encode-model.js";

/** Shape and element type of a value inside an ONNX graph. */
export interface ValueSpec {
  readonly shape: Shape;
  readonly dtype: ElementType;
}

/** A value inside an ONNX graph: an input, an initializer or the output of a node. */
export interface Value extends ValueSpec {
  readonly name: string;
  /** Whether it is a sequence of such tensors, and not one of them. */
  readonly sequence?: boolean;
}

/** A whole number is an INT attribute, a list of them INTS, text STRING, and `{ float }` FLOAT. */
export type Attribute = number | string | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

export interface Node {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

export interface Initializer extends Value {
  readonly bytes: Uint8Array;
}

/** Initializers of at most this many bytes are compared, so that equal ones are stored once. */
const LARGEST_SHARED = 256;

/** Collects the nodes of one ONNX graph in the order in which they run. Every value's shape is known. */
export class GraphBuilder {
  readonly inputs: Value[] = [];
  readonly outputs: Value[] = [];
  readonly nodes: Node[] = [];
  readonly initializers: Initializer[] = [];
  readonly #shared = new Map<string, Value>();
  readonly #computed = new Set<string>();
  readonly #specs = new Map<string, ValueSpec>();
  #count = 0;

  constructor(readonly name: string) {}

  input(name: string, { shape, dtype }: ValueSpec): Value {
    const value = { name, shape, dtype };
    this.inputs.push(value);
    this.#specs.set(name, value);
    return value;
  }

  /** One node with one output. `undefined` leaves an optional input out. */
  node(
    op: string,
    inputs: readonly (Value | undefined)[],
    to: ValueSpec,
    attributes: Attributes = {},
    domain = "",
  ): Value {
    return this.nodeWithOutputs(op, inputs, [to], attributes, domain)[0]!;
  }

  nodeWithOutputs(
    op: string,
    inputs: readonly (Value | undefined)[],
    to: readonly ValueSpec[],
    attributes: Attributes = {},
    domain = "",
  ): Value[] {
    const outputs = to.map(({ shape, dtype }) => ({ name: this.#fresh(op), shape, dtype }));
    this.nodes.push({
      op,
      domain,
      inputs: inputs.map((input) => input?.name ?? ""),
      outputs: outputs.map(({ name }) => name),
      attributes,
    });
    for (const output of outputs) {
      this.#computed.add(output.name);
      this.#specs.set(output.name, output);
    }
    return outputs;
  }

  /** Shape and type of a value by its name. */
  specOf(name: string): ValueSpec {
    return this.#specs.get(name)!;
  }

  /** An array as an initializer; small equal ones are one. */
  constant({ data, dtype, shape }: NdArray): Value {
    return this.#initializer(dtype, shape, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }

  /** A list of int64, which is how ONNX takes shapes, axes and positions. */
  int64(values: readonly number[]): Value {
    const data = BigInt64Array.from(values, BigInt);
    return this.#initializer("int64", [values.length], new Uint8Array(data.buffer));
  }

  /** Makes a value a result of the graph. Inputs, initializers and values that are results already are copied first. */
  output(value: Value): Value {
    // A value is taken once: what is an output already is no longer merely computed.
    const own = this.#computed.has(value.name) ? value : this.node("Identity", [value], value);
    this.#computed.delete(own.name);
    this.outputs.push(own);
    return own;
  }

  /** Makes a value a result under a name of the caller's. */
  namedOutput(name: string, value: Value): void {
    const output = { name, shape: value.shape, dtype: value.dtype };
    this.nodes.push({ op: "Identity", domain: "", inputs: [value.name], outputs: [name], attributes: {} });
    this.outputs.push(output);
  }

  /** Puts an empty sequence before all other results. @returns its name. */
  emptySequenceFirst(): string {
    const name = "no_result";
    this.nodes.push({ op: "SequenceEmpty", domain: "", inputs: [], outputs: [name], attributes: { dtype: 1 } });
    this.outputs.unshift({ name, shape: [], dtype: "float32", sequence: true });
    return name;
  }

  /** The encoded `ModelProto`. */
  encode(): Uint8Array {
    return encodeModel(this);
  }

  #initializer(dtype: ElementType, shape: Shape, bytes: Uint8Array): Value {
    const key = bytes.length <= LARGEST_SHARED ? `${dtype} ${shape.join()} ${bytes.join()}` : undefined;
    const known = key === undefined ? undefined : this.#shared.get(key);
    if (known) return known;
    const value = { name: this.#fresh(sizeOf(shape) === 1 ? "scalar" : "constant"), shape, dtype, bytes };
    this.initializers.push(value);
    this.#specs.set(value.name, value);
    if (key !== undefined) this.#shared.set(key, value);
    return value;
  }

  #fresh(stem: string): string {
    this.#count++;
    return `${stem}_${this.#count}`;
  }
}
