import { type Backend, type OpName, ops } from "@semblance/core";
import { type BackendCheckOptions, backendChecks, runCheck } from "@semblance/core/checks";

/** A column of the matrix: how a backend is made, and what it is asked. */
export interface MatrixBackend {
  readonly name: string;
  readonly make: () => Backend | Promise<Backend>;
  readonly options?: BackendCheckOptions;
}

/** What the suite found of one primitive on one backend. */
interface Cell {
  /** Checks that passed, by element type. */
  readonly passed: Map<string, number>;
  readonly failed: string[];
  readonly skipped: Set<string>;
}

const SHORT: Readonly<Record<string, string>> = { float32: "f32", float64: "f64", int32: "i32", bool: "bool" };

/** Runs every case of every primitive on each backend and writes what passed as a table in Markdown. */
export async function operatorMatrix(backends: readonly MatrixBackend[]): Promise<string> {
  const columns: Map<OpName, Cell>[] = [];
  for (const backend of backends) columns.push(await columnOf(backend));
  const names = (Object.keys(ops) as OpName[]).sort();
  const footnotes: string[] = [];
  const rows = names.map((name) => {
    const cells = columns.map((column, at) => {
      const cell = column.get(name);
      for (const title of cell?.failed ?? []) footnotes.push(`${backends[at]!.name}: ${title} fails`);
      for (const reason of cell?.skipped ?? []) footnotes.push(`${backends[at]!.name}: ${name}: ${reason}`);
      return showCell(cell);
    });
    return `| \`${name}\` | ${cells.join(" | ")} |`;
  });
  return [
    `| primitive | ${backends.map(({ name }) => `\`${name}\``).join(" | ")} |`,
    `| --- | ${backends.map(() => "---").join(" | ")} |`,
    ...rows,
    "",
    footnotes.length > 0 ? footnotes.map((note) => `- ${note}`).join("\n") : "Nothing fails, and nothing is left out.",
    "",
  ].join("\n");
}

async function columnOf({ make, options }: MatrixBackend): Promise<Map<OpName, Cell>> {
  const column = new Map<OpName, Cell>();
  for (const check of backendChecks(make, { large: false, drawnPrograms: 1, ...options })) {
    if (!Object.hasOwn(ops, check.group) && check.group !== "disposal") continue;
    const outcome = await runCheck(check);
    if (check.group === "disposal") continue;
    const name = check.group as OpName;
    const cell: Cell = column.get(name) ?? { passed: new Map(), failed: [], skipped: new Set() };
    column.set(name, cell);
    const dtype = /, (float32|float64|int32|bool)\b/.exec(check.title)?.[1] ?? "any";
    if (outcome.status === "passed") cell.passed.set(dtype, (cell.passed.get(dtype) ?? 0) + 1);
    else if (outcome.status === "failed") cell.failed.push(check.title);
    else cell.skipped.add(outcome.reason);
  }
  return column;
}

function showCell(cell: Cell | undefined): string {
  if (!cell) return "–";
  const passed = [...cell.passed].map(([dtype, count]) => `${SHORT[dtype] ?? dtype} ${count}`).join(", ");
  const marks = `${cell.failed.length > 0 ? " ✗" : ""}${cell.skipped.size > 0 ? " *" : ""}`;
  return `${passed || "–"}${marks}`;
}
