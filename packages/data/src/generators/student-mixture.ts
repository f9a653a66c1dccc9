import { ConfigError, type Dataset, type Key, ndarray } from "@semblance/core";

export interface StudentMixture {
  readonly key: Key;
  /** N, at least 1. */
  readonly rows: number;
  /** α, how far the centres lie from the axes. */
  readonly separation?: number;
  /** The degrees of freedom of the fourth component, a whole number from 1: the fewer, the farther its outliers. */
  readonly degreesOfFreedom?: number;
  readonly name?: string;
}

const CORNERS = [
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
] as const;

/**
 * Four clusters in the plane, equally likely: three Gaussians of unit variance and a Student distribution, whose outliers mislead whoever
 * compares means and variances.
 *
 *     z ~ U{0, 1, 2, 3},  x = α·corner(z) + s·ε,  ε ~ N(0, I),  s = 1 for z < 3 and √(ν/χ²(ν)) for z = 3
 *
 * Shapes   features [N, 2], labels [N]
 * Errors   MIXTURE_INVALID
 * Source   Ohl et al., NeurIPS 2022, the experiment on Gaussian and Student mixtures (α = 5, ν = 1 and 2)
 */
export function studentMixture(mixture: StudentMixture): Dataset {
  const { key, rows, separation = 5, degreesOfFreedom = 1, name = "student-mixture" } = mixture;
  if (!Number.isSafeInteger(rows) || rows < 1) throw invalid("rows", rows, "a whole number from 1");
  if (!Number.isSafeInteger(degreesOfFreedom) || degreesOfFreedom < 1) {
    throw invalid("degreesOfFreedom", degreesOfFreedom, "a whole number from 1");
  }
  if (!Number.isFinite(separation)) throw invalid("separation", separation, "a finite number");
  const choice = key.fold("component").stream();
  const noise = key.fold("noise").stream();
  // A stream of its own, so that the Gaussians do not depend on the degrees of freedom.
  const tails = key.fold("tails").stream();
  const data = new Float32Array(2 * rows);
  const indices = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const component = choice.integer(4);
    indices[row] = component;
    let scale = 1;
    if (component === 3) {
      let chiSquare = 0;
      for (let k = 0; k < degreesOfFreedom; k++) chiSquare += tails.normal() ** 2;
      scale = Math.sqrt(degreesOfFreedom / chiSquare);
    }
    for (let axis = 0; axis < 2; axis++) {
      data[2 * row + axis] = separation * CORNERS[component]![axis]! + scale * noise.normal();
    }
  }
  return {
    name,
    features: ndarray("float32", [rows, 2], data),
    labels: { indices, names: ["0", "1", "2", "3"] },
  };
}

const invalid = (where: string, value: number, wanted: string) =>
  new ConfigError("MIXTURE_INVALID", `studentMixture: ${where} is ${value}`, { where, fix: `Pass ${wanted}.` });
