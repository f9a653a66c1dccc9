import { type NdArray, sizeOf } from "@semblance/core";
import type { OnnxModel } from "./onnx-model.js";

/** Inputs that are weights even where they are one number, by operator and position. */
const WEIGHTS: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [1, 2],
  Conv: [1, 2],
  ConvTranspose: [1, 2],
  Gemm: [1, 2],
  GroupNormalization: [1, 2],
  InstanceNormalization: [1, 2],
  LayerNormalization: [1, 2],
  MatMul: [0, 1],
  PRelu: [1],
  RMSNormalization: [1],
};
/** Inputs that are measured and not learned. */
const STATISTICS: Readonly<Record<string, readonly number[]>> = { BatchNormalization: [3, 4] };

/**
 * Names of the weights that training should move. A file does not say which of its numbers were learned: those of more than one
 * element are taken to be, and single ones where an operator takes them as its weight; the statistics of batch normalisation are not, nor is
 * what centres and scales the data before any other operator sees them.
 */
export function trainableOf(model: OnnxModel, weights: ReadonlyMap<string, NdArray>): string[] {
  const readAs = (table: Readonly<Record<string, readonly number[]>>) =>
    new Set(
      model.nodes.flatMap(({ operator, inputs }) =>
        (table[operator] ?? []).flatMap((position) => inputs[position] ?? []),
      ),
    );
  const [learned, measured] = [readAs(WEIGHTS), new Set([...readAs(STATISTICS), ...preparationOf(model)])];
  return [...weights]
    .filter(([name, { shape }]) => (sizeOf(shape) > 1 || learned.has(name)) && !measured.has(name))
    .map(([name]) => name);
}

/** What leaves rows as they are but for their shape and element type. */
const RESHAPING: readonly string[] = ["Cast", "Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze"];
const PREPARING: readonly string[] = ["Sub", "Div"];

/** Names of what is subtracted from the data, or divides them, before any other operator sees them. */
function preparationOf({ inputs, nodes }: OnnxModel): string[] {
  const data = new Set(inputs.map(({ name }) => name));
  return nodes.flatMap(({ operator, inputs: [first = "", second], outputs }) => {
    const prepares = PREPARING.includes(operator);
    if (!data.has(first) || !(prepares || RESHAPING.includes(operator))) return [];
    for (const output of outputs) data.add(output);
    return prepares && second !== undefined ? [second] : [];
  });
}
