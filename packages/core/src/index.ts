export * from "./arrays/dtype.js";
export * from "./arrays/nd-array.js";
export * from "./contracts/dataset.js";
export * from "./errors.js";
export * from "./random/key.js";
export * from "./random/stream.js";
