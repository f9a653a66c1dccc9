export { fileError } from "./file-errors.js";
export { latestCheckpoint, RunFolder } from "./run-folder.js";
export { writeFileAtomically } from "./write-file-atomically.js";
