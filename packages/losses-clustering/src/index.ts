export { clusteringPlugin } from "./clustering-plugin.js";
export { type Entropies, entropiesOfLogits, entropiesOfPosteriors } from "./entropies.js";
export { imsat } from "./imsat.js";
export { kernelModel } from "./kernel-model.js";
export { rim } from "./rim.js";
export { VERSION } from "./version.js";
