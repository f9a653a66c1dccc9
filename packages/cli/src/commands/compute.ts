import { readFile, stat } from "node:fs/promises";
import {
  type Backend,
  CATALOGUE,
  type Case,
  type CaseResult,
  type Catalogue,
  ConfigError,
  compareCase,
  DataError,
  EVALUABLE_KINDS,
  evaluateCase,
  isSemblanceError,
  type Kind,
  parseCases,
} from "@semblance/core";
import { compose } from "../compose.js";
import { loadPlugins } from "../job/load-plugins.js";
import { DONE, exitStatusOf, FAILED, REFUSED } from "../terminal/exit-status.js";
import type { AddCommand, Context } from "./context.js";
import { backendOption, pluginOption } from "./options.js";

const LARGEST_BYTES = 2 ** 28;
const SHOWN = 20;

interface ComputeOptions {
  readonly backend: string;
  readonly plugin: readonly string[];
}

/** `semblance compute CASES.json` */
export const addCompute: AddCommand = (program, start) => {
  program
    .command("compute")
    .description("evaluates named things on given arrays, and compares with what is expected")
    .argument("<cases>", "a JSON file with an array of cases")
    .addOption(backendOption().default("reference"))
    .addOption(pluginOption())
    .action((file: string, options: ComputeOptions) => start((context) => compute(file, options, context)));
};

/** What came of one case. */
interface CaseReport {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** `computed` where nothing was expected; `unavailable` where the name or kind is not registered. */
  readonly status: "passed" | "failed" | "computed" | "unavailable" | "error";
  /** The largest |got − expected| / max(1, |expected|). */
  readonly error?: number;
  readonly tolerance?: number;
  /** What is off, or why there is no result. */
  readonly failures?: readonly string[];
  /** Of a case that could not be computed. */
  readonly code?: string;
  readonly where?: string;
  readonly fix?: string;
  /** The exit status of such a case by itself. */
  readonly exit?: number;
  readonly result?: CaseResult;
}

async function compute(file: string, { backend: name, plugin }: ComputeOptions, context: Context): Promise<number> {
  const cases = parseCases(await readCases(file), file);
  const catalogue = compose(await loadPlugins(plugin, process.cwd())).resolve<Catalogue>(CATALOGUE);
  const { entry, config } = catalogue.choose("backend", name, "--backend");
  const backend = await entry.create(config);
  try {
    const reports: CaseReport[] = [];
    for (const item of cases) reports.push(await evaluated(item, { catalogue, backend }));
    return show(reports, backend, context);
  } finally {
    await backend.dispose();
  }
}

async function readCases(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_BYTES) {
      throw new DataError("FILE_TOO_LARGE", `the file holds more than ${LARGEST_BYTES / 2 ** 20} MiB`, {
        where: path,
        fix: "Split it.",
      });
    }
    return await readFile(path, "utf8");
  } catch (cause) {
    if (isSemblanceError(cause)) throw cause;
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    throw code === "ENOENT"
      ? new DataError("FILE_NOT_FOUND", `there is no file ${path}`, { where: path, fix: "Check the path.", cause })
      : new DataError("FILE_UNREADABLE", `${path} cannot be read (${code})`, {
          where: path,
          fix: "Name a JSON file that you may read.",
          cause,
        });
  }
}

async function evaluated(
  item: Case,
  cx: { readonly catalogue: Catalogue; readonly backend: Backend },
): Promise<CaseReport> {
  const { id, kind, name } = item;
  const report = { id, kind, name };
  if (!isAvailable(item, cx.catalogue)) {
    return { ...report, status: "unavailable", failures: [`there is no ${kind} "${name}" that can be computed here`] };
  }
  let result: CaseResult;
  try {
    result = await evaluateCase(item, cx);
  } catch (error) {
    // One case that cannot be computed must not hide what the others give.
    if (!isSemblanceError(error)) throw error;
    const { code, where, fix } = error;
    return {
      ...report,
      status: "error",
      exit: exitStatusOf(error),
      failures: [`${code}: ${error.message}`],
      code,
      ...(where === undefined ? {} : { where }),
      ...(fix === undefined ? {} : { fix }),
    };
  }
  if (!item.expected || Object.keys(item.expected).length === 0) return { ...report, status: "computed", result };
  const tolerance = toleranceOf(item, cx.backend);
  const { passed, error, failures } = compareCase(item, result, tolerance);
  return {
    ...report,
    status: passed ? "passed" : "failed",
    error,
    tolerance,
    ...(passed ? {} : { failures }),
    result,
  };
}

