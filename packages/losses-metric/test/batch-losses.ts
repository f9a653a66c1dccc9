import { drawBatch, type LabelledRows } from "./evaluate.js";
import { type BatchInputs, runBatch } from "./run-batch.js";

/** Small arguments, so that the plain sums of exponentials neither overflow nor lose digits. */
const MILD = {
  "lifted-structure": {},
  "generalised-lifted": {},
  angular: { angle: 40 },
  "multi-similarity": { beta: 10 },
  "nt-xent": { temperature: 0.3 },
  "sup-con": { temperature: 0.3 },
  circle: { gamma: 6 },
  nca: { scale: 2 },
} as const;
export type Name = keyof typeof MILD;
export const NAMES = Object.keys(MILD) as Name[];
export const run = (name: Name, batch: BatchInputs, config: object = MILD[name]) =>
  runBatch({ name: `metric/${name}`, ...config }, batch);

export const withoutProxies = ({ embeddings, labels }: LabelledRows) => ({ embeddings, labels });
export const BATCH = withoutProxies(drawBatch({ seed: 5, n: 9, d: 4, classes: 3 }));
