import { type ComponentReference, componentReference, type LossInput } from "@semblance/core";

/** The key of losses that compare rows by a kernel, and the inputs that its matrix comes from. */
export const kernelKey = componentReference("kernel").default("linear");

export const kernelInputs = {
  data: {
    axes: ["n", "d"],
    type: "float",
    domain: "positive",
    description: "rows that the kernel compares",
    optional: true,
  },
  affinity: {
    axes: ["n", "n"],
    type: "float",
    description: "kernel matrix, for kernel: precomputed",
    domain: "affinity",
    optional: true,
  },
} as const satisfies Readonly<Record<string, LossInput>>;

/** Configurations that take each way through a kernel loss: with features, from data, with a median, with the matrix given. */
export const kernelExamples: readonly { readonly clusters?: number; readonly kernel?: ComponentReference }[] = [
  {},
  { clusters: 3, kernel: "rbf" },
  { kernel: { name: "rbf", gamma: "median" } },
  { kernel: "laplacian" },
  { kernel: "additive-chi2" },
  { kernel: "cosine" },
  { kernel: "precomputed" },
];
