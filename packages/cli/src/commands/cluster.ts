import { resolve } from "node:path";
import { ConfigError, jsonSchemaOf, rowsOf } from "@semblance/core";
import { jobFrom } from "../job/job-source.js";
import { type Override, override } from "../job/overrides.js";
import { type ResolvedJob, resolveJob } from "../job/resolve-job.js";
import { loadJobData } from "../run/load-data.js";
import { nextRunFolder, runName } from "../run/run-folder-name.js";
import { clusterDefaults } from "./cluster-defaults.js";
import type { AddCommand, Context } from "./context.js";
import { backendOption, numberOption, pluginOption, setOption } from "./options.js";
import { runForTerminal } from "./run-command.js";

interface ClusterOptions {
  readonly clusters?: number;
  readonly loss: string;
  readonly model: string;
  readonly backend: string;
  readonly seed: number;
  readonly epochs?: number;
  readonly labels?: string;
  readonly standardise?: boolean;
  readonly out?: string;
  readonly set: readonly Override[];
  readonly plugin: readonly string[];
}

/** `semblance cluster DATA` */
export const addCluster: AddCommand = (program, start) => {
  program
    .command("cluster")
    .description("clusters a data file; with labels also scores it")
    .argument("<data>", "builtin:NAME, or a file: .csv, .tsv, .jsonl, .npy, .npz, IDX, each also .gz")
    .addOption(
      numberOption("--clusters <k>", "the largest number of clusters; the number of classes where there are labels", 2),
    )
    .option("--loss <name>", "what makes a good clustering", "gemini/mmd-ova")
    .option("--model <name>", "the network", "mlp")
    .addOption(backendOption().default("ort"))
    .addOption(numberOption("--seed <n>", "the seed of weights and batches", 0).default(0))
    .addOption(numberOption("--epochs <n>", "passes over the data; by default as many as give about 600 steps", 1))
    .option("--labels <column|file>", "the classes, to score the clusters by; never learned from by a clustering loss")
    .option("--standardise", "give every column mean 0 and deviation 1; the default for .csv, .tsv and .jsonl")
    .option("--no-standardise", "take the columns as they are; the default for everything else")
    .option("--out <dir>", "the run folder; runs/NAME-N by default")
    .addOption(setOption())
    .addOption(pluginOption())
    .action((data: string, options: ClusterOptions) => start(async (context) => await cluster(data, options, context)));
};

async function cluster(data: string, options: ClusterOptions, context: Context): Promise<number> {
  const asked = jobOf(data, options);
  const source = (value: typeof asked) =>
    override(
      { ...jobFrom(value, { name: "semblance cluster", folder: process.cwd() }), locate: locateOption },
      options.set,
    );
  // How many passes are sensible depends on the number of rows, so the data are read before the job is settled.
  const { job } = await resolveJob(source(asked));
  const loaded = await loadJobData(job);
  const { train } = loaded.splits;
  const resolved = await resolveJob(source({ ...clusterDefaults(rowsOf(train)), ...asked }));
  if (takesClusters(resolved) && resolved.job.loss.clusters === undefined && !train.labels) {
    throw new ConfigError("CLUSTERS_MISSING", "nothing says how many clusters there are", {
      where: `semblance cluster ${data}`,
      fix: "Say how many there may be (--clusters K; some may stay empty), or name the labels (--labels COLUMN).",
    });
  }
  const folder = resolve(options.out ?? (await nextRunFolder(process.cwd(), runName(data))));
  return await runForTerminal({ resolved, folder, data: loaded }, context);
}

const takesClusters = ({ catalogue, job }: ResolvedJob) =>
  "clusters" in (jsonSchemaOf(catalogue.get("loss", job.loss.name).config).properties ?? {});

/** Columns of a table are measured in units of their own; pixels and embeddings are not. */
const isTable = (data: string) => /\.(?:csv|tsv|jsonl)(?:\.gz)?$/i.test(data);

function jobOf(data: string, options: ClusterOptions) {
  const { clusters, loss, model, backend, seed, epochs, labels, standardise, plugin } = options;
  return {
    seed,
    backend,
    data: {
      source: data,
      ...(labels === undefined ? {} : { labels }),
      standardise: standardise ?? isTable(data),
    },
    model: { name: model },
    loss: { name: loss, ...(clusters === undefined ? {} : { clusters }) },
    ...(epochs === undefined ? {} : { epochs }),
    plugins: [...plugin],
  };
}

const OPTIONS: Readonly<Record<string, string>> = {
  seed: "--seed",
  backend: "--backend",
  data: "DATA",
  "data.labels": "--labels",
  model: "--model",
  loss: "--loss",
  "loss.clusters": "--clusters",
  epochs: "--epochs",
  plugins: "--plugin",
};

/** The option that a key of the job comes from. */
function locateOption(keys: readonly PropertyKey[]): string {
  const path = keys.map(String);
  for (let length = path.length; length > 0; length--) {
    const option = OPTIONS[path.slice(0, length).join(".")];
    if (option) return option;
  }
  return "semblance cluster";
}
