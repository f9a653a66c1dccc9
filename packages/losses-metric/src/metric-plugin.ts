import { definePlugin } from "@semblance/core";
import { angular } from "./batch/angular.js";
import { circle } from "./batch/circle.js";
import { generalisedLifted } from "./batch/generalised-lifted.js";
import { liftedStructure } from "./batch/lifted-structure.js";
import { multiSimilarity } from "./batch/multi-similarity.js";
import { nca } from "./batch/nca.js";
import { ntXent } from "./batch/nt-xent.js";
import { supCon } from "./batch/sup-con.js";
import { crossEntropy } from "./cross-entropy.js";
import { all } from "./miners/all.js";
import { batchHard } from "./miners/batch-hard.js";
import { distanceWeighted } from "./miners/distance-weighted.js";
import { marginFiltered } from "./miners/margin-filtered.js";
import { multiSimilarity as multiSimilarityMiner } from "./miners/multi-similarity.js";
import { pairMargin } from "./miners/pair-margin.js";
import { semiHard } from "./miners/semi-hard.js";
import { contrastive } from "./pairs/contrastive.js";
import { margin } from "./pairs/margin.js";
import { nPair } from "./pairs/n-pair.js";
import { arcface } from "./proxies/arcface.js";
import { center } from "./proxies/center.js";
import { cosface } from "./proxies/cosface.js";
import { normalisedSoftmax } from "./proxies/normalised-softmax.js";
import { proxyAnchor } from "./proxies/proxy-anchor.js";
import { proxyNca } from "./proxies/proxy-nca.js";
import { triplet } from "./triplets/triplet.js";
import { VERSION } from "./version.js";

const miners = [all, batchHard, semiHard, marginFiltered, multiSimilarityMiner, pairMargin, distanceWeighted];
const pairLosses = [contrastive, triplet, margin, nPair];
const proxyLosses = [proxyNca, proxyAnchor, arcface, cosface, normalisedSoftmax, center];
const batchLosses = [liftedStructure, generalisedLifted, angular, multiSimilarity, ntXent, supCon, circle, nca];

/** Metric-learning and classification losses. */
export const metricPlugin = definePlugin({
  name: "@semblance/losses-metric",
  version: VERSION,
  core: `^${VERSION}`,
  register(registry) {
    for (const entry of [crossEntropy, ...proxyLosses, ...batchLosses]) registry.add(entry);
    for (const entry of pairLosses) registry.add(entry);
    for (const entry of miners) registry.add(entry);
  },
});
