import { type Dataset, type Loss, rowsOf, sizeOf } from "@semblance/core";
import type { LoadedDataset } from "@semblance/data";
import { checkLabels, defaultOtherPairs, type MetricDefaults, metricDefaults, metricLoss } from "@semblance/estimators";
import { locateOption } from "../commands/locate-option.js";
import type { TuneOptions } from "../commands/tune.js";
import type { Component } from "../job/job-schema.js";
import { jobFrom } from "../job/job-source.js";
import { override } from "../job/overrides.js";
import { type ResolvedJob, resolveJob } from "../job/resolve-job.js";
import { loadJobData } from "../run/load-data.js";
import { BEGINS, describeBegins, type ScoredBegins, scoreBegins } from "./choose-begin.js";
import { chooseHoldOut } from "./choose-hold-out.js";
import { chooseValidation } from "./choose-validation.js";
import { describeData } from "./describe-data.js";
import { requireScorable } from "./require-scorable.js";

export interface PlannedTuning {
  readonly resolved: ResolvedJob;
  readonly loaded: LoadedDataset;
  readonly warnings: readonly string[];
  /** K of recall@K. */
  readonly k: number;
  /** What the head could have begun with. */
  readonly begins?: ScoredBegins;
}

/**
 * Reads the data, says what was understood, and settles the job: what is held out, and what suits the form of what is known.
 *
 * @throws ConfigError, DataError for what cannot be learned from: ONE_CLASS, NO_CLASS_REPEATED, PAIRS_CONTRADICT, PAIRS_OF_ONE_KIND, SAMPLE_UNKNOWN, …
 */
export async function planTuning(
  vectors: string,
  options: TuneOptions,
  tell: (line: string) => void,
): Promise<PlannedTuning> {
  const form = options.pairs === undefined ? "labels" : "pairs";
  const resolve = async (value: object) =>
    await resolveJob(
      override(
        {
          ...jobFrom(value as Record<string, unknown>, { name: "semblance tune", folder: process.cwd() }),
          locate: locateOption(OPTIONS, "semblance tune"),
          addBy: (key) => `--set ${key}=…`,
        },
        options.set,
      ),
    );
  const asked = jobOf(vectors, options, form);
  const loss = metricLoss(form, options.divergence);
  const probe = await resolve({ loss, ...asked });
  const { catalogue } = probe;
  const { train } = (await loadJobData(probe.job)).splits;
  tell(describeData(train));
  const warnings = train.labels ? checkLabels(train.labels, options.labels ?? vectors) : [];
  for (const warning of warnings) tell(`warning: ${warning}`);
  const classes = train.labels?.names.length;
  const width = sizeOf(train.features.shape.slice(1));
  const { supervision } = train;
  const defaults = metricDefaults(catalogue, {
    form,
    rows: rowsOf(train),
    width,
    ...(classes ? { classes } : {}),
    ...(supervision?.form === "pairs" ? { pairs: supervision.similarity.length } : {}),
  });
  const epochs = options.epochs ?? defaults.epochs;
  const holdOut = holdOutOf(options, train);
  const { job: divided } = await resolve({ loss, ...asked, data: { ...asked.data, holdOut } });
  const { splits } = await loadJobData(divided);
  const k = splits.test ? requireScorable(splits.test, options.k) : (options.k ?? 1);
  const validation = chooseValidation(splits.train, options.seed);
  const plan = {
    model: defaults.model,
    ...embeddingOf(options, defaults, catalogue.get("loss", probe.job.loss.name)),
    optimizer: { learningRate: defaults.learningRate },
    loss,
    ...asked,
    data: { ...asked.data, holdOut },
    ...(validation ? { validation } : {}),
    epochs,
    // Scores during training would tell nobody anything; those of the end are a few, for the report.
    evaluate: { every: epochs, ...(form === "labels" ? { measures: ["recall-at-k", "map-at-r"] } : {}) },
    checkpoint: { every: Math.ceil(epochs / 5) },
  };
  const standard = await resolve(plan);
  const loaded = await loadJobData(standard.job);
  const begins = await begun(standard, { plan, resolve, loaded, own: isOwn(options) });
  if (begins) tell(describeBegins(begins));
  else if (!standard.job.validation) tell("too little is known of the rows to hold some out: the last epoch is kept");
  const resolved = begins ? await resolve({ ...plan, model: begins.best.model }) : standard;
  const { job } = resolved;
  tell(`learns from ${form} by ${job.loss.name}, with the head ${job.model.name}; job.json holds every choice`);
  return { resolved, loaded, warnings, k, ...(begins ? { begins } : {}) };
}

