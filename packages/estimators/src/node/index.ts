export { loadMetricRun, loadRun } from "./load-run.js";
export { jobFileOf, runCheckpoint } from "./run-checkpoint.js";
export { saveRun } from "./save-run.js";
