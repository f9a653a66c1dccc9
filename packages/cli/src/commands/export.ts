import { join, resolve } from "node:path";
import { writeFileAtomically } from "@semblance/core/node";
import type { ExportedModel } from "@semblance/estimators";
import { loadPlugins } from "../job/load-plugins.js";
import { scoredPart } from "../run/evaluate-model.js";
import { exportModel } from "../run/export-model.js";
import { takesPrepared } from "../run/finish-run.js";
import { loadJobData } from "../run/load-data.js";
import { openRun, trainedOf } from "../run/open-run.js";
import { DONE } from "../terminal/exit-status.js";
import type { AddCommand, Context } from "./context.js";
import { backendOption, pluginOption } from "./options.js";
import { warnOfFailure } from "./warn-of-failure.js";

interface ExportOptions {
  readonly out?: string;
  readonly backend?: string;
  readonly plugin: readonly string[];
}

/** `semblance export RUN` */
export const addExport: AddCommand = (program, start) => {
  program
    .command("export")
    .description("the trained model as ONNX, compared with the run before it is written")
    .argument("<run>", "a run folder")
    .option("--out <file>", "the file; model.onnx in the run folder by default")
    .addOption(backendOption())
    .addOption(pluginOption())
    .action((run: string, options: ExportOptions) => start((context) => exportRun(run, options, context)));
};

async function exportRun(
  path: string,
  { out, backend, plugin }: ExportOptions,
  { terminal, settings }: Context,
): Promise<number> {
  const run = await openRun(resolve(path), await loadPlugins(plugin, process.cwd()));
  warnOfFailure(run, terminal);
  const { job } = run.resolved;
  const { splits } = await loadJobData(job);
  const trained = await trainedOf(run, backend);
  try {
    const { bytes, ...facts } = await exportModel(trained, job, run.learned, scoredPart(splits, trained.model));
    const target = out ?? join(path, "model.onnx");
    await writeFileAtomically(resolve(target), bytes);
    if (settings.json) terminal.out(`${JSON.stringify({ out: target, bytes: bytes.length, ...facts })}\n`);
    else terminal.out(`${[`${target}: ${bytes.length.toLocaleString("en")} bytes`, ...describe(facts)].join("\n")}\n`);
    return DONE;
  } finally {
    await trained.backend.dispose();
  }
}

function describe({ input, outputs, unprepared }: Omit<ExportedModel, "bytes">): string[] {
  const named = Object.entries(outputs).map(([name, shape]) => `${name} ${shape}`);
  return [
    `  takes ${input}`,
    `  ${unprepared === undefined ? "as they are: nothing needs to be prepared" : takesPrepared(unprepared)}`,
    `  gives ${named.join(", ")}`,
  ];
}
