import * as core from "@semblance/core";
import { z } from "zod";

const temperature = z.number().positive().default(1).describe("T, above 0: how far a neighbour may be and still count");
const divergence = core.componentReference("divergence").default("pseudo-huber");
const config = z.strictObject({ divergence, temperature });
const embeddings = { axes: ["n", "d"], type: "float", differentiable: true, description: "what is compared" } as const;
const labels = { axes: ["n"], type: "int32", description: "class of each row" } as const;

export const softNearestNeighbour = core.defineLoss({
  name: "neighbours/soft-nearest",
  summary: "How likely a neighbour drawn by its closeness is of one's own class, over any divergence.",
  formula: "−log Σ_{j of i's class} exp(−D(xᵢ, xⱼ)/T) / Σ_{k≠i} exp(−D(xᵢ, xₖ)/T), mean over rows that have company",
  source: "Frosst, Papernot, Hinton, Analyzing and Improving Representations with the Soft Nearest Neighbor Loss, 2019",
  config,
  inputs: { embeddings, labels },
  shards: "needs-gather",
  divergence: ({ divergence }) => divergence,
  build({ embeddings: x, labels: y }, { divergence, temperature: t }: z.infer<typeof config>, cx) {
    const others = core.equal(core.eye(y!.size, x!.dtype), 0);
    const kin = core.and(others, core.equal(core.reshape(y!, [y!.size, 1]), y!));
    const closeness = core.div(cx.divergence(divergence).matrix(x!, x!), -t);
    const among = (mask: core.Tensor) => core.logSumExp(core.where(mask, closeness, -1e30), { axes: [1] });
    const company = core.minimum(core.sum(core.cast(kin, x!.dtype), { axes: [1] }), 1);
    const terms = core.mul(core.sub(among(others), among(kin)), company);
    return core.div(core.sum(terms), core.maximum(core.sum(company), 1));
  },
});
