import { z } from "zod";
import {
  type ComponentReference,
  createCatalogue,
  createLearner,
  type Dataset,
  defineDistance,
  defineKernel,
  defineLoss,
  definePlugin,
  exp,
  type Learner,
  matmul,
  mul,
  type PairTable,
  pairwiseDistances,
  pairwiseInnerProducts,
  pow,
  sum,
} from "../src/index.js";
import { tinyData, tinyPlugin } from "./tiny-learner.js";

const scaled = z.strictObject({
  scale: z
    .union([z.number(), z.literal("widest")])
    .default(1)
    .describe("a factor"),
});
type Scaled = z.infer<typeof scaled>;

const far = defineDistance({
  name: "far",
  summary: "Euclidean, for tests.",
  config: z.strictObject({}),
  matrix: (x, y) => pairwiseDistances(x, y),
});
const given = defineDistance({ name: "given", summary: "An input, for tests.", config: z.strictObject({}) });
/** Euclidean distances by a table, which complains of every data set. */
const tabled = defineDistance({
  name: "tabled",
  summary: "Euclidean by a table, for tests.",
  config: z.strictObject({}),
  mostRows: 60,
  table: async (data) => ({ ...plainDistances(data), warnings: ["these data are for tests"] }),
});
/** A kernel whose scale may be settled by all rows: 1 over the largest number of them. */
const similar = defineKernel({
  name: "similar",
  summary: "Exponential of the negative distance, for tests.",
  config: scaled,
  matrix: (x, y, { scale }: Scaled) => exp(mul(pairwiseDistances(x, y), -(scale as number))),
  settle(data, { scale }) {
    if (scale !== "widest") return { config: { scale } };
    const widest = Math.max(...data.data);
    return { config: { scale: 1 / widest }, note: `the widest of ${data.shape[0]} rows is ${widest.toFixed(2)}` };
  },
});
const inner = defineKernel({
  name: "inner",
  summary: "Inner products, for tests.",
  config: z.strictObject({}),
  matrix: pairwiseInnerProducts,
  features: (x) => x,
});
const steep = defineKernel({
  name: "steep",
  summary: "A power that overflows, for tests.",
  config: z.strictObject({}),
  domain: "positive",
  matrix: (x, y) => pow(pairwiseInnerProducts(x, y), 400),
});
const plain = defineKernel({ ...steep, name: "positive", matrix: pairwiseInnerProducts });

/** Σₖ pₖᵀ A pₖ / n², with distances in clusters made small or similarities made large. */
const within = defineLoss({
  name: "within",
  summary: "What lies within clusters, for tests.",
  config: z.strictObject({
    clusters: z.int().default(3).describe("clusters"),
    distance: z.custom<ComponentReference>().optional().describe("a distance"),
    kernel: z.custom<ComponentReference>().optional().describe("a kernel"),
  }),
  shards: "needs-gather",
  inputs: {
    posteriors: { axes: ["n", "k"], type: "float", description: "rows on the simplex", differentiable: true },
    data: { axes: ["n", "d"], type: "float", description: "rows", optional: true },
    affinity: { axes: ["n", "n"], type: "float", description: "comparisons", optional: true },
  },
  outputs: ({ clusters }) => clusters,
  affinity: ({ distance, kernel }) =>
    distance ? { kind: "distance", reference: distance } : kernel ? { kind: "kernel", reference: kernel } : undefined,
  build({ posteriors: p, data, affinity }, { distance, kernel }, cx) {
    const bound = distance ? cx.distance(distance) : cx.kernel(kernel!);
    const matrix = bound.precomputed ? affinity! : bound.matrix(data!, data!);
    const total = sum(mul(p!, matmul(matrix, p!)));
    return mul(total, (distance ? 1 : -1) / p!.shape[0]! ** 2);
  },
});

export const comparingPlugin = definePlugin({
  name: "comparing",
  version: "1.0.0",
  core: "*",
  register(registry) {
    for (const entry of [far, given, tabled, similar, inner, steep, plain, within]) registry.add(entry);
  },
});

export const comparingCatalogue = createCatalogue([tinyPlugin, comparingPlugin]);

export type Compared = { readonly distance: ComponentReference } | { readonly kernel: ComponentReference };

export function comparingLearner(compared: Compared | object, data: Dataset = tinyData()): Learner {
  const loss = { name: "within", ...compared };
  return createLearner({ catalogue: comparingCatalogue, data, model: "tiny", loss, optimizer: "adam" });
}

/** Euclidean distances of rows, in loops. */
export function plainDistances({ shape, data }: Pick<PairTable, "shape" | "data">): PairTable {
  const [n, d] = [shape[0]!, shape[1]!];
  const table = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let squares = 0;
      for (let c = 0; c < d; c++) squares += (data[i * d + c]! - data[j * d + c]!) ** 2;
      table[i * n + j] = Math.sqrt(squares);
    }
  }
  return { shape: [n, n], data: table };
}
