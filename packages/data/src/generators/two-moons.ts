import { ConfigError, type Dataset, type Key, ndarray } from "@semblance/core";

export interface TwoMoons {
  readonly key: Key;
  /** N, at least 1. */
  readonly rows: number;
  /** ρ, the radius of the moons. */
  readonly radius?: number;
  /** The standard deviation of the noise, from 0. */
  readonly noise?: number;
  readonly name?: string;
}

/**
 * Two interleaved half circles: clusters that no straight line and no mean tells apart.
 *
 *     θ ~ U(0, π),  s = ±1 equally likely,  x = ρ(cos sθ + s/2, sin sθ − s/4) + N(0, noise² I)
 *
 * Shapes   features [N, 2], labels [N]: 0 for s = −1, 1 for s = 1
 * Errors   MOONS_INVALID
 * Source   Ohl et al., NeurIPS 2022, the experiment on two moons (N = 500, ρ = 2, noise 0.05)
 */
export function twoMoons({ key, rows, radius = 2, noise = 0.05, name = "two-moons" }: TwoMoons): Dataset {
  if (!Number.isSafeInteger(rows) || rows < 1) throw invalid("rows", rows, "a whole number from 1");
  if (!(radius > 0 && Number.isFinite(radius))) throw invalid("radius", radius, "a number above 0");
  if (!(noise >= 0 && Number.isFinite(noise))) throw invalid("noise", noise, "a number from 0");
  const place = key.fold("place").stream();
  const around = key.fold("noise").stream();
  const data = new Float32Array(2 * rows);
  const indices = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const angleRad = Math.PI * place.uniform();
    const moon = place.integer(2);
    const side = 2 * moon - 1;
    indices[row] = moon;
    data[2 * row] = radius * (Math.cos(angleRad) + side / 2) + noise * around.normal();
    data[2 * row + 1] = radius * (side * Math.sin(angleRad) - side / 4) + noise * around.normal();
  }
  return { name, features: ndarray("float32", [rows, 2], data), labels: { indices, names: ["0", "1"] } };
}

const invalid = (where: string, value: number, wanted: string) =>
  new ConfigError("MOONS_INVALID", `twoMoons: ${where} is ${value}`, { where, fix: `Pass ${wanted}.` });
