import { definePlugin } from "@semblance/core";
import { custom } from "./custom.js";
import { logSumExpDivergence } from "./deep/log-sum-exp.js";
import { maxAffine } from "./deep/max-affine.js";
import { softAffine } from "./deep/soft-affine.js";
import { exponential } from "./elementwise/exponential.js";
import { generalisedKl } from "./elementwise/generalised-kl.js";
import { itakuraSaito } from "./elementwise/itakura-saito.js";
import { logistic } from "./elementwise/logistic.js";
import { cosine } from "./quadratic/cosine.js";
import { euclidean } from "./quadratic/euclidean.js";
import { mahalanobis } from "./quadratic/mahalanobis.js";
import { negativeDot } from "./quadratic/negative-dot.js";
import { squaredEuclidean } from "./quadratic/squared-euclidean.js";
import { kernelMmd } from "./sets/kernel-mmd.js";
import { momentMatching } from "./sets/moment-matching.js";
import { VERSION } from "./version.js";

/** Divergences of embeddings, of a network's outputs and of sets. */
export const bregmanPlugin = definePlugin({
  name: "@semblance/losses-bregman",
  version: VERSION,
  core: `^${VERSION}`,
  register(registry) {
    for (const entry of [squaredEuclidean, euclidean, cosine, negativeDot, mahalanobis]) registry.add(entry);
    for (const entry of [generalisedKl, itakuraSaito, logistic, exponential, custom]) registry.add(entry);
    for (const entry of [maxAffine, logSumExpDivergence, softAffine]) registry.add(entry);
    for (const entry of [momentMatching, kernelMmd]) registry.add(entry);
  },
});
