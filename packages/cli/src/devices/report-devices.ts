import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  absentDevice,
  type BackendEntry,
  BackendUnavailableError,
  type Catalogue,
  type DeviceReport,
  reportBackend,
} from "@semblance/core";
import type { Question } from "./report-process.js";

export interface ReportOptions {
  readonly catalogue: Catalogue;
  /** The plugins beyond those that the command brings along, and the folder that they are found from. */
  readonly plugins: readonly string[];
  readonly folder: string;
  /** Lets drivers say what they have to say on standard error. */
  readonly debug?: boolean;
  /** The program that answers; there is none where the command runs from its sources. */
  readonly program?: string;
  /** How long one backend may take to answer. */
  readonly patienceMs?: number;
}

const PROGRAM = fileURLToPath(new URL("./report-process.js", import.meta.url));

/** Long enough for a large runtime on a slow disk. */
const PATIENCE_MS = 60_000;

/** What this machine has for every registered backend, found out in a process of its own. Never throws. */
export async function reportDevices(options: ReportOptions): Promise<DeviceReport[]> {
  const { catalogue, program = PROGRAM } = options;
  const entries = catalogue.list("backend");
  const reports: DeviceReport[] = [];
  if (!existsSync(program)) {
    for (const entry of entries) reports.push(await reportBackend(entry));
    return reports;
  }
  while (reports.length < entries.length) {
    const left = entries.slice(reports.length);
    const { answers, end } = await ask(program, left, options);
    reports.push(...answers);
    // The one that was being asked took the process with it; another process asks those after it.
    if (answers.length < left.length) reports.push(lost(left[answers.length]!, end));
  }
  return reports;
}

/** The answers of one process in order, and how it ended. */
function ask(
  program: string,
  entries: readonly BackendEntry[],
  { plugins, folder, debug = false, patienceMs = PATIENCE_MS }: ReportOptions,
): Promise<{ readonly answers: readonly DeviceReport[]; readonly end: string }> {
  const question: Question = { names: entries.map(({ name }) => name), plugins, folder };
  const child = fork(program, [JSON.stringify(question)], {
    stdio: ["ignore", "ignore", debug ? "inherit" : "ignore", "ipc"],
  });
  return new Promise((resolve) => {
    const answers: DeviceReport[] = [];
    let end: string | undefined;
    const patience = setTimeout(() => {
      end = `gave no answer in ${patienceMs / 1000} s`;
      child.kill("SIGKILL");
    }, patienceMs);
    child.on("message", (report) => {
      answers.push(report as DeviceReport);
      patience.refresh();
    });
    child.on("error", (cause) => {
      end ??= `could not be started: ${cause.message}`;
    });
    child.on("close", (status, signal) => {
      clearTimeout(patience);
      resolve({ answers, end: end ?? `was ended by ${signal ?? `status ${status}`}` });
    });
  });
}

const lost = ({ name, summary }: BackendEntry, end: string): DeviceReport =>
  absentDevice(
    { name, device: summary },
    new BackendUnavailableError("REPORT_LOST", `the process that tried it ${end}`, {
      fix: "Update its driver or runtime; semblance doctor --debug shows what they print.",
    }),
  );