interface Beginning {
  readonly plan: { readonly model: Component };
  readonly resolve: (value: object) => Promise<ResolvedJob>;
  readonly loaded: LoadedDataset;
  /** Whether model, loss or divergence are the user's. */
  readonly own: boolean;
}

/** What the head may begin with, scored; undefined where that is the user's choice, or nothing is held out to choose by. */
async function begun(
  { job }: ResolvedJob,
  { plan, resolve, loaded, own }: Beginning,
): Promise<ScoredBegins | undefined> {
  if (own || !job.validation) return undefined;
  const jobs: ResolvedJob[] = [];
  const seen = new Set<string>();
  const widest = plan.model.begin === undefined ? BEGINS.slice(0, 1) : BEGINS;
  for (const model of widest) {
    const each = await resolve({ ...plan, model });
    // What --set says of the model holds for all of them.
    const key = JSON.stringify(each.job.model);
    if (!seen.has(key)) jobs.push(each);
    seen.add(key);
  }
  return await scoreBegins(jobs, loaded);
}

const isOwn = ({ model, divergence, loss }: TuneOptions) =>
  model !== undefined || divergence !== undefined || loss !== undefined;

/** As wide as the rows, unless the head is another one, or the divergence or the loss is of outputs of its own number. */
function embeddingOf(
  { model, divergence }: TuneOptions,
  { embedding }: MetricDefaults,
  { outputs }: Pick<Loss, "outputs">,
) {
  return model !== undefined || divergence !== undefined || outputs || !embedding ? {} : { embedding };
}

function holdOutOf({ holdOut, seed }: TuneOptions, { labels }: Dataset) {
  if (holdOut !== undefined) return { by: holdOut, seed };
  return labels ? chooseHoldOut(labels, seed) : { by: "pair", seed };
}

function jobOf(vectors: string, options: TuneOptions, form: "labels" | "pairs") {
  const assumed =
    options.loss === undefined && form === "pairs"
      ? defaultOtherPairs(metricLoss(form, options.divergence))
      : undefined;
  const otherPairs = options.otherPairs ?? assumed;
  const { labels, pairs, ids, standardise = false, seed, backend, plugin, model, loss, divergence } = options;
  return {
    task: "metric",
    seed,
    backend,
    data: {
      source: vectors,
      ...(labels === undefined ? {} : { labels }),
      ...(pairs === undefined ? {} : { pairs }),
      ...(otherPairs === undefined ? {} : { otherPairs }),
      ...(ids === undefined ? {} : { ids }),
      standardise,
    },
    ...(model === undefined ? {} : { model: { name: model } }),
    ...(loss === undefined ? {} : { loss: { name: loss, ...(divergence === undefined ? {} : { divergence }) } }),
    plugins: [...plugin],
  };
}

const OPTIONS: Readonly<Record<string, string>> = {
  seed: "--seed",
  backend: "--backend",
  data: "VECTORS",
  "data.labels": "--labels",
  "data.pairs": "--pairs",
  "data.otherPairs": "--other-pairs",
  "data.ids": "--ids",
  "data.holdOut": "--hold-out",
  model: "--model",
  loss: "--loss",
  "loss.divergence": "--divergence",
  epochs: "--epochs",
  plugins: "--plugin",
};
