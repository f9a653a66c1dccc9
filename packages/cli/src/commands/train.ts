import { resolve } from "node:path";
import { ConfigError } from "@semblance/core";
import { canonicalJson } from "@semblance/estimators";
import { readJobFile } from "../job/job-source.js";
import { locateMissingData } from "../job/locate-files.js";
import type { Override } from "../job/overrides.js";
import { resolveJob } from "../job/resolve-job.js";
import { settleJob } from "../job/settle-job.js";
import { loadJobData } from "../run/load-data.js";
import { readRunJob } from "../run/open-run.js";
import { nextRunFolder, runName } from "../run/run-folder-name.js";
import type { AddCommand, Context } from "./context.js";
import { pluginOption, setOption } from "./options.js";
import { runForTerminal } from "./run-command.js";

interface TrainOptions {
  readonly set: readonly Override[];
  readonly resume?: string;
  readonly out?: string;
  readonly plugin: readonly string[];
}

/** `semblance train JOB.yaml` */
export const addTrain: AddCommand = (program, start) => {
  program
    .command("train")
    .description("runs a job file, or goes on with an interrupted run")
    .argument("[job]", "a job file in YAML; not needed with --resume")
    .addOption(setOption())
    .option("--resume <dir>", "goes on with the run in this folder, to the same bytes as without the interruption")
    .option("--out <dir>", "the run folder; runs/NAME-N by default")
    .addOption(pluginOption())
    .action((job: string | undefined, options: TrainOptions) =>
      start((context) => (options.resume === undefined ? begin(job, options, context) : goOn(job, options, context))),
    );
};

async function begin(job: string | undefined, options: TrainOptions, context: Context): Promise<number> {
  if (job === undefined) {
    throw new ConfigError("USAGE", "no job file is named", {
      where: "semblance train",
      fix: "Write semblance train JOB.yaml, or semblance train --resume DIR.",
    });
  }
  const source = await asked(job, options);
  const resolved = await resolveJob(source);
  const folder = resolve(options.out ?? (await nextRunFolder(process.cwd(), runName(job))));
  try {
    return await runForTerminal({ resolved, folder }, context);
  } catch (error) {
    throw locateMissingData(error, source, resolved.job);
  }
}

async function goOn(job: string | undefined, options: TrainOptions, context: Context): Promise<number> {
  const folder = resolve(options.resume!);
  if (options.out !== undefined) {
    throw new ConfigError("USAGE", "a resumed run stays in its folder", {
      where: `--out ${options.out}`,
      fix: "Leave --out away.",
    });
  }
  const resolved = await readRunJob(folder);
  if (job === undefined && options.set.length === 0)
    return await runForTerminal({ resolved, folder, resume: true }, context);
  const data = await loadJobData(resolved.job);
  const source = job === undefined ? undefined : await asked(job, options);
  const other = source && (await resolveJob(source));
  const settled = other && settleJob(other.job, other.catalogue, data.splits.train);
  if (!settled || canonicalJson(settled) !== canonicalJson(resolved.job)) {
    throw new ConfigError(
      "RUN_MISMATCH",
      "a run is resumed with the job that it was started with, and this one differs",
      {
        where: `${job ?? "--set"} and ${folder}/job.json`,
        fix: `Write semblance train --resume ${options.resume}, or start another run.`,
      },
    );
  }
  return await runForTerminal({ resolved, folder, resume: true, data }, context);
}

/** A job file with what the options change. */
async function asked(job: string, { set, plugin }: TrainOptions) {
  const source = await readJobFile(job, set);
  if (plugin.length === 0) return source;
  const { plugins = [] } = source.value;
  return {
    ...source,
    value: { ...source.value, plugins: [...(Array.isArray(plugins) ? plugins : [plugins]), ...plugin] },
  };
}
