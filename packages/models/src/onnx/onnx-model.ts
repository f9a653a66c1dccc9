import type { ElementType } from "./element-types.js";

/** The array in which elements are kept as the file has them. Both halves of float16 are widened, which is exact. */
export type StoredData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** A tensor of a file. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** The name of its element type. */
  readonly typeName: string;
  /** Absent for element types that have no counterpart, such as text. */
  readonly content?: { readonly type: ElementType; readonly data: StoredData };
}

/** What a file says of an input or a result. */
export interface OnnxValueInfo {
  readonly name: string;
  /** The name of its element type, or `sequence`, `map`, `optional`, `sparse`, `unknown`. */
  readonly typeName: string;
  /** Absent for anything but tensors of a known type. */
  readonly type?: ElementType;
  /** An extent, the name of one, or undefined for one that is open; absent where even the rank is. */
  readonly shape?: readonly (number | string | undefined)[];
}

/** An attribute of a node. Integers beyond 2⁵³ are the nearest safe one. */
export type OnnxAttribute =
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "tensor"; readonly value: OnnxTensor }
  | { readonly kind: "ints"; readonly value: readonly number[] }
  | { readonly kind: "floats"; readonly value: readonly number[] }
  | { readonly kind: "strings"; readonly value: readonly string[] }
  /** A graph inside a node, a sparse tensor, a type, or a reference: nothing that is computed with. */
  | { readonly kind: "other"; readonly value: string };

export interface OnnxNode {
  /** Its own name, or one made of its operator and place. */
  readonly name: string;
  readonly operator: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  /** Names of values; empty for an optional one that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** A graph, its weights by name. */
export interface OnnxGraph {
  readonly graphName: string;
  /** In an order in which each node's inputs are there before it. */
  readonly nodes: readonly OnnxNode[];
  /** Without those that an initializer gives a value. */
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
}

/** A file, described. */
export interface OnnxModel extends OnnxGraph {
  readonly irVersion: number;
  readonly producer: string;
  /** The version of the standard operators. */
  readonly opset: number;
  /** Version by domain, the standard one being empty. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Free text by name. */
  readonly metadata: ReadonlyMap<string, string>;
}
