import { definePlugin } from "@semblance/core";
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
import { mmdOva } from "./mmd-ova.js";
import { exactSolver } from "./transport/exact-solver.js";
import { VERSION } from "./version.js";

const losses = [klOva, mmdOva];
const kernels = [linear, rbf, gaussian, laplacian, polynomial, sigmoidKernel, cosine, chi2, additiveChi2, precomputed];

/** The GEMINI losses and their kernels. */
export const geminiPlugin = definePlugin({
  name: "@semblance/losses-gemini",
  version: VERSION,
  core: `^${VERSION}`,
  register(registry) {
    for (const entry of [...losses, ...kernels, exactSolver]) registry.add(entry);
  },
});
