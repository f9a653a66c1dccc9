import { relative, resolve } from "node:path";
import { ConfigError, OTHER_PAIRS, type OtherPairs } from "@semblance/core";
import { Option } from "commander";
import pc from "picocolors";
import type { Override } from "../job/overrides.js";
import { nextRunFolder, runName } from "../run/run-folder-name.js";
import type { RunResult } from "../run/run-job.js";
import { OF_CLUSTERS } from "../run/score-embeddings.js";
import { spacesTable } from "../spaces/print-spaces.js";
import { DONE } from "../terminal/exit-status.js";
import { finishTuning } from "../tune/finish-tuning.js";
import { planTuning } from "../tune/plan-tuning.js";
import { type Tuning, tuningDocument } from "../tune/tuning.js";
import type { AddCommand, Context } from "./context.js";
import { backendOption, numberOption, pluginOption, setOption } from "./options.js";
import { tellOfStop, watchRun } from "./run-command.js";

export interface TuneOptions {
  readonly labels?: string;
  readonly pairs?: string;
  readonly otherPairs?: OtherPairs;
  readonly ids?: string;
  readonly holdOut?: "class" | "row" | "pair";
  readonly k?: number;
  readonly loss?: string;
  readonly divergence?: string;
  readonly model?: string;
  readonly backend: string;
  readonly seed: number;
  readonly epochs?: number;
  readonly standardise?: boolean;
  readonly out?: string;
  readonly set: readonly Override[];
  readonly plugin: readonly string[];
}

/** `semblance tune VECTORS` */
export const addTune: AddCommand = (program, start) => {
  program
    .command("tune")
    .description(
      "better neighbours from vectors that another model made: trains a small head, scored on what was held out",
    )
    .argument(
      "<vectors>",
      "builtin:NAME, or a file of vectors: .csv, .tsv, .jsonl, .npy, .npz, .parquet, IDX, each also .gz",
    )
    .option("--labels <column|file>", "which rows belong together: the class of each")
    .option("--pairs <file>", "the same by pairs: a .csv or .tsv file of a, b, same (1 or 0)")
    .addOption(
      new Option(
        "--other-pairs <what>",
        "what two rows are taken for of which no pair says anything; by default different, which nearly all are where there are many kinds of rows",
      ).choices(OTHER_PAIRS),
    )
    .option("--ids <column|file>", "names of the rows, for pairs; row numbers from 0 without them")
    .addOption(
      new Option(
        "--hold-out <what>",
        "what is kept for scoring; by default a fifth of the classes, of the rows where classes are few, or of the pairs",
      ).choices(["class", "row", "pair"]),
    )
    .addOption(numberOption("--k <n>", "K of recall@K; 8 by default, or fewer where fewer rows are held out", 1))
    .option("--loss <name>", "what makes a good distance; by default chosen by the form of what is known")
    .option("--divergence <name>", "what compares the tuned vectors; that of the loss by default")
    .option(
      "--model <name>",
      "the head; by default residual: a linear map of the rows, and what a hidden layer adds to it",
    )
    .addOption(backendOption().default("ort"))
    .addOption(numberOption("--seed <n>", "the seed of weights, batches and what is held out", 0).default(0))
    .addOption(numberOption("--epochs <n>", "passes over the data; by default as many as give about 250 steps", 1))
    .option("--standardise", "give every column mean 0 and deviation 1")
    .option("--out <dir>", "the run folder; runs/NAME-N by default")
    .addOption(setOption())
    .addOption(pluginOption())
    .action((vectors: string, options: TuneOptions) => start((context) => tune(vectors, options, context)));
};

async function tune(vectors: string, options: TuneOptions, context: Context): Promise<number> {
  const { terminal, settings } = context;
  requireOneForm(vectors, options);
  const tell = (line: string) => {
    if (!settings.quiet) terminal.err(`${line}\n`);
  };
  const { resolved, loaded, warnings, k, begins } = await planTuning(vectors, options, tell);
  const folder = resolve(options.out ?? (await nextRunFolder(process.cwd(), runName(vectors))));
  const result = await watchRun({ resolved, folder, data: loaded, report: false }, context);
  if (result.reason === "interrupted") return tellOfStop(result, context);
  const tuning = await finishTuning(folder, loaded, { k, warnings, begins });
  for (const warning of tuning.warnings.slice(warnings.length)) tell(`warning: ${warning}`);
  if (settings.json) {
    const { seconds, step } = result;
    terminal.out(
      `${JSON.stringify({ folder, step, seconds: Number(seconds.toFixed(3)), ...tuningDocument(tuning) })}\n`,
    );
  } else terminal.out(`${describe(result, tuning, settings.color && terminal.colors.out)}\n`);
  return DONE;
}

function requireOneForm(vectors: string, { labels, pairs }: TuneOptions): void {
  if ((labels === undefined) !== (pairs === undefined)) return;
  throw new ConfigError(
    labels === undefined ? "SUPERVISION_MISSING" : "SUPERVISION_TWICE",
    labels === undefined ? "nothing says which rows belong together" : "both labels and pairs are given",
    {
      where: `semblance tune ${vectors}`,
      fix: "Name the classes (--labels COLUMN|FILE) or a file of pairs (--pairs pairs.csv), not both.",
    },
  );
}

function describe({ folder, seconds }: RunResult, { spaces, against, scored }: Tuning, color: boolean): string {
  const { bold, dim } = pc.createColors(color);
  const [first, ...rest] = spacesTable(spaces, against).split("\n");
  const path = relative("", folder) || ".";
  const verdict = verdictOf(against);
  return [
    bold(first!),
    ...rest,
    "",
    verdict,
    ...(spaces.some(({ scores }) => scores.some(({ measure }) => measure === "NMI")) ? [`NMI: ${OF_CLUSTERS}`] : []),
    `scored on ${scored.count.toLocaleString("en")} ${scored.what} that were held out, ${seconds.toFixed(1)} s`,
    dim(`${path}: head.onnx, report.html, tuning.json, job.json`),
  ].join("\n");
}

/** By the first measure, the one that counts. */
function verdictOf({ name, rows: [first] }: Tuning["against"]): string {
  if (first?.better) return `better than ${name}: the interval of ${first.measure} lies above 0`;
  if (first && first.interval.high < 0)
    return `worse than ${name}: the interval of ${first.measure} lies below 0; keep the vectors as they are`;
  return `not shown to be better than ${name}: the interval of ${first?.measure} does not lie above 0`;
}
