export { chi2Ova } from "./chi2-ova.js";
export { chi2Ovo } from "./chi2-ovo.js";
export { clusterPairs } from "./cluster-pairs.js";
export { type ComparisonSources, distanceInput, type KernelInput, kernelInput } from "./comparison-input.js";
export { defineGemini, type Gemini } from "./define-gemini.js";
export { type Deviations, deviationsOf } from "./deviations.js";
export { chebyshev } from "./distances/chebyshev.js";
export { cosineDistance } from "./distances/cosine.js";
export { euclidean } from "./distances/euclidean.js";
export { hop, MOST_HOP_ROWS } from "./distances/hop.js";
export { manhattan } from "./distances/manhattan.js";
export { precomputedDistance } from "./distances/precomputed.js";
export { squaredEuclidean } from "./distances/squared-euclidean.js";
export { geminiPlugin } from "./gemini-plugin.js";
export { hellingerOva } from "./hellinger-ova.js";
export { hellingerOvo } from "./hellinger-ovo.js";
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
export { klOvo } from "./kl-ovo.js";
export { logPosteriors, logShares } from "./log-posteriors.js";
export { mmdOva } from "./mmd-ova.js";
export { mmdOvo } from "./mmd-ovo.js";
export { type SinkhornOptions, type SinkhornSolution, sinkhorn } from "./transport/sinkhorn.js";
export {
  solveTransport,
  type TransportOptions,
  type TransportPlan,
  type TransportSolution,
} from "./transport/solve-transport.js";
export { type LineMeasure, transport1d } from "./transport/transport-1d.js";
export { type TransportPairs, transportCosts } from "./transport/transport-costs.js";
export { optimalTransport } from "./transport/transport-operator.js";
export { tvOva } from "./tv-ova.js";
export { tvOvo } from "./tv-ovo.js";
export { VERSION } from "./version.js";
export { wassersteinOva } from "./wasserstein-ova.js";
export { wassersteinOvo } from "./wasserstein-ovo.js";
