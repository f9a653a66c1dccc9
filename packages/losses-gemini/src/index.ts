export { geminiPlugin } from "./gemini-plugin.js";
export { type KernelInput, type KernelSources, kernelInput } from "./kernel-input.js";
export { additiveChi2 } from "./kernels/additive-chi2.js";
export { chi2 } from "./kernels/chi2.js";
export { chi2Statistic } from "./kernels/chi2-statistic.js";
export { cosine } from "./kernels/cosine.js";
export { gaussian } from "./kernels/gaussian.js";
export { laplacian } from "./kernels/laplacian.js";
export { linear } from "./kernels/linear.js";
export { medianDistance } from "./kernels/median-distance.js";
export { polynomial } from "./kernels/polynomial.js";
export { precomputed } from "./kernels/precomputed.js";
export { rbf } from "./kernels/rbf.js";
export { sigmoidKernel } from "./kernels/sigmoid.js";
export { klOva } from "./kl-ova.js";
export { mmdOva } from "./mmd-ova.js";
export {
  solveTransport,
  type TransportOptions,
  type TransportPlan,
  type TransportSolution,
} from "./transport/solve-transport.js";
export { type TransportPairs, transportCosts } from "./transport/transport-costs.js";
export { optimalTransport } from "./transport/transport-operator.js";
export { VERSION } from "./version.js";
