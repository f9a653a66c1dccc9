// npm run bench [-- --peers] [-- --json] [-- NAME …]: every benchmark in bench/, one table of ratios.
import { readdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";

const { values, positionals } = parseArgs({
  options: { peers: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
  allowPositionals: true,
});
await bootstrap();

const folder = new URL("../bench/", import.meta.url);
const names = (await readdir(folder)).filter((name) => name.endsWith(".mjs")).map((name) => name.slice(0, -4));
for (const name of positionals) {
  if (!names.includes(name)) {
    console.error(`error[BENCH_UNKNOWN]: there is no benchmark "${name}"\nfix: there are ${names.join(", ")}`);
    process.exit(2);
  }
}

const rows = [];
for (const name of names.filter((name) => positionals.length === 0 || positionals.includes(name))) {
  console.error(`${name} …`);
  const bench = await import(new URL(`${name}.mjs`, folder).href);
  rows.push(...(await bench.rows({ peers: values.peers })));
}

if (values.json) {
  for (const row of rows) console.log(JSON.stringify(row));
} else {
  const number = (value, digits) => (value === undefined || value === null ? "–" : value.toFixed(digits));
  const cells = [
    ["benchmark", "ours ms", "peer", "peer ms", "ratio", "target", ""],
    ...rows.map(({ name, ms, peer, peerMs, ratio, target }) => [
      name,
      number(ms, 2),
      peer ?? "–",
      number(peerMs, 2),
      number(ratio, 2),
      target === undefined ? "–" : `≤ ${target}`,
      ratio === undefined || target === undefined ? "" : ratio <= target ? "met" : "missed",
    ]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  for (const row of cells)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    );
}
