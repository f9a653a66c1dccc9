import { type ComponentReference, componentReference, type LossInput } from "@semblance/core";

/** The key of losses that move mass over a distance, and the inputs that its matrix comes from. */
export const distanceKey = componentReference("distance").default("euclidean");

export const distanceInputs = {
  data: {
    axes: ["n", "d"],
    type: "float",
    description: "rows that the distance compares",
    optional: true,
  },
  affinity: {
    axes: ["n", "n"],
    type: "float",
    description: "matrix of distances, for distance: precomputed",
    domain: "distances",
    optional: true,
  },
} as const satisfies Readonly<Record<string, LossInput>>;

/** Configurations that take each way through a transport loss: a metric, one that is none, and the matrix given. */
export const distanceExamples: readonly { readonly clusters?: number; readonly distance?: ComponentReference }[] = [
  {},
  { clusters: 3, distance: "squared-euclidean" },
  { distance: "precomputed" },
];
