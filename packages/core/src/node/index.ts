export { fileError } from "./file-errors.js";
export { graphicsAdapters } from "./graphics-adapters.js";
export { describeProcessor, type Processor, processor } from "./processor.js";
export { latestCheckpoint, RunFolder } from "./run-folder.js";
export { writeFileAtomically } from "./write-file-atomically.js";
