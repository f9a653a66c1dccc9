import { ConfigError, type Dataset, type Key, ndarray } from "@semblance/core";
import { cholesky } from "./cholesky.js";

export interface GaussianMixture {
  readonly key: Key;
  /** N, at least 1. */
  readonly rows: number;
  /** [K][D]: the centre of each component. */
  readonly means: readonly (readonly number[])[];
  /** One spread for all components, or one each. Without it `covariances` are needed. */
  readonly standardDeviation?: number | readonly number[];
  /** [K][D][D]: symmetric positive definite. */
  readonly covariances?: readonly (readonly (readonly number[])[])[];
  /** [K], adding up to 1; equal when left out. */
  readonly proportions?: readonly number[];
  readonly name?: string;
}

/**
 * Rows drawn from a mixture of Gaussians, labelled with their components "0" … "K − 1".
 *
 *     z ~ Categorical(proportions),  x = mean_z + L_z ε,  ε ~ N(0, I),  L_z L_zᵀ = covariance_z
 *
 * Shapes   features [N, D], labels [N]
 * Errors   MIXTURE_INVALID
 *
 * ```ts
 * gaussianMixture({ key: Key.fromSeed(0), rows: 4, means: [[0, 0], [9, 9]], standardDeviation: 1 }).features.shape // => [4, 2]
 * ```
 */
export function gaussianMixture(mixture: GaussianMixture): Dataset {
  const { key, rows, means, name = "gaussian-mixture" } = mixture;
  const proportions = mixture.proportions ?? means.map(() => 1 / means.length);
  checkMeans(rows, means, proportions);
  const width = means[0]!.length;
  const factors = factorsOf(mixture, width);
  // Two streams, so that the noise of a row does not depend on how components are drawn.
  const choice = key.fold("component").stream();
  const noise = key.fold("noise").stream();
  const data = new Float32Array(rows * width);
  const indices = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const component = drawComponent(choice.uniform(), proportions);
    indices[row] = component;
    const epsilon = Float64Array.from({ length: width }, () => noise.normal());
    for (let i = 0; i < width; i++) {
      let value = means[component]![i]!;
      for (let j = 0; j <= i; j++) value += factors[component]![i]![j]! * epsilon[j]!;
      data[row * width + i] = value;
    }
  }
  if (!data.every(Number.isFinite))
    throw invalid("means", "they and the spreads leave the range of float32", "Use smaller numbers.");
  return {
    name,
    features: ndarray("float32", [rows, width], data),
    labels: { indices, names: means.map((_, component) => String(component)) },
  };
}

const invalid = (where: string, what: string, fix: string) =>
  new ConfigError("MIXTURE_INVALID", `gaussianMixture: ${where}: ${what}`, { where, fix });

function checkMeans(rows: number, means: GaussianMixture["means"], proportions: readonly number[]): void {
  if (!Number.isSafeInteger(rows) || rows < 1) {
    throw invalid("rows", `${rows} is not a count of rows`, "Pass a whole number from 1 on.");
  }
  const width = means[0]?.length ?? 0;
  if (width === 0) throw invalid("means", "there are none", "Pass one centre a component.");
  if (!means.every((mean) => mean.length === width && mean.every(Number.isFinite))) {
    throw invalid("means", "they differ in length or are not finite", `Give every centre ${width} finite numbers.`);
  }
  const total = proportions.reduce((sum, proportion) => sum + proportion, 0);
  const fair = proportions.length === means.length && proportions.every((proportion) => proportion >= 0);
  if (!fair || !(Math.abs(total - 1) < 1e-9)) {
    throw invalid(
      "proportions",
      `[${proportions.join(", ")}] are not a share a component`,
      "Pass one number a component, adding up to 1.",
    );
  }
}

/** L of each component. */
function factorsOf(
  { means, standardDeviation, covariances }: GaussianMixture,
  width: number,
): readonly (readonly Float64Array[])[] {
  if ((standardDeviation === undefined) === (covariances === undefined)) {
    throw invalid(
      "standardDeviation",
      "exactly one of standardDeviation and covariances is needed",
      "Pass one of them.",
    );
  }
  if (covariances === undefined) {
    const spreads = typeof standardDeviation === "number" ? means.map(() => standardDeviation) : standardDeviation!;
    if (spreads.length !== means.length || !spreads.every((spread) => Number.isFinite(spread) && spread >= 0)) {
      throw invalid("standardDeviation", `${spreads.join(", ")}`, "Pass one number from 0 on, or one a component.");
    }
    return spreads.map((spread) =>
      means[0]!.map((_, i) => Float64Array.from({ length: width }, (_, j) => (i === j ? spread : 0))),
    );
  }
  if (covariances.length !== means.length) {
    throw invalid(
      "covariances",
      `there are ${covariances.length} for ${means.length} means`,
      "Pass one matrix a component.",
    );
  }
  return covariances.map((covariance, component) => {
    const where = `covariances[${component}]`;
    const square =
      covariance.length === width && covariance.every((row) => row.length === width && row.every(Number.isFinite));
    if (!square)
      throw invalid(where, "it is not a square matrix of finite numbers", `Pass ${width} rows of ${width} numbers.`);
    const symmetric = covariance.every((row, i) => row.every((value, j) => value === covariance[j]![i]));
    const factor = symmetric ? cholesky(covariance) : undefined;
    if (factor === undefined) {
      throw invalid(
        where,
        "it is not symmetric positive definite",
        "Pass a covariance matrix, for instance a diagonal of variances.",
      );
    }
    return factor;
  });
}

function drawComponent(uniform: number, proportions: readonly number[]): number {
  let below = 0;
  let last = 0;
  for (let component = 0; component < proportions.length; component++) {
    if (proportions[component] === 0) continue;
    below += proportions[component]!;
    last = component;
    if (uniform < below) return component;
  }
  // Rounding can leave the sum just under 1.
  return last;
}
