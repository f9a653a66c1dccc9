import {
  type Backend,
  type Catalogue,
  createLearner,
  type Dataset,
  requireMainEpochs,
  rowsOf,
  type Supervision,
  sizeOf,
} from "@semblance/core";
import { prepareArray } from "@semblance/data/portable";
import { type Fitted, fitLearner, type History } from "../fit-learner.js";
import { named } from "../named.js";
import { givenRows, type Rows } from "../rows.js";
import { embeddingFor } from "./choose-embedding.js";
import { lossWithParts } from "./loss-with-parts.js";
import { defaultOtherPairs, metricDefaults, metricLoss } from "./metric-defaults.js";
import type { SettledMetricOptions } from "./options.js";
import { type KnownOfRows, supervise, superviseBy, superviseByLabels } from "./supervise.js";
import { holdOutRows } from "./validation/hold-out-rows.js";
import { scoreEpochs } from "./validation/score-epochs.js";
import { defaultWarmUp } from "./warm-up.js";

export interface FitMetricOptions extends KnownOfRows {
  /** Ends the fit after the step under way; the model is then what it was by then. */
  readonly signal?: AbortSignal;
}

interface Setting extends FitMetricOptions {
  readonly options: SettledMetricOptions;
  readonly catalogue: Catalogue;
  readonly backend: Backend;
}

/** Trains an embedding on rows of which something is known. */
export async function fitMetric(rows: Rows, setting: Setting): Promise<{ fitted: Fitted; history: History }> {
  const { options, catalogue, backend, signal } = setting;
  const { array, dataset } = givenRows(rows);
  const prepared = prepareArray(array, { name: dataset?.name ?? "data", standardise: options.standardise });
  const { labels, supervision: given, warnings: told } = supervised(setting, dataset, array.shape[0]!);
  const supervision = given && withOtherPairs(given, setting);
  const { labels: _, supervision: __, ...rest } = dataset ?? {};
  const all: Dataset = { ...rest, ...prepared.data, ...(labels ? { labels } : { supervision: supervision! }) };
  const parts = options.validation && holdOutRows(all, options.validation);
  const data = parts?.train ?? all;
  const classes = data.labels?.names.length;
  const facts = {
    form: supervision?.form ?? ("labels" as const),
    rows: rowsOf(data),
    ...(supervision?.form === "pairs" ? { pairs: supervision.similarity.length } : {}),
    width: sizeOf(data.features.shape.slice(1)),
    ...(classes ? { classes } : {}),
  };
  const defaults = metricDefaults(catalogue, facts);
  const loss = lossWithParts(options, catalogue, metricLoss(facts.form, options.divergence));
  const embedding = embeddingFor(
    catalogue,
    loss,
    options.embedding,
    facts,
    options.model === undefined ? defaults.embedding?.width : undefined,
  );
  const { stages, validation } = options;
  const epochs = options.epochs ?? defaults.epochs;
  const byDefault = () => defaultWarmUp({ catalogue, loss, epochs, data, width: embedding?.width });
  const warmup = options.warmup ?? (stages.length > 0 ? undefined : byDefault());
  const first = warmup ? [warmup, ...stages] : stages;
  const learner = createLearner({
    catalogue,
    data,
    model: options.model ?? defaults.model,
    loss,
    optimizer: options.optimizer,
    ...(embedding ? { embedding } : {}),
    ...(first.length > 0 ? { stages: first } : {}),
  });
  requireMainEpochs(learner, epochs);
  const assumed = supervision?.form === "pairs" ? supervision.otherPairs : undefined;
  return await fitLearner({
    options,
    backend,
    learner,
    data,
    prepared,
    sampler: options.sampler ?? defaults.sampler,
    epochs,
    learningRate: options.learningRate ?? defaults.learningRate,
    lossLearningRate: options.lossLearningRate,
    validation: parts && (await scoreEpochs({ ...parts, catalogue, backend, learner, loss, validation: validation! })),
    signal,
    warnings: told,
    own: {
      task: "metric",
      ...(assumed === undefined ? {} : { data: { otherPairs: assumed } }),
      ...(embedding ? { embedding } : {}),
      ...(warmup ? { warmup: { ...warmup, loss: named(warmup.loss) } } : {}),
      ...(warmup === false ? { warmup } : {}),
      ...(validation ? { validation } : {}),
      ...(stages.length > 0 ? { stages: stages.map(({ loss, ...rest }) => ({ ...rest, loss: named(loss) })) } : {}),
    },
  });
}

/** What is given beside the rows, or what a data set knows of its own. */
function supervised(known: KnownOfRows, dataset: Dataset | undefined, rows: number) {
  const { labels, pairs, triplets, multiLabels } = known;
  if (labels ?? pairs ?? triplets ?? multiLabels) return supervise(known, rows);
  if (dataset?.labels) return superviseByLabels(dataset.labels, rows);
  if (dataset?.supervision) return superviseBy(dataset.supervision, rows);
  return supervise(known, rows);
}

/** Pairs, with what is assumed of all others. */
function withOtherPairs(supervision: Supervision, { otherPairs, options }: Setting): Supervision {
  if (supervision.form !== "pairs") return supervision;
  const standard = options.loss === undefined ? defaultOtherPairs(metricLoss("pairs", options.divergence)) : undefined;
  const assumed = otherPairs ?? supervision.otherPairs ?? standard;
  return assumed === undefined ? supervision : { ...supervision, otherPairs: assumed };
}
