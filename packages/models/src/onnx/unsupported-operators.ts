import type { OnnxModel, OnnxNode } from "./onnx-model.js";
import { operators } from "./operators/index.js";

/** A node that cannot be translated. */
export interface UnsupportedOperator {
  /** The node's name. */
  readonly node: string;
  /** Its operator, with the domain where that is not the standard one. */
  readonly operator: string;
  readonly reason: string;
}

const REASONS: readonly (readonly [reason: string, operators: readonly string[]])[] = [
  [
    "it holds a graph of its own, and shapes and steps are fixed before a model runs",
    ["If", "Loop", "Scan", "SequenceMap"],
  ],
  ["the shape of its result depends on values", ["NonZero", "Unique", "Compress", "NonMaxSuppression"]],
  [
    "random numbers are not drawn inside a program",
    ["RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli", "Multinomial"],
  ],
  [
    "there are no sequences, only tensors",
    [
      "SequenceAt",
      "SequenceConstruct",
      "SequenceEmpty",
      "SequenceErase",
      "SequenceInsert",
      "SequenceLength",
      "ConcatFromSequence",
      "SplitToSequence",
    ],
  ],
  ["there are no optional values, only tensors", ["Optional", "OptionalGetElement", "OptionalHasElement"]],
  [
    "there are no texts, only numbers",
    ["StringNormalizer", "StringConcat", "StringSplit", "RegexFullMatch", "TfIdfVectorizer"],
  ],
  [
    "quantised arithmetic has no primitive",
    ["QuantizeLinear", "DynamicQuantizeLinear", "QLinearConv", "QLinearMatMul"],
  ],
  ["operations on bits have no primitive", ["BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitwiseNot"]],
  ["recurrent layers are not written out", ["RNN", "LSTM", "GRU"]],
];

/**
 * The nodes of a model that cannot be written with our primitives, with the reason: all of them, before anything runs. What only shows
 * when shapes are known is an error of `importOnnx`.
 */
export function unsupportedOperators(model: OnnxModel): UnsupportedOperator[] {
  return model.nodes.flatMap((node) => {
    const reason = reasonAgainst(node);
    const operator = node.domain === "" ? node.operator : `${node.domain}.${node.operator}`;
    return reason === undefined ? [] : [{ node: node.name, operator, reason }];
  });
}

function reasonAgainst(node: OnnxNode): string | undefined {
  if (node.domain !== "") return `operators of the domain "${node.domain}" are not known`;
  const operator = operators.get(node.operator);
  if (operator) return operator.refuse?.(node);
  return REASONS.find(([, names]) => names.includes(node.operator))?.[0] ?? "it has no primitive";
}
