import { type Graph, type IndexRequirement, indexRequirement, type Tensor, topologicalOrder } from "@semblance/core";
import type { TfjsDevice } from "./device.js";
import { emptyResult } from "./empty-result.js";
import { dtypeUnsupported } from "./errors.js";
import type { ComputedOpName, TfjsKernel } from "./kernel.js";
import { kernelsOf } from "./kernels.js";

/** One primitive of a graph: what it reads, how it is computed, and what nobody reads after it. */
export interface PlannedStep {
  readonly tensor: Tensor;
  readonly sources: readonly Tensor[];
  readonly kernel: TfjsKernel<unknown>;
  readonly check: IndexRequirement | undefined;
  readonly done: readonly Tensor[];
}

export interface Plan {
  readonly steps: readonly PlannedStep[];
  readonly constants: readonly Tensor[];
}

/**
 * The order in which a graph is computed, and when each tensor is disposed of.
 *
 * @throws BackendError DTYPE_UNSUPPORTED; ShapeError INDEX_OUT_OF_RANGE for constant indices
 */
export function planOf(graph: Graph, device: TfjsDevice): Plan {
  const kernels = kernelsOf(device);
  const inputs = new Map(graph.inputs.map((tensor, index) => [tensor, index]));
  const order = topologicalOrder([...graph.outputs, ...graph.inputs]);
  const wide = order.filter(({ dtype }) => dtype === "float64");
  // A constant is float64 because of what reads it.
  const worst = wide.find(({ inputs: read }) => read.length > 0) ?? wide[0];
  if (worst) throw dtypeUnsupported(device, `graph "${graph.name}"`, worst.op.name, worst.dtype);

  const needed = new Set(graph.outputs);
  const drafts: Omit<PlannedStep, "done">[] = [];
  const constants: Tensor[] = [];
  for (const tensor of [...order].reverse()) {
    if (!needed.has(tensor) || inputs.has(tensor)) continue;
    if (tensor.op.name === "constant") {
      constants.push(tensor);
      continue;
    }
    const kernel = kernels[tensor.op.name as ComputedOpName] as TfjsKernel<unknown>;
    const check = indexRequirement(tensor, inputs);
    const recipe = emptyResult(tensor, kernels) ?? { sources: tensor.inputs, kernel };
    for (const source of recipe.sources) needed.add(source);
    // Indices are looked at even where no element is read through them.
    if (check?.kind === "computed") needed.add(tensor.inputs[1]!);
    drafts.push({ tensor, check, ...recipe });
  }
  return { steps: withLastUses(drafts.reverse(), graph), constants };
}

function withLastUses(drafts: readonly Omit<PlannedStep, "done">[], graph: Graph): PlannedStep[] {
  const kept = new Set([...graph.outputs, ...graph.inputs]);
  const later = new Set<Tensor>();
  const steps = [...drafts].reverse().map((draft) => {
    const read = draft.check?.kind === "computed" ? [...draft.sources, draft.tensor.inputs[1]!] : draft.sources;
    const done = [...new Set(read)].filter(
      (tensor) => !later.has(tensor) && !kept.has(tensor) && tensor.op.name !== "constant",
    );
    for (const tensor of read) later.add(tensor);
    return { ...draft, done };
  });
  return steps.reverse();
}
