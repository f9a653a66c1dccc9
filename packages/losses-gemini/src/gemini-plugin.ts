import { definePlugin } from "@semblance/core";
import { chi2Ova } from "./chi2-ova.js";
import { chi2Ovo } from "./chi2-ovo.js";
import { clusterPairs } from "./cluster-pairs.js";
import { chebyshev } from "./distances/chebyshev.js";
import { cosineDistance } from "./distances/cosine.js";
import { euclidean } from "./distances/euclidean.js";
import { hop } from "./distances/hop.js";
import { manhattan } from "./distances/manhattan.js";
import { precomputedDistance } from "./distances/precomputed.js";
import { squaredEuclidean } from "./distances/squared-euclidean.js";
import { hellingerOva } from "./hellinger-ova.js";
import { hellingerOvo } from "./hellinger-ovo.js";
import { additiveChi2 } from "./kernels/additive-chi2.js";
import { chi2 } from "./kernels/chi2.js";
import { cosine } from "./kernels/cosine.js";
import { gaussian } from "./kernels/gaussian.js";
import { laplacian } from "./kernels/laplacian.js";
import { linear } from "./kernels/linear.js";
import { polynomial } from "./kernels/polynomial.js";
import { precomputed } from "./kernels/precomputed.js";
import { rbf } from "./kernels/rbf.js";
import { sigmoidKernel } from "./kernels/sigmoid.js";
import { klOva } from "./kl-ova.js";
import { klOvo } from "./kl-ovo.js";
import { mmdOva } from "./mmd-ova.js";
import { mmdOvo } from "./mmd-ovo.js";
import { exactSolver } from "./transport/exact-solver.js";
import { tvOva } from "./tv-ova.js";
import { tvOvo } from "./tv-ovo.js";
import { VERSION } from "./version.js";
import { wassersteinOva } from "./wasserstein-ova.js";
import { wassersteinOvo } from "./wasserstein-ovo.js";

const losses = [
  klOva,
  klOvo,
  tvOva,
  tvOvo,
  hellingerOva,
  hellingerOvo,
  chi2Ova,
  chi2Ovo,
  mmdOva,
  mmdOvo,
  wassersteinOva,
  wassersteinOvo,
];
const kernels = [linear, rbf, gaussian, laplacian, polynomial, sigmoidKernel, cosine, chi2, additiveChi2, precomputed];
const distances = [euclidean, squaredEuclidean, manhattan, chebyshev, cosineDistance, hop, precomputedDistance];

/** The GEMINI losses, their kernels and their distances. */
export const geminiPlugin = definePlugin({
  name: "@semblance/losses-gemini",
  version: VERSION,
  core: `^${VERSION}`,
  register(registry) {
    for (const entry of [...losses, ...kernels, ...distances, exactSolver, clusterPairs]) registry.add(entry);
  },
});
