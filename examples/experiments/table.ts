import { type Line, mean, spread } from "./experiment.js";

const three = (value: number) => value.toFixed(3);

/** The lines of an experiment as a table for people, in Markdown. */
export function tableOf(lines: readonly Line[]): string {
  const keys = [...new Set(lines.flatMap(({ setting }) => Object.keys(setting)))];
  const head = [...keys, "runs", "ARI", "paper", "", "clusters used", "paper", "entropy", "seconds a run"];
  const body = lines.map((line) => {
    const { setting, runs, paper } = line;
    const aris = runs.map(({ ari }) => ari);
    const published = paper
      ? `${three(paper.ari)}${paper.spread === undefined ? "" : ` (${three(paper.spread)})`}`
      : "";
    return [
      ...keys.map((key) => String(setting[key] ?? "")),
      String(runs.length),
      `${three(mean(aris))}${runs.length > 1 ? ` (${three(spread(aris))})` : ""}`,
      published,
      verdict(line),
      mean(runs.map(({ used }) => used)).toFixed(1),
      paper?.used === undefined ? "" : paper.used.toFixed(1),
      mean(runs.map(({ entropy }) => entropy)).toPrecision(2),
      mean(runs.map(({ seconds }) => seconds)).toFixed(1),
    ];
  });
  const widths = head.map((title, column) => Math.max(3, title.length, ...body.map((row) => row[column]!.length)));
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [row(head), row(widths.map((width) => "-".repeat(width))), ...body.map(row)].join("\n");
}

/** Whether our mean lies within the paper's mean ± its spread; above and below say on which side it does not. */
export function verdict({ runs, paper }: Line): string {
  if (paper?.spread === undefined) return "";
  const ours = mean(runs.map(({ ari }) => ari));
  // The paper gives three digits.
  const room = Math.max(paper.spread, 0.0005);
  return ours > paper.ari + room ? "above" : ours < paper.ari - room ? "below" : "within";
}
