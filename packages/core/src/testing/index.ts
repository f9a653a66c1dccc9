export { checkGradients, type GradientOptions } from "./check-gradients.js";
export { type BackendSuiteOptions, describeBackend } from "./describe-backend.js";
export { type DifferenceOptions, differenceOf } from "./difference.js";
export { type CaseInput, drawInputs, type OpCase, type Tolerance } from "./op-cases/op-case.js";
export { opCases } from "./op-cases.js";
export { runFunction } from "./run-function.js";
export { runOnce } from "./run-once.js";
