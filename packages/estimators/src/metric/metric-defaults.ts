import {
  type Catalogue,
  type ComponentReference,
  jsonSchemaOf,
  type OtherPairs,
  type Supervision,
} from "@semblance/core";

/** What is known of rows, by its form. */
export type SupervisionForm = "labels" | Supervision["form"];

export interface MetricFacts {
  readonly form: SupervisionForm;
  readonly rows: number;
  /** Distinct labels. */
  readonly classes?: number;
  /** Numbers of a row. */
  readonly width?: number;
  /** Pairs that are given. */
  readonly pairs?: number;
}

/** The keys of a job that follow from the form of the supervision and the number of rows. */
export interface MetricDefaults {
  readonly model: Component;
  /** As wide as a row, where that is known: the model begins as the identity. */
  readonly embedding?: { readonly width: number };
  readonly loss: Component;
  readonly sampler: Component;
  readonly epochs: number;
  readonly learningRate: number;
}

type Component = Exclude<ComponentReference, string>;

const BATCH = 128;
const SAMPLES_PER_CLASS = 8;
const STEPS = 250;
const FEWEST_EPOCHS = 2;
/** Small and few steps: vectors that a good model made are spoiled sooner than improved for classes that were never seen. */
const LEARNING_RATES: Partial<Record<SupervisionForm, number>> = { pairs: 0.0001 };
const LEARNING_RATE = 0.0003;
/** Beyond it the closed form of the head takes longer than the training. */
const WIDEST_COMPONENTS = 2048;

/** Rows of unit length that have nothing to do with each other are 2 apart: with a smaller margin nothing would push them. */
const contrastive: Component = { name: "metric/contrastive", margin: 2, normalise: true };

/** Labels say of all pairs of a batch whether they belong together, pairs of few: what learns most from each. */
const LOSSES: Readonly<Record<SupervisionForm, Component>> = {
  labels: { name: "metric/multi-similarity" },
  pairs: { name: "metric/nt-xent", temperature: 0.1 },
  triplets: { name: "metric/triplet" },
  "multi-labels": contrastive,
};

/** The loss where nothing says otherwise; under a divergence that was asked for, one that takes any. */
export const metricLoss = (form: SupervisionForm, divergence?: ComponentReference): Component => {
  if (divergence === undefined) return LOSSES[form];
  return { name: form === "triplets" ? "metric/triplet" : "metric/contrastive", divergence };
};

/**
 * What two rows are taken for of which no pair says anything, where nothing says otherwise: `different` for the loss that compares a pair
 * with the rest of its batch and otherwise had nothing to compare it with.
 */
export const defaultOtherPairs = ({ name }: Component): OtherPairs | undefined =>
  name === LOSSES.pairs.name ? "different" : undefined;

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

/**
 * What `semblance tune` and `MetricLearning` do where nothing says otherwise, chosen on intents of Banking77 that were held out of those that
 * may be learned from: see examples/intents/README.md.
 */
export function metricDefaults(catalogue: Catalogue, facts: MetricFacts): MetricDefaults {
  const { form, rows, width, pairs } = facts;
  const sampler = SAMPLERS[form](facts);
  const batches = form === "pairs" && pairs !== undefined ? Math.ceil((2 * pairs) / BATCH) : Math.ceil(rows / BATCH);
  return {
    model: { name: "residual", ...(width !== undefined && width <= WIDEST_COMPONENTS ? components : {}) },
    ...(width === undefined ? {} : { embedding: { width } }),
    loss: metricLoss(form),
    sampler: has(catalogue, sampler.name) ? sampler : shuffled,
    epochs: Math.max(FEWEST_EPOCHS, Math.ceil(STEPS / batches)),
    learningRate: LEARNING_RATES[form] ?? LEARNING_RATE,
  };
}

const components = { begin: "relevant-components" };

const has = (catalogue: Catalogue, name: string) => catalogue.list("sampler").some((entry) => entry.name === name);

/** Whether a component has a key of its own by that name. */
export function takesKey(catalogue: Catalogue, kind: "loss", name: string, key: string): boolean {
  return key in (jsonSchemaOf(catalogue.get(kind, name).config).properties ?? {});
}
