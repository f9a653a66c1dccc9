import { holds } from "../arrays/dtype.js";
import { type NdArray, sameShape, showShape, sizeOf } from "../arrays/nd-array.js";
import type { Arrays, CompiledGraph, Device, Executable } from "../contracts/backend.js";
import { BackendError, ShapeError } from "../errors.js";
import type { Program } from "../ir/program.js";
import { cutIntoSteps, type DeviceStep, type HostStep, type Step } from "../ir/segments.js";
import type { Tensor, TensorSpec } from "../ir/tensor.js";
import type { ConstantAttributes } from "../ops/constant.js";
import { callHostOperator } from "./call-host-operator.js";

/** Runs the steps of a program on a device, one call after the other, and keeps its carries there in between. */
export class ProgramExecutable<Handle> implements Executable {
  /** Present values of the carries. */
  readonly #carried = new Map<string, Handle>();
  /** Handles that held the carries one call earlier: written into by the next call, so that nothing is allocated. */
  readonly #spare = new Map<string, Handle>();
  readonly #lastUse: ReadonlyMap<Tensor, number>;
  readonly #carryNames: ReadonlyMap<Tensor, string>;
  #state: "idle" | "running" | "disposed" = "idle";
  /** Settles with the call under way, whether or not it fails. */
  #call: Promise<unknown> = Promise.resolve();
  #disposal: Promise<void> | undefined;

  private constructor(
    private readonly program: Program,
    private readonly device: Device<Handle>,
    private readonly steps: readonly Step[],
    private readonly kernels: ReadonlyMap<Step, CompiledGraph<Handle>>,
    private readonly onDispose: () => void,
  ) {
    const lastUse = new Map<Tensor, number>();
    steps.forEach((step, index) => {
      for (const tensor of step.writes) if (tensor) lastUse.set(tensor, index);
      for (const tensor of step.reads) lastUse.set(tensor, index);
    });
    this.#lastUse = lastUse;
    this.#carryNames = new Map(Object.entries(program.carries).map(([name, { next }]) => [next, name]));
  }

  static async compile<Handle>(
    program: Program,
    device: Device<Handle>,
    onDispose: () => void,
  ): Promise<ProgramExecutable<Handle>> {
    const steps = cutIntoSteps(program);
    const kernels = new Map<Step, CompiledGraph<Handle>>();
    try {
      for (const step of steps) if (step.kind === "device") kernels.set(step, await device.compile(step.graph));
    } catch (error) {
      for (const kernel of kernels.values()) await kernel.dispose();
      throw error;
    }
    return new ProgramExecutable(program, device, steps, kernels, onDispose);
  }

