import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const READERS = {
  flag: () => true,
  text: (given) => given,
  number: Number,
  numbers: (given) => given.split(",").map(Number),
};

/** `processor-time` as `processorTime`. */
const keyOf = (option) => option.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

/**
 * Prints the table of a benchmark that was started by itself, with what its command line says.
 *
 * @param {string} url `import.meta.url` of the benchmark
 * @param {(options: Record<string, unknown>) => unknown} rows
 * @param {Readonly<Record<string, "flag" | "text" | "number" | "numbers">>} kinds the options by name, `--peers` always among them
 */
export async function runAlone(url, rows, kinds = {}) {
  if (process.argv[1] !== fileURLToPath(url)) return;
  const known = { peers: "flag", ...kinds };
  const options = Object.fromEntries(
    Object.entries(known).map(([name, kind]) => [name, { type: kind === "flag" ? "boolean" : "string" }]),
  );
  const { values } = parseArgs({ options });
  const chosen = Object.entries(values).map(([name, given]) => [keyOf(name), READERS[known[name]](given)]);
  console.table(await rows(Object.fromEntries(chosen)));
}
