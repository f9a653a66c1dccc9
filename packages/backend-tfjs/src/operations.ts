import { allocate, type DType, type NdArray, type Shape, sameShape, sizeOf, type TypedArray } from "@semblance/core";
import type { TfjsDevice } from "./device.js";
import type { TfApi, TfEngine, TfTensor } from "./tf-api.js";

/**
 * TensorFlow.js for kernels: runs its kernels by name and remembers what they made, so that all but the result can be disposed of.
 *
 * Kernels are run directly, below the functions of `tf.*`: those check and convert arguments that are right already, and choose
 * kernels by rules of their own. A scope of `tf.tidy` would do the same bookkeeping for every tensor of a whole run.
 */
export class Operations {
  readonly #engine: TfEngine;
  /** What the primitive under way has made so far. */
  #made: TfTensor[] = [];
  /** Numbers that belong to the graph and not to a run, by what they are. */
  readonly #constants = new Map<string, TfTensor>();

  constructor(
    private readonly tf: Pick<TfApi, "engine" | "tensor">,
    readonly device: TfjsDevice,
  ) {
    this.#engine = tf.engine();
  }

  run(kernel: string, inputs: object, attributes: object = {}): TfTensor {
    const result = this.#engine.runKernel(kernel, inputs, attributes) as TfTensor;
    this.#made.push(result);
    return result;
  }

  /** A kernel with several results. */
  runAll(kernel: string, inputs: object, attributes: object = {}): TfTensor[] {
    const results = this.#engine.runKernel(kernel, inputs, attributes) as TfTensor[];
    this.#made.push(...results);
    return results;
  }

  /** An array on the device, for the primitive under way. */
  upload({ dtype, shape, data }: NdArray): TfTensor {
    const result = this.tf.tensor(data, shape, dtype);
    this.#made.push(result);
    return result;
  }

  /** Disposes of something that the primitive under way has made, before it ends. */
  drop(...tensors: readonly TfTensor[]): void {
    for (const tensor of tensors) {
      const at = this.#made.lastIndexOf(tensor);
      if (at < 0) continue;
      this.#made.splice(at, 1);
      tensor.dispose();
    }
  }

  /** Takes something that the primitive under way has made out of its hands. */
  keep(tensor: TfTensor): void {
    this.#made = this.#made.filter((other) => other !== tensor);
  }

  /** Ends a primitive: its result is the caller's, everything else that it made goes. */
  finish(result: TfTensor): TfTensor {
    let own = result;
    if (!this.#made.includes(result)) {
      // A second tensor in the same memory, which TensorFlow.js frees with the last of them; `Identity` copies on wasm.
      own = this.run("Reshape", { x: result }, { shape: [...result.shape] });
    }
    const made = this.#made;
    this.#made = [];
    for (const tensor of made) if (tensor !== own) tensor.dispose();
    return own;
  }

  /** Ends a primitive that failed. */
  abandon(): void {
    const made = this.#made;
    this.#made = [];
    for (const tensor of made) tensor.dispose();
  }

  /** An array that is made once and kept until the graph is disposed of. */
  constant(key: string, make: () => NdArray): TfTensor {
    let known = this.#constants.get(key);
    if (!known) {
      const { dtype, shape, data } = make();
      known = this.tf.tensor(data, shape, dtype);
      this.#constants.set(key, known);
    }
    return known;
  }

  /** A number without axes. */
  scalar(value: number, dtype: DType): TfTensor {
    const key = `${dtype} ${Object.is(value, -0) ? "-0" : value}`;
    return this.constant(key, () => filledArray(value, dtype, []));
  }

  /** Repetitions of one number. */
  filled(value: number, dtype: DType, shape: Shape): TfTensor {
    if (dtype !== "bool") return this.run("Fill", {}, { shape: [...shape], value, dtype });
    return this.upload(filledArray(value, dtype, shape));
  }

  dispose(): void {
    this.abandon();
    for (const tensor of this.#constants.values()) tensor.dispose();
    this.#constants.clear();
  }

  /** The same elements under another shape, without a copy. */
  reshape(x: TfTensor, shape: Shape): TfTensor {
    return sameShape(x.shape, shape) ? x : this.run("Reshape", { x }, { shape: [...shape] });
  }

  cast(x: TfTensor, dtype: DType): TfTensor {
    if (x.dtype === dtype) return x;
    // TensorFlow.js keeps the lowest byte, so that 256 and 0.5 would be false.
    if (dtype === "bool") return this.run("NotEqual", { a: x, b: this.scalar(0, x.dtype as DType) });
    const cast = this.run("Cast", { x }, { dtype });
    // WebGPU's says of the same whole numbers that they are floats, and some shaders take their bits for that.
    if (this.device !== "webgpu" || dtype !== "float32") return cast;
    return this.run("Multiply", { a: cast, b: this.scalar(1, "float32") });
  }

  /** Elements of t where the condition holds, and of e elsewhere; all three have one shape. */
  select(condition: TfTensor, t: TfTensor, e: TfTensor): TfTensor {
    // The kernels of graphics devices stop at rank 4.
    if (t.shape.length <= 4) return this.run("Select", { condition, t, e });
    const flat = (x: TfTensor) => this.reshape(x, [x.size]);
    return this.reshape(this.run("Select", { condition: flat(condition), t: flat(t), e: flat(e) }), t.shape);
  }
}

function filledArray(value: number, dtype: DType, shape: Shape): NdArray {
  const data: TypedArray = allocate(dtype, sizeOf(shape));
  data.fill(value);
  return { dtype, shape, data } as NdArray;
}