  async run(feeds: Arrays): Promise<Record<string, NdArray>> {
    return this.#exclusively("run", async () => {
      this.#checkFeeds(feeds);
      return this.#run(feeds);
    });
  }

  async #run(feeds: Arrays): Promise<Record<string, NdArray>> {
    const { inputs, carries, outputs } = this.program;
    const values = new Map<Tensor, Handle>();
    const owned = new Set<Tensor>();
    try {
      for (const [name, tensor] of Object.entries(inputs)) {
        values.set(tensor, await this.device.upload(feeds[name]!));
        owned.add(tensor);
      }
      for (const [name, { input }] of Object.entries(carries)) values.set(input, this.#carried.get(name)!);
      const results = new Set(Object.values(outputs));
      for (const [index, step] of this.steps.entries()) {
        if (step.kind === "device") await this.#runDevice(step, values);
        else await this.#runHost(step, values);
        for (const tensor of step.writes) if (tensor) owned.add(tensor);
        // What no later step reads is given back at once, so that memory peaks as low as the program allows.
        for (const tensor of [...step.reads, ...step.writes]) {
          if (!tensor || !owned.has(tensor) || this.#lastUse.get(tensor) !== index) continue;
          if (results.has(tensor) || this.#carryNames.has(tensor)) continue;
          this.device.release(values.get(tensor)!);
          owned.delete(tensor);
        }
      }
      const read: Record<string, NdArray> = {};
      for (const [name, tensor] of Object.entries(outputs))
        read[name] = await this.device.download(values.get(tensor)!);
      // Only now, with every output in hand, do the carries move on: a call that failed leaves them as they were.
      for (const [name, { next }] of Object.entries(carries)) {
        // A carry that a host operator makes takes no spare handle, so the one before last is still here.
        const unused = this.#spare.get(name);
        if (unused !== undefined) this.device.release(unused);
        this.#spare.set(name, this.#carried.get(name)!);
        this.#carried.set(name, values.get(next)!);
        owned.delete(next);
      }
      return read;
    } finally {
      for (const tensor of owned) {
        const handle = values.get(tensor);
        if (handle !== undefined) this.device.release(handle);
      }
    }
  }

  async #runDevice(step: DeviceStep, values: Map<Tensor, Handle>): Promise<void> {
    const spare = step.writes.map((tensor) => {
      const name = this.#carryNames.get(tensor);
      if (name === undefined) return undefined;
      const handle = this.#spare.get(name);
      this.#spare.delete(name);
      return handle;
    });
    const results = await this.kernels.get(step)!.run(
      step.reads.map((tensor) => values.get(tensor)!),
      spare,
    );
    step.writes.forEach((tensor, index) => values.set(tensor, results[index]!));
  }

  async #runHost(step: HostStep, values: Map<Tensor, Handle>): Promise<void> {
    const inputs: NdArray[] = [];
    for (const tensor of step.reads) {
      if (tensor.op.name === "constant") inputs.push(copyOf((tensor.attributes as ConstantAttributes).value));
      else inputs.push(await this.device.download(values.get(tensor)!));
    }
    const arrays = await callHostOperator(step.call, inputs, this.program.name);
    for (const [index, tensor] of step.writes.entries()) {
      if (tensor) values.set(tensor, await this.device.upload(arrays[index]!));
    }
  }

  async read(names: readonly string[] = Object.keys(this.program.carries)): Promise<Record<string, NdArray>> {
    return this.#exclusively("read", async () => {
      const arrays: Record<string, NdArray> = {};
      for (const name of names) {
        this.#requireCarry(name);
        const handle = this.#carried.get(name);
        if (handle === undefined) throw this.#unset(name);
        arrays[name] = await this.device.download(handle);
      }
      return arrays;
    });
  }

  async write(values: Arrays): Promise<void> {
    return this.#exclusively("write", async () => {
      for (const [name, array] of Object.entries(values)) {
        this.#requireCarry(name);
        this.#checkArray("carry", name, this.program.carries[name]!.input, array);
      }
      for (const [name, array] of Object.entries(values)) {
        const handle = await this.device.upload({ ...array, data: array.data.slice() });
        const held = this.#carried.get(name);
        if (held !== undefined) this.device.release(held);
        this.#carried.set(name, handle);
      }
    });
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#dispose();
    return this.#disposal;
  }

  async #dispose(): Promise<void> {
    this.#state = "disposed";
    // A call under way still uses the handles; no other can begin.
    await this.#call;
    for (const handle of [...this.#carried.values(), ...this.#spare.values()]) this.device.release(handle);
    this.#carried.clear();
    this.#spare.clear();
    for (const kernel of this.kernels.values()) await kernel.dispose();
    this.onDispose();
  }

  /** One call at a time: a second one would overwrite the spare handles that the first writes into. */
  async #exclusively<Result>(what: string, body: () => Promise<Result>): Promise<Result> {
    this.#begin(what);
    const call = body();
    this.#call = call.catch(() => {});
    try {
      return await call;
    } finally {
      if (this.#state === "running") this.#state = "idle";
    }
  }

  #begin(what: string): void {
    const where = `program "${this.program.name}"`;
    if (this.#state === "disposed") {
      throw new BackendError("EXECUTABLE_DISPOSED", `${what} after dispose`, {
        where,
        fix: "Compile the program again.",
      });
    }
    if (this.#state === "running") {
      throw new BackendError("EXECUTABLE_BUSY", `${what} while another call is under way`, {
        where,
        fix: "Await each call before the next; compile the program twice to run it twice at a time.",
      });
    }
    this.#state = "running";
  }

  #checkFeeds(feeds: Arrays): void {
    const { inputs, carries, name } = this.program;
    for (const [key, tensor] of Object.entries(inputs)) {
      const array = feeds[key];
      if (array === undefined || !Object.hasOwn(feeds, key)) {
        throw new ShapeError("FEED_MISSING", `input "${key}" ${showSpec(tensor)} was not fed`, {
          where: `program "${name}"`,
          fix: `Feed all of: ${Object.keys(inputs).join(", ")}.`,
        });
      }
      this.#checkArray("input", key, tensor, array);
    }
    for (const key of Object.keys(feeds)) {
      if (!Object.hasOwn(inputs, key)) {
        throw new ShapeError("FEED_UNKNOWN", `there is no input "${key}"`, {
          where: `program "${name}"`,
          fix: Object.hasOwn(carries, key)
            ? `"${key}" is a carry: set it with write.`
            : `Feed only: ${Object.keys(inputs).join(", ")}.`,
        });
      }
    }
    for (const key of Object.keys(carries)) if (!this.#carried.has(key)) throw this.#unset(key);
  }

  #checkArray(kind: string, name: string, expected: TensorSpec, array: NdArray): void {
    const wrong = faultOf(array, expected);
    if (wrong) {
      throw new ShapeError("FEED_MISMATCH", `${kind} "${name}" ${wrong}; the program takes ${showSpec(expected)}`, {
        where: `program "${this.program.name}"`,
        fix: "Shapes are fixed when a program is traced: trace one program for each shape, or convert the array.",
      });
    }
  }

  #requireCarry(name: string): void {
    if (!Object.hasOwn(this.program.carries, name)) {
      throw new ShapeError("CARRY_UNKNOWN", `there is no carry "${name}"`, {
        where: `program "${this.program.name}"`,
        fix: `Its carries are: ${Object.keys(this.program.carries).join(", ") || "none"}.`,
      });
    }
  }

  #unset(name: string): BackendError {
    return new BackendError("CARRY_UNSET", `carry "${name}" has no value yet`, {
      where: `program "${this.program.name}"`,
      fix: "Set every carry with write before the first run.",
    });
  }
}

/** Host operators are handed copies, so that one which changes its inputs against the rules harms nobody. */
const copyOf = (array: NdArray): NdArray => ({ ...array, data: array.data.slice() });

const showSpec = ({ dtype, shape }: TensorSpec) => `${dtype}${showShape(shape)}`;

/** What is wrong with an array, in words. It may be anything: programs are also called from JavaScript. */
function faultOf(array: NdArray, expected: TensorSpec): string | undefined {
  const { dtype, shape, data } = (array ?? {}) as Partial<NdArray>;
  if (typeof dtype !== "string" || !Array.isArray(shape)) return `is ${array === null ? "null" : typeof array}`;
  if (dtype !== expected.dtype || !sameShape(shape, expected.shape)) return `is ${showSpec({ dtype, shape })}`;
  if (holds(dtype, data) && data.length === sizeOf(shape)) return undefined;
  const held = data as { readonly length?: number } | undefined;
  return `says ${showSpec({ dtype, shape })} but holds ${held?.length ?? "no"} elements of ${held?.constructor.name ?? "nothing"}`;
}
