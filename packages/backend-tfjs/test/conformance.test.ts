import { describeBackend } from "@semblance/core/testing";
import { cpu, wasm } from "./namespace.js";

const options = {
  dtypes: ["float32", "int32", "bool"],
  skip: (title: string) => (title.includes("to float64") ? "TensorFlow.js has no float64" : undefined),
} as const;

describeBackend("tfjs/wasm", () => wasm(), options);
// The slow one: sums of millions of elements are left out.
describeBackend("tfjs/cpu", () => cpu(), { ...options, large: false });
