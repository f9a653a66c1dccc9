export { crossEntropy } from "./cross-entropy.js";
export { metricPlugin } from "./metric-plugin.js";
export { type Reduction, reduceMasked, reduceRows, reductionKey } from "./reduction.js";
export { VERSION } from "./version.js";
