export {
  type Assignments,
  assignmentsOf,
  canonicalJson,
  type Learned,
  predictRows,
  type TrainedModel,
} from "@semblance/estimators";
export { runCommandLine } from "./command-line.js";
export { type Container, compose, firstPartyPlugins } from "./compose.js";
export { jobIdentity } from "./job/job-identity.js";
export { jobJsonSchema } from "./job/job-json-schema.js";
export { type Component, type Job, type JobInput, jobSchema } from "./job/job-schema.js";
export { type JobSource, jobFrom, readJobFile } from "./job/job-source.js";
export { type Override, override, parseOverride } from "./job/overrides.js";
export { type ResolvedJob, resolveJob } from "./job/resolve-job.js";
export { type SettledJob, settleJob } from "./job/settle-job.js";
export type { Environment } from "./run/environment.js";
export { type Evaluation, evaluateModel } from "./run/evaluate-model.js";
export type { RunOutcome } from "./run/finish-run.js";
export { type OpenRun, openRun, trainedOf } from "./run/open-run.js";
export type { RunEvent } from "./run/run-events.js";
export { type RunOptions, type RunResult, runJob } from "./run/run-job.js";
export type { Score } from "./run/score.js";
export { processTerminal, type Terminal } from "./terminal/terminal.js";
export { VERSION } from "./version.js";