function isAvailable({ kind, name }: Case, catalogue: Catalogue): boolean {
  const evaluable = (EVALUABLE_KINDS as readonly string[]).includes(kind);
  return evaluable && catalogue.list(kind as Kind).some((entry) => entry.name === name);
}

/** Measures and transport are computed in float64 whatever the backend. */
function toleranceOf({ id, kind, tolerance }: Case, { float }: Backend): number {
  if (!tolerance) {
    throw new ConfigError("TOLERANCE_MISSING", "the case expects something and has no tolerance", {
      where: `case "${id}"`,
      fix: 'Add "tolerance": { "float64": 1e-9, "float32": 1e-4 }.',
    });
  }
  return tolerance[kind === "measure" || kind === "optimal-transport" ? "float64" : float];
}

function show(reports: readonly CaseReport[], backend: Backend, { terminal, settings }: Context): number {
  const count = (status: CaseReport["status"]) => reports.filter((report) => report.status === status).length;
  const summary = {
    cases: reports.length,
    passed: count("passed"),
    failed: count("failed"),
    computed: count("computed"),
    unavailable: count("unavailable"),
    errors: count("error"),
  };
  if (settings.json)
    terminal.out(`${JSON.stringify({ backend: backend.name, ...summary, results: reports.map(plain) })}\n`);
  else {
    const bad = reports.filter(({ status }) => status !== "passed" && status !== "computed");
    const lines = bad
      .slice(0, SHOWN)
      .map(({ id, status, failures = [], where, fix }) =>
        [
          `${status}  ${id}: ${failures.join("; ")}`,
          ...(where === undefined ? [] : [`  where: ${where}`]),
          ...(fix === undefined ? [] : [`  fix: ${fix}`]),
        ].join("\n"),
      );
    if (bad.length > SHOWN) lines.push(`… and ${bad.length - SHOWN} more; --json lists all`);
    for (const { id, kind, result } of reports.filter(({ status }) => status === "computed")) {
      const sign = kind === "loss" ? " (value and gradients are of what is minimised)" : "";
      lines.push(`computed  ${id}: ${JSON.stringify(plainResult(result!))}${sign}`);
    }
    const counts = [
      `${summary.passed} passed`,
      `${summary.failed} failed`,
      ...(summary.computed > 0 ? [`${summary.computed} computed`] : []),
      ...(summary.unavailable > 0 ? [`${summary.unavailable} not available`] : []),
      ...(summary.errors > 0 ? [`${summary.errors} could not be computed`] : []),
    ];
    lines.push(`${counts.join(", ")} on ${backend.name}`);
    terminal.out(`${lines.join("\n")}\n`);
  }
  return statusOf(reports);
}

/** What was asked wrongly has to be asked again, whatever came of the rest. */
function statusOf(reports: readonly CaseReport[]): number {
  if (reports.some(({ exit }) => exit === REFUSED)) return REFUSED;
  return reports.every(({ status }) => status === "passed" || status === "computed") ? DONE : FAILED;
}

/** JSON writes infinity as null, which would read as “no error”. */
const plain = ({ error, result, exit: _, ...report }: CaseReport) => ({
  ...report,
  ...(error === undefined ? {} : { error: Number.isFinite(error) ? error : String(error) }),
  ...(result ? { result: plainResult(result) } : {}),
});

/** Typed arrays as lists. */
const plainResult = (result: CaseResult): unknown =>
  JSON.parse(
    JSON.stringify(result, (_, value: unknown) =>
      ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
    ),
  );
