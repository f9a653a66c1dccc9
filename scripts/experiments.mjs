// npm run experiments -- NAME [--runs N] [--seed N] [--clusters 4,8] [--df 1,2] [--losses a,b] [--models a,b] [--epochs N]
//   [--floor NUMBER] [--backend NAME] [--threads N] [--data DIR] [--pictures DIR] [--json]: an experiment of a paper, its table beside ours.
// npm run experiments -- table FILE…: the table of the lines that --json wrote.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runnerImport } from "vite";
import { bootstrap } from "./bootstrap.mjs";

const text = { type: "string" };
const { values, positionals } = parseArgs({
  options: {
    runs: text,
    seed: text,
    clusters: text,
    df: text,
    losses: text,
    models: text,
    epochs: text,
    floor: text,
    backend: text,
    threads: text,
    data: text,
    pictures: text,
    json: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
bootstrap();
const file = fileURLToPath(new URL("../examples/experiments/index.ts", import.meta.url));
const { module } = await runnerImport(file, { configFile: false, logLevel: "error" });
const { retrievalExperiments, scoresOf, tableOf } = module;
const experiments = { ...module.experiments, ...retrievalExperiments };

function refuse(what, fix) {
  console.error(`error[EXPERIMENT_UNKNOWN]: ${what}\nfix: ${fix}`);
  process.exit(2);
}
const [name, ...rest] = positionals;
if (name === "table") {
  const written = rest.flatMap((path) => readFileSync(path, "utf8").split("\n").filter(Boolean));
  console.log(tableOf(written.map((line) => JSON.parse(line))));
  process.exit(0);
}
const experiment = experiments[name ?? ""];
if (!experiment || rest.length > 0) {
  refuse(`there is no experiment "${positionals.join(" ")}"`, `there are ${Object.keys(experiments).join(", ")}`);
}

const count = (key) => (values[key] === undefined ? {} : { [key]: wholeNumber(key, values[key]) });
const list = (key, each = (item) => item) =>
  values[key] === undefined ? {} : { [key]: values[key].split(",").map((item) => each(item)) };
function wholeNumber(key, item) {
  if (!/^\d+$/.test(item)) refuse(`--${key} ${item}`, `--${key} takes whole numbers`);
  return Number(item);
}
function number(key, item) {
  if (item.trim() === "" || !Number.isFinite(Number(item))) refuse(`--${key} ${item}`, `--${key} takes a number`);
  return Number(item);
}
const choices = {
  ...count("runs"),
  ...count("seed"),
  ...count("epochs"),
  ...count("threads"),
  ...(values.floor === undefined ? {} : { floor: number("floor", values.floor) }),
  ...list("clusters", (item) => wholeNumber("clusters", item)),
  ...list("df", (item) => wholeNumber("df", item)),
  ...list("losses"),
  ...list("models"),
  ...(values.backend === undefined ? {} : { backend: values.backend }),
  ...(values.data === undefined ? {} : { data: values.data }),
  ...(values.pictures === undefined ? {} : { pictures: values.pictures }),
};

console.error(`${experiment.title}. ${experiment.protocol}`);
try {
  const lines = await experiment.run(choices, (line) => {
    if (values.json) console.log(JSON.stringify(line));
    else
      console.error(
        `${Object.values(line.setting).join(" ")}: ${scoresOf(line)
          .map((score) => score.toFixed(3))
          .join(" ")}`,
      );
  });
  if (!values.json) console.log(tableOf(lines));
} catch (error) {
  if (error?.code === undefined) throw error;
  console.error(`error[${error.code}]: ${error.message}\nwhere: ${error.where ?? name}\nfix: ${error.fix ?? ""}`);
  process.exit(1);
}
