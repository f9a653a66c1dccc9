export { type Activation, activate, activationKey } from "./activations.js";
export { categorical } from "./categorical.js";
export { type DenseShape, dense, initDense, parameterOf } from "./dense.js";
export { flatten } from "./flatten.js";
export { linear } from "./linear.js";
export { mlp } from "./mlp.js";
export { modelsPlugin } from "./models-plugin.js";
export { VERSION } from "./version.js";
