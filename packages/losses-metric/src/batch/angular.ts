import {
  add,
  ConfigError,
  cast,
  defineLoss,
  equal,
  eye,
  type FloatDType,
  full,
  matmul,
  matrixTranspose,
  mul,
  reshape,
  ShapeError,
  softplus,
  sub,
  sum,
  type Tensor,
  normalise as toUnitLength,
} from "@semblance/core";
import { z } from "zod";
import { scaleInvariant } from "../laws/scale-invariant.js";
import { maskedLogSumExp } from "../masked-log-sum-exp.js";
import { monitorPairs } from "../monitor-pairs.js";
import { pairInputs } from "../pair-inputs.js";
import { normaliseKey } from "../pair-keys.js";
import { type Reduction, reduceMasked, reductionKey } from "../reduction.js";
import { angularTerms } from "./angular-terms.js";
import { readPairs } from "./read-pairs.js";
import { asDivergences, similarities } from "./similarities.js";

const config = z.strictObject({
  angle: z.number().min(0).max(89).default(45).describe("α in degrees, the largest angle at a negative"),
  normalise: normaliseKey(true),
  reduction: reductionKey,
});
type Config = z.infer<typeof config>;
const NAME = "metric/angular";

/**
 * The angle at a negative, between its directions to an anchor and a positive, bounded for all negatives of a pair at once, minimised.
 *
 *     t_ap = log(1 + Σ_{n ∈ N_a} exp f_apn),     f_apn = 4 tan²α (a + p)ᵀn − 2 (1 + tan²α) aᵀp
 *
 * By `anchors` and `positives`, the negatives of a pair are the positives of the others.
 *
 * Shapes   embeddings x: [n, d] with labels [n] or relations [n, n]  →  terms of ordered positive pairs [n, n], reduced to [];
 *          or anchors, positives [n, d]  →  terms [n]
 * Laws     t ≥ 0; of unit vectors ‖a − p‖² − 4 tan²α ‖n − (a + p)/2‖² = 2 − 6 tan²α + f; unchanged by a rotation
 * Errors   EMBEDDINGS_EMPTY, SUPERVISION_MISSING, SUPERVISION_TWICE, ANGULAR_INPUTS
 * Source   Wang et al., Deep Metric Learning with Angular Loss (ICCV 2017), equation 10
 */
export const angular = defineLoss({
  name: NAME,
  summary: "The angle at a negative between an anchor and its positive, bounded.",
  formula: "t = log(1 + Σ₋ exp(4 tan²α (a + p)·n − 2 (1 + tan²α) a·p))",
  source: "Wang et al., Deep Metric Learning with Angular Loss (ICCV 2017), equation 10",
  config,
  examples: [{}, { angle: 36, reduction: "per-anchor" }, { normalise: false, reduction: "sum" }],
  inputs: {
    embeddings: { ...pairInputs.embeddings, optional: true },
    labels: pairInputs.labels,
    relations: pairInputs.relations,
    anchors: { ...pairInputs.embeddings, description: "the first row of each pair", optional: true },
    positives: { ...pairInputs.embeddings, description: "the second row of each pair", optional: true },
  },
  shards: "needs-gather",
  laws: ["non-negative", "label-renaming-invariant", "rotation-invariant", scaleInvariant],
  build(inputs, { angle, normalise, reduction }: Config, cx) {
    requireOneForm(inputs);
    const tangent = Math.tan((angle * Math.PI) / 180) ** 2;
    if (inputs.anchors) return angularOfPairs(inputs, { tangent, normalise, reduction });
    const { embeddings, masks, anchors } = readPairs(inputs, NAME);
    const similarity = similarities(embeddings, normalise);
    const compared = cast(anchors.hasNegative, embeddings.dtype as FloatDType);
    const mask = mul(masks.positive, reshape(compared, [embeddings.shape[0]!, 1]));
    monitorPairs(cx, { divergences: asDivergences(similarity), masks, tuples: sum(mask) });
    return reduceMasked(angularTerms({ similarity, masks, tangent }, normalise), mask, { reduction });
  },
});

interface OfPairs {
  readonly tangent: number;
  readonly normalise: boolean;
  readonly reduction: Reduction;
}

function angularOfPairs(inputs: Readonly<Record<string, Tensor>>, { tangent, normalise, reduction }: OfPairs): Tensor {
  const [a, p] = normalise
    ? [toUnitLength(inputs.anchors!), toUnitLength(inputs.positives!)]
    : [inputs.anchors!, inputs.positives!];
  const rows = a!.shape[0]!;
  if (rows === 0) throw noRows();
  const own = reshape(sum(mul(a!, p!), { axes: [1] }), [rows, 1]);
  const sums = matmul(add(a!, p!), matrixTranspose(p!));
  const exponents = sub(mul(sums, 4 * tangent), mul(own, 2 * (1 + tangent)));
  const others = equal(eye(rows, a!.dtype as FloatDType), 0);
  // A single pair has no negative, and nothing to compare.
  const mask = full([rows], rows > 1 ? 1 : 0, a!.dtype);
  return reduceMasked(softplus(maskedLogSumExp(exponents, others)), mask, { reduction });
}

function requireOneForm({ embeddings, labels, relations, anchors, positives }: Readonly<Record<string, Tensor>>): void {
  const byRows = embeddings && !anchors && !positives;
  const byPairs = anchors && positives && !embeddings && !labels && !relations;
  if (byRows || byPairs) return;
  throw new ConfigError("ANGULAR_INPUTS", "it is fed neither rows with their classes nor pairs, or some of both", {
    where: `loss "${NAME}"`,
    fix: "Pass embeddings with labels or relations, or anchors with positives.",
  });
}

function noRows(): ShapeError {
  return new ShapeError("EMBEDDINGS_EMPTY", "there are no pairs to compare", {
    where: `loss "${NAME}"`,
    fix: "Pass at least one pair; two, to have a negative.",
  });
}
