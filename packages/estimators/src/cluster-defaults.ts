const BATCH = 256;
/** Small data are passed over more often, so that about as many steps are taken whatever the number of rows. */
const STEPS = 600;
const FEWEST_EPOCHS = 30;

/** The keys of a job that follow from the number of rows. */
export interface ClusterDefaults {
  readonly sampler: { readonly name: string; readonly batchSize: number };
  readonly optimizer: { readonly name: string; readonly learningRate: number };
  readonly epochs: number;
  readonly evaluate: { readonly every: number };
  readonly checkpoint: { readonly every: number };
}

/** What `semblance cluster` and `GeminiClustering` do where nothing says otherwise. */
export function clusterDefaults(rows: number): ClusterDefaults {
  const stepsPerEpoch = Math.ceil(rows / BATCH);
  const epochs = Math.max(FEWEST_EPOCHS, Math.ceil(STEPS / stepsPerEpoch));
  return {
    sampler: { name: "shuffle", batchSize: BATCH },
    optimizer: { name: "adam", learningRate: 0.01 },
    epochs,
    evaluate: { every: Math.ceil(epochs / 5) },
    checkpoint: { every: Math.ceil(epochs / 5) },
  };
}

/**
 * The keys of a loss that both set where nothing else does. The Gaussian kernel with the median heuristic tells clusters apart
 * that the linear one, which compares means only, cannot: a cluster in the middle of two others has the mean of all. Adjusted Rand
 * index on iris 0.74 instead of 0.59, on wine 0.82 instead of 0.79, on breast cancer 0.67 and 0.69 (5 seeds). Its N × N matrix is one
 * of a batch, so it stays small.
 */
export function lossDefaults(loss: string): Record<string, unknown> {
  return /^gemini\/mmd-/.test(loss) ? { kernel: { name: "rbf", gamma: "median" } } : {};
}
