import { type Line, mean, type Run, spread } from "./experiment.js";

interface Column {
  readonly title: string;
  cell(line: Line): string;
}

const three = (value: number) => value.toFixed(3);
/** The mean over the runs, and their standard deviation where there are several. */
const spreadOf = (values: readonly number[]) =>
  values.length > 1 ? `${three(mean(values))} (${three(spread(values))})` : three(mean(values));
const meanOf = ({ runs }: Line, value: (run: Run) => number) => mean(runs.map(value));

const SCORES: readonly Column[] = [
  { title: "score", cell: ({ runs }) => spreadOf(runs.map(({ score }) => score)) },
  { title: "theirs", cell: ({ target }) => (target ? three(target.score) : "") },
  { title: "", cell: scoreVerdict },
];

const published: Column = {
  title: "paper",
  cell: ({ paper }) =>
    paper ? `${three(paper.ari)}${paper.spread === undefined ? "" : ` (${three(paper.spread)})`}` : "",
};

/** The lines of an experiment as a table for people, in Markdown. Columns that none of them fills are left out. */
export function tableOf(lines: readonly Line[]): string {
  const keys = [...new Set(lines.flatMap(({ setting }) => Object.keys(setting)))];
  const scored = lines.some(({ target }) => target !== undefined);
  const compared = lines.some(({ paper }) => paper !== undefined);
  const columns: Column[] = [
    ...keys.map((key) => ({ title: key, cell: ({ setting }: Line) => String(setting[key] ?? "") })),
    { title: "runs", cell: ({ runs }) => String(runs.length) },
    ...(scored ? SCORES : []),
    { title: "ARI", cell: ({ runs }) => spreadOf(runs.map(({ ari }) => ari)) },
    ...(compared ? [published, { title: "", cell: verdict }] : []),
    { title: "clusters used", cell: (line) => meanOf(line, ({ used }) => used).toFixed(1) },
    ...(compared ? [{ title: "paper", cell: ({ paper }: Line) => paper?.used?.toFixed(1) ?? "" }] : []),
    { title: "entropy", cell: (line) => meanOf(line, ({ entropy }) => entropy).toPrecision(2) },
    { title: "seconds a run", cell: (line) => meanOf(line, ({ seconds }) => seconds).toFixed(1) },
  ];
  const body = lines.map((line) => columns.map(({ cell }) => cell(line)));
  const widths = columns.map(({ title }, column) =>
    Math.max(3, title.length, ...body.map((row) => row[column]!.length)),
  );
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [row(columns.map(({ title }) => title)), row(widths.map((width) => "-".repeat(width))), ...body.map(row)].join(
    "\n",
  );
}

/** Whether our mean lies within the paper's mean ± its spread; above and below say on which side it does not. */
export function verdict({ runs, paper }: Line): string {
  if (paper?.spread === undefined) return "";
  // The paper gives three digits.
  const room = Math.max(paper.spread, 0.0005);
  return sideOf(mean(runs.map(({ ari }) => ari)), paper.ari, room);
}

function scoreVerdict({ runs, target }: Line): string {
  return target ? sideOf(mean(runs.map(({ score }) => score)), target.score, target.tolerance) : "";
}

const sideOf = (ours: number, theirs: number, room: number) =>
  ours > theirs + room ? "above" : ours < theirs - room ? "below" : "within";
