import type { FloatDType } from "../arrays/dtype.js";
import type { NdArray } from "../arrays/nd-array.js";
import type { Program } from "../ir/program.js";
import type { Graph } from "../ir/segments.js";

/** Named arrays that go into or come out of a program. */
export type Arrays = Readonly<Record<string, NdArray>>;

/** A compiled program with its carried state. */
export interface Executable {
  /** One call: feeds every input by name, moves the carries on, returns every output. */
  run(feeds: Arrays): Promise<Record<string, NdArray>>;
  /** The present value of carries (all of them by default), as copies. */
  read(names?: readonly string[]): Promise<Record<string, NdArray>>;
  /** Sets carries; every carry must be set before the first run. The arrays are copied. */
  write(values: Arrays): Promise<void>;
  /** Releases everything; any later call is refused. */
  dispose(): Promise<void>;
}

/** Runs programs on some device. */
export interface Backend {
  /** The name that jobs use, such as `ort` or `tfjs/wasm`. */
  readonly name: string;
  /** What runs the numbers, in words for people. */
  readonly device: string;
  /** The floating-point type that training uses here unless a job says otherwise. */
  readonly float: FloatDType;
  compile(program: Program): Promise<Executable>;
  dispose(): Promise<void>;
}

/**
 * What the author of a backend writes: how to run a graph on handles of its own. Core adds programs, carries, host operators and
 * all checking of what is fed (`backendFromDevice`).
 */
export interface Device<Handle> {
  readonly name: string;
  readonly device: string;
  readonly float: FloatDType;
  /** Prepares a graph; throws a BackendError that names the primitive when the device cannot do it. */
  compile(graph: Graph): Promise<CompiledGraph<Handle>>;
  upload(array: NdArray): Handle | Promise<Handle>;
  /** A copy that later runs do not change. */
  download(handle: Handle): NdArray | Promise<NdArray>;
  release(handle: Handle): void;
  dispose(): Promise<void>;
}

export interface CompiledGraph<Handle> {
  /**
   * The graph's outputs. `spare[i]`, where given, is a handle of the shape of output i that nobody reads any more: the result may
   * be written into it, and otherwise it must be released. No input may be changed, and no output may share memory with an input.
   */
  run(inputs: readonly Handle[], spare: readonly (Handle | undefined)[]): Promise<Handle[]>;
  dispose(): void | Promise<void>;
}
