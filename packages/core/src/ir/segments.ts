import type { HostCall, HostCallAttributes } from "../ops/host-call.js";
import { input } from "../ops/input.js";
import { levelsOf } from "./levels.js";
import { type Program, resultsOf } from "./program.js";
import { withInputs } from "./rewrite.js";
import { type Tensor, topologicalOrder } from "./tensor.js";

/** What has its value before a device step begins: fed, given, or returned by the host. */
const LEAVES: ReadonlySet<string> = new Set(["input", "hostCall", "constant"]);

/** A piece of a program that a device runs in one go: leaves in, computed tensors out, no host call inside. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

export interface DeviceStep {
  readonly kind: "device";
  readonly graph: Graph;
  /** The tensors of the program that the graph's inputs and outputs stand for. */
  readonly reads: readonly Tensor[];
  readonly writes: readonly Tensor[];
}

export interface HostStep {
  readonly kind: "host";
  readonly call: HostCall;
  /** Computed tensors, inputs and constants; constants have no handle and are read from their attributes. */
  readonly reads: readonly Tensor[];
  /** By output index; undefined where nothing reads that output. */
  readonly writes: readonly (Tensor | undefined)[];
}

export type Step = DeviceStep | HostStep;

/**
 * Cuts a program into device graphs with host calls between them.
 *
 * A tensor's level is the number of rounds of host calls before it. All device work of one level is one graph; the host calls that lead to
 * the next level follow it.
 */
export function cutIntoSteps(program: Program): Step[] {
  const results = resultsOf(program);
  const order = topologicalOrder(results);
  const isLeaf = ({ op }: Tensor) => LEAVES.has(op.name);
  const level = levelsOf(order, isLeaf);
  const needed = new Set(results);
  for (const tensor of order) {
    for (const read of tensor.inputs) {
      if (tensor.op.name === "hostCall" || level.get(read)! < level.get(tensor)!) needed.add(read);
    }
  }

  const steps: Step[] = [];
  const last = Math.max(0, ...level.values());
  for (let at = 0; at <= last; at++) {
    if (at > 0)
      steps.push(...hostSteps(order.filter((tensor) => tensor.op.name === "hostCall" && level.get(tensor) === at)));
    const writes = order.filter((tensor) => level.get(tensor) === at && needed.has(tensor) && !isLeaf(tensor));
    if (writes.length > 0)
      steps.push(deviceStep(`${program.name}/${at}`, writes, (tensor) => isLeaf(tensor) || level.get(tensor)! < at));
  }
  return steps;
}

function hostSteps(outputs: readonly Tensor[]): HostStep[] {
  const calls = new Map<number, Tensor[]>();
  for (const tensor of outputs) {
    const { id } = (tensor.attributes as HostCallAttributes).call;
    calls.set(id, [...(calls.get(id) ?? []), tensor]);
  }
  return [...calls.values()].map((group) => {
    const { call } = group[0]!.attributes as HostCallAttributes;
    const writes = call.outputs.map((_, index) =>
      group.find((tensor) => (tensor.attributes as HostCallAttributes).index === index),
    );
    return { kind: "host", call, reads: group[0]!.inputs, writes };
  });
}

/** Copies what `writes` depend on into a graph of its own, down to tensors that come from outside. */
function deviceStep(name: string, writes: readonly Tensor[], isOutside: (tensor: Tensor) => boolean): DeviceStep {
  const inside = new Map<Tensor, Tensor>();
  const reads: Tensor[] = [];
  const inputs: Tensor[] = [];
  const include = (root: Tensor): Tensor => {
    for (const tensor of reachable(root, isOutside, inside)) {
      if (isOutside(tensor) && tensor.op.name !== "constant") {
        const leaf = input(`t${reads.length}`, tensor.dtype, tensor.shape);
        reads.push(tensor);
        inputs.push(leaf);
        inside.set(tensor, leaf);
      } else {
        inside.set(tensor, tensor.inputs.length === 0 ? tensor : rebuilt(tensor, inside));
      }
    }
    return inside.get(root)!;
  };
  const outputs = writes.map(include);
  return { kind: "device", graph: { name, inputs, outputs }, reads, writes };
}

/** Leaves are made on the way, so a copied tensor must always be younger than its copied inputs. */
function rebuilt(tensor: Tensor, inside: ReadonlyMap<Tensor, Tensor>): Tensor {
  return withInputs(
    tensor,
    tensor.inputs.map((read) => inside.get(read)!),
  );
}

function reachable(root: Tensor, isOutside: (tensor: Tensor) => boolean, done: ReadonlyMap<Tensor, Tensor>): Tensor[] {
  const seen = new Set<Tensor>();
  const stack = [root];
  for (let tensor = stack.pop(); tensor; tensor = stack.pop()) {
    if (seen.has(tensor) || done.has(tensor)) continue;
    seen.add(tensor);
    if (!isOutside(tensor)) stack.push(...tensor.inputs);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}
