import * as core from "@semblance/core";
import { z } from "zod";

const { div, mul, reshape } = core;
const description = "cluster probabilities of each row";
const posteriors = { axes: ["n", "k"], type: "float", domain: "simplex", differentiable: true, description } as const;

/** Σ (a − b)²/2(a + b) with 0/0 = 0: Le Cam's distance of two measures. */
function distance(a: core.Tensor, b: core.Tensor): core.Tensor {
  const total = core.add(a, b);
  return core.sum(div(core.square(core.sub(a, b)), mul(2, core.where(core.equal(total, 0), 1, total))));
}

/** N·G of p [n, k] and π [1, k]: every cluster against the data, and every two clusters. */
const scores = {
  ova: distance,
  ovo(p: core.Tensor, pi: core.Tensor) {
    const products = mul(reshape(p, [...p.shape, 1]), reshape(pi, [1, 1, p.shape[1]!]));
    return distance(products, core.transpose(products, [0, 2, 1]));
  },
};

export const leCam = Object.entries(scores).map(([way, score]) =>
  core.defineLoss({
    name: `le-cam/${way}`,
    summary: `Le Cam's distance of clusters, ${way}.`,
    formula: "G = Σ π D or Σ ππ D with D(p, q) = ½ ∫ (p − q)²/(p + q)",
    source: "Le Cam, Asymptotic Methods in Statistical Decision Theory, 1986, page 47",
    config: z.strictObject({ clusters: z.int().min(2).optional().describe("the most clusters that may be used") }),
    inputs: { posteriors },
    shards: "needs-gather",
    laws: ["non-positive", "cluster-permutation-invariant", "empty-cluster-invariant", "zero-when-independent"],
    score: (loss) => -loss,
    outputs: ({ clusters }) => clusters,
    build: ({ posteriors: p }) => div(score(p!, core.mean(p!, { axes: [0], keepDims: true })), -p!.shape[0]!),
  }),
);
