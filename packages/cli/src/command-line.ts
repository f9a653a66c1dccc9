import { ConfigError } from "@semblance/core";
import { Command, CommanderError } from "commander";
import { addCheck } from "./commands/check.js";
import { addCluster } from "./commands/cluster.js";
import { addCompute } from "./commands/compute.js";
import type { AddCommand, Work } from "./commands/context.js";
import { addDoctor } from "./commands/doctor.js";
import { addEmbed } from "./commands/embed.js";
import { addEvaluate } from "./commands/evaluate.js";
import { addExport } from "./commands/export.js";
import { addList } from "./commands/list.js";
import { addNeighbours } from "./commands/neighbours.js";
import { addPredict } from "./commands/predict.js";
import { addReport } from "./commands/report.js";
import { addTrain } from "./commands/train.js";
import { addTune } from "./commands/tune.js";
import { DONE, exitStatusOf } from "./terminal/exit-status.js";
import { printError } from "./terminal/print-error.js";
import type { Settings } from "./terminal/settings.js";
import type { Terminal } from "./terminal/terminal.js";
import { VERSION } from "./version.js";

const commands: readonly AddCommand[] = [
  addCluster,
  addTune,
  addTrain,
  addEvaluate,
  addPredict,
  addEmbed,
  addNeighbours,
  addExport,
  addReport,
  addList,
  addDoctor,
  addCompute,
  addCheck,
];

/**
 * The `semblance` command on some terminal.
 *
 * @param args what stands behind the command's name
 * @returns the exit status: 0 done, 1 the run failed, 2 the request was wrong
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  let status = DONE;
  const program = new Command("semblance");
  const settings = (): Settings => {
    const { json, quiet, color, debug } = program.opts<Partial<Settings>>();
    return { json: json === true, quiet: quiet === true, color: color !== false, debug: debug === true };
  };
  program
    .description("Deep divergence learning: networks that learn what belongs together.")
    .version(VERSION)
    .option("--json", "one JSON document on standard output, and nothing else there")
    .option("--quiet", "no progress")
    .option("--no-color", "no colours; so does NO_COLOR")
    .option("--debug", "stack traces of errors")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: terminal.out, writeErr: () => {} })
    .exitOverride()
    .helpCommand(false);
  const start = async (work: Work) => {
    status = await work({ terminal, settings: settings() });
  };
  for (const add of commands) add(program, start);
  // Sub-commands copy these settings only when they are made by `command`, which is before they are known to be final.
  for (const command of program.commands)
    command.exitOverride().configureOutput({ writeOut: terminal.out, writeErr: () => {} });
  try {
    if (args.length === 0) {
      terminal.out(program.helpInformation());
      return DONE;
    }
    await program.parseAsync([...args], { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return DONE;
    const told = error instanceof CommanderError ? usageError(error, args) : error;
    // An option that could not be read may stand before --json was seen.
    const asked = {
      ...settings(),
      json: settings().json || args.includes("--json"),
      debug: settings().debug || args.includes("--debug"),
    };
    printError(told, terminal, asked);
    return exitStatusOf(told);
  }
}

/** Commander's words as an error like all others. */
function usageError({ message }: CommanderError, args: readonly string[]): ConfigError {
  const [what = "", hint] = message.replace(/^error: /, "").split("\n");
  const name = commandName(args);
  return new ConfigError("USAGE", what, {
    where: `semblance ${args.slice(0, 6).join(" ")}`,
    fix: hint ? hint.replace(/[()]/g, "") : `Run semblance ${name}--help.`,
  });
}

const commandName = (args: readonly string[]) => {
  const known = args.find((arg) =>
    [
      "cluster",
      "tune",
      "train",
      "evaluate",
      "predict",
      "embed",
      "neighbours",
      "export",
      "report",
      "list",
      "doctor",
      "compute",
      "check",
    ].includes(arg),
  );
  return known ? `${known} ` : "";
};
