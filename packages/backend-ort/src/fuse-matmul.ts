import type { AttributesOf, Tensor } from "@semblance/core";
import type { Provider } from "./kernel.js";
import type { Recipe } from "./lower.js";
import { CONTRIB_DOMAIN } from "./onnx/encode-model.js";

/** What a fusion may look at beside the tensor itself. */
export interface Surroundings {
  readonly provider: Provider;
  /** How many run each operator. */
  readonly threads: number;
  /** The tensors of the graph that are computed from this one. */
  readersOf(tensor: Tensor): readonly Tensor[];
  /** Whether a tensor is computed here for one reader alone, so that it may disappear into it. */
  isPrivate(tensor: Tensor): boolean;
}

/**
 * From this many columns on, transposing the first factor of a product beforehand pays off on the processor: onnxruntime's product
 * reads a transposed first factor at 0.8 times its speed (784×500 by 500×1200: 13.7 against 10.8 ms, the copy included).
 */
const COLUMNS_WORTH_A_COPY = 64;

/**
 * A matrix product with its transposed factors read where they are, and with the sum that follows it: `Gemm` for matrices,
 * `FusedMatMul` for stacks of them. onnxruntime's own fusions do the same, but transpose first factors for the worse, so they are off.
 */
export function fuseMatmul(tensor: Tensor, surroundings: Surroundings): Recipe | undefined {
  if (tensor.op.name === "add") return withSum(tensor, surroundings);
  if (tensor.op.name !== "matmul") return undefined;
  return tensor.rank === 2 ? gemm(tensor, tensor, surroundings) : stacked(tensor, surroundings);
}

/** A product plus a bias that is repeated along its rows, or a matrix of its own shape. */
function withSum(tensor: Tensor, surroundings: Surroundings): Recipe | undefined {
  for (const [product, addend] of [tensor.inputs, [...tensor.inputs].reverse()] as [Tensor, Tensor][]) {
    const fits =
      product.op.name === "matmul" && product.rank === 2 && product.size === tensor.size && tensor.rank === 2;
    const hasTerms = product.inputs.every((factor) => factor.size > 0);
    if (fits && hasTerms && surroundings.isPrivate(product)) return gemm(product, tensor, surroundings, addend);
  }
  return undefined;
}

function gemm(product: Tensor, to: Tensor, surroundings: Surroundings, addend?: Tensor): Recipe {
  const [a, b] = product.inputs as [Tensor, Tensor];
  const first = isCopied(a, surroundings) ? undefined : untransposed(a);
  const second = untransposed(b);
  return {
    sources: [first ?? a, second ?? b, ...(addend ? [addend] : [])],
    emit: (values, graph) => graph.node("Gemm", values, to, { transA: first ? 1 : 0, transB: second ? 1 : 0 }),
  };
}

/** Whether a transposed first factor is worth a copy to one of the products that read it; the others then read that copy too. */
function isCopied(first: Tensor, { provider, readersOf }: Surroundings): boolean {
  return (
    provider === "cpu" &&
    readersOf(first).some(
      ({ op, inputs }) =>
        op.name === "matmul" && inputs[0] === first && inputs[1]!.shape.at(-1)! >= COLUMNS_WORTH_A_COPY,
    )
  );
}

/** Stacked products read only their second factor transposed; elsewhere than on the processor there is no such operator. */
function stacked(tensor: Tensor, { provider }: Surroundings): Recipe | undefined {
  const [a, b] = tensor.inputs as [Tensor, Tensor];
  const second = provider === "cpu" ? untransposed(b) : undefined;
  if (!second) return undefined;
  return {
    sources: [a, second],
    emit: (values, graph) => graph.node("FusedMatMul", values, tensor, { transB: 1 }, CONTRIB_DOMAIN),
  };
}

/** What a tensor is the transpose of in its last two axes. */
function untransposed({ op, rank, inputs, attributes }: Tensor): Tensor | undefined {
  if (op.name !== "transpose") return undefined;
  const { permutation } = attributes as AttributesOf<"transpose">;
  const swapped = permutation.every(
    (axis, at) => axis === (at < rank - 2 ? at : at === rank - 2 ? rank - 1 : rank - 2),
  );
  return swapped ? inputs[0] : undefined;
}
