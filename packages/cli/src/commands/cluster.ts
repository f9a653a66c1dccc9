import { resolve } from "node:path";
import { ConfigError, jsonSchemaOf, rowsOf } from "@semblance/core";
import { type LoadedDataset, unitsDiffer } from "@semblance/data";
import { clusterDefaults, lossDefaults } from "@semblance/estimators";
import { type JobSource, jobFrom } from "../job/job-source.js";
import { type Override, override } from "../job/overrides.js";
import { type ResolvedJob, resolveJob } from "../job/resolve-job.js";
import { loadJobData } from "../run/load-data.js";
import { nextRunFolder, runName } from "../run/run-folder-name.js";
import type { AddCommand, Context } from "./context.js";
import { locateOption } from "./locate-option.js";
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
    .argument("<data>", "builtin:NAME, or a file: .csv, .tsv, .jsonl, .npy, .npz, .parquet, IDX, each also .gz")
    .addOption(
      numberOption("--clusters <k>", "the largest number of clusters; the number of classes where there are labels", 2),
    )
    .option("--loss <name>", "what makes a good clustering", "gemini/mmd-ova")
    .option("--model <name>", "the network", "mlp")
    .addOption(backendOption().default("ort"))
    .addOption(numberOption("--seed <n>", "the seed of weights and batches", 0).default(0))
    .addOption(numberOption("--epochs <n>", "passes over the data; by default as many as give about 600 steps", 1))
    .option("--labels <column|file>", "the classes, to score the clusters by; never learned from by a clustering loss")
    .option(
      "--standardise",
      "give every column mean 0 and deviation 1; the default for tables whose columns differ much in range",
    )
    .option("--no-standardise", "take the columns as they are")
    .option("--out <dir>", "the run folder; runs/NAME-N by default")
    .addOption(setOption())
    .addOption(pluginOption())
    .action((data: string, options: ClusterOptions) => start(async (context) => await cluster(data, options, context)));
};

async function cluster(data: string, options: ClusterOptions, context: Context): Promise<number> {
  const source = (value: ReturnType<typeof jobOf>) =>
    override(
      {
        ...jobFrom(value, { name: "semblance cluster", folder: process.cwd() }),
        locate: locateOption(OPTIONS, "semblance cluster"),
        addBy: (key) => `--set ${key}=…`,
      },
      options.set,
    );
  // What is sensible depends on the rows and the units of the columns, so the data are read before the job is settled.
  const { value, loaded } = await withData(data, options, source);
  const { train } = loaded.splits;
  const resolved = await resolveJob(source({ ...clusterDefaults(rowsOf(train)), ...value }));
  if (takesClusters(resolved) && resolved.job.loss.clusters === undefined && !train.labels) {
    throw new ConfigError("CLUSTERS_MISSING", "nothing says how many clusters there are", {
      where: `semblance cluster ${data}`,
      fix: "Say how many there may be (--clusters K; some may stay empty), or name the labels (--labels COLUMN).",
    });
  }
  const folder = resolve(options.out ?? (await nextRunFolder(process.cwd(), runName(data))));
  return await runForTerminal({ resolved, folder, data: loaded }, context);
}

/**
 * The job and its data. Unless an option decides, tables are centred and scaled: every column by itself where they have different
 * units, all in common otherwise. Pixels are left as they are.
 */
async function withData(
  data: string,
  options: ClusterOptions,
  source: (value: ReturnType<typeof jobOf>) => JobSource,
): Promise<{ readonly value: ReturnType<typeof jobOf>; readonly loaded: LoadedDataset }> {
  const decided =
    options.standardise !== undefined || options.set.some(({ path }) => path.join(".") === "data.standardise");
  const load = async (standardise: boolean | "common") => {
    const value = jobOf(data, options, standardise);
    return { value, loaded: await loadJobData((await resolveJob(source(value))).job) };
  };
  if (decided || !isTable(data)) return await load(options.standardise ?? false);
  const standardised = await load(true);
  const { standardiser } = standardised.loaded.fitted;
  return standardiser && unitsDiffer(standardiser) ? standardised : await load("common");
}

const takesClusters = ({ catalogue, job }: ResolvedJob) =>
  "clusters" in (jsonSchemaOf(catalogue.get("loss", job.loss.name).config).properties ?? {});

/** Rows of numbers rather than pictures. */
const isTable = (data: string) => /\.(?:csv|tsv|jsonl|npy|npz)(?:\.gz)?$/i.test(data);

function jobOf(data: string, options: ClusterOptions, standardise: boolean | "common") {
  const { clusters, loss, model, backend, seed, epochs, labels, plugin } = options;
  // The keys of the default kernel are not those of another one.
  const otherKernel = options.set.some(({ path }) => path.join(".") === "loss.kernel.name");
  return {
    seed,
    backend,
    data: {
      source: data,
      ...(labels === undefined ? {} : { labels }),
      standardise,
    },
    model: { name: model },
    loss: { name: loss, ...(otherKernel ? {} : lossDefaults(loss)), ...(clusters === undefined ? {} : { clusters }) },
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
