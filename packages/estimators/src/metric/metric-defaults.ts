import { type Catalogue, type ComponentReference, jsonSchemaOf, type Supervision } from "@semblance/core";

/** What is known of rows, by its form. */
export type SupervisionForm = "labels" | Supervision["form"];

export interface MetricFacts {
  readonly form: SupervisionForm;
  readonly rows: number;
  /** Distinct labels. */
  readonly classes?: number;
}

/** The keys of a job that follow from the form of the supervision and the number of rows. */
export interface MetricDefaults {
  readonly model: Component;
  readonly loss: Component;
  readonly sampler: Component;
  readonly epochs: number;
  readonly learningRate: number;
}

type Component = Exclude<ComponentReference, string>;

const BATCH = 128;
const SAMPLES_PER_CLASS = 8;
const STEPS = 1000;
const FEWEST_EPOCHS = 5;

/** Labels say of all pairs of a batch whether they belong together, pairs of few: what learns most from each. */
const LOSSES: Readonly<Record<SupervisionForm, string>> = {
  labels: "metric/multi-similarity",
  pairs: "metric/contrastive",
  triplets: "metric/triplet",
  "multi-labels": "metric/contrastive",
};

/** Samplers that make sure that a batch holds something to compare. */
const SAMPLERS: Readonly<Record<SupervisionForm, (facts: MetricFacts) => Component>> = {
  labels: ({ classes = 2 }) => ({
    name: "per-class",
    classes: Math.max(2, Math.min(BATCH / SAMPLES_PER_CLASS, classes)),
    samplesPerClass: SAMPLES_PER_CLASS,
  }),
  pairs: () => ({ name: "pairs" }),
  triplets: () => ({ name: "triplets" }),
  "multi-labels": () => shuffled,
};

const shuffled: Component = { name: "shuffle", batchSize: BATCH };

/** What `semblance tune` and `MetricLearning` do where nothing says otherwise. */
export function metricDefaults(catalogue: Catalogue, facts: MetricFacts): MetricDefaults {
  const sampler = SAMPLERS[facts.form](facts);
  const batches = Math.ceil(facts.rows / BATCH);
  return {
    model: { name: "mlp", hidden: [256] },
    loss: { name: LOSSES[facts.form] },
    sampler: has(catalogue, sampler.name) ? sampler : shuffled,
    epochs: Math.max(FEWEST_EPOCHS, Math.ceil(STEPS / batches)),
    learningRate: 0.001,
  };
}

const has = (catalogue: Catalogue, name: string) => catalogue.list("sampler").some((entry) => entry.name === name);

/** Whether a component has a key of its own by that name. */
export function takesKey(catalogue: Catalogue, kind: "loss", name: string, key: string): boolean {
  return key in (jsonSchemaOf(catalogue.get(kind, name).config).properties ?? {});
}
