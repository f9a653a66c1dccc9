import { Key } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { score } from "./score.js";

// Two Gaussians of deviation 1 and equal weight, at 0 and Δ. One model cuts halfway between them; the other calls what lies between the
// means a cluster and the rest another, which is nobody's idea of a clustering.
const ROWS = 20_000;
const EPSILON = 1e-3;
const binaryEntropy = (p: number) => -p * Math.log(p) - (1 - p) * Math.log(1 - p);

function models(delta: number) {
  const normal = Key.fromSeed(14).normal(ROWS);
  const data = Array.from(normal, (z, i) => [z + (i % 2 === 0 ? 0 : delta)]);
  const sure = (first: boolean) => (first ? [1 - EPSILON, EPSILON] : [EPSILON, 1 - EPSILON]);
  return {
    data,
    halfway: data.map(([x]) => sure(x! < delta / 2)),
    between: data.map(([x]) => sure(x! > 0 && x! < delta)),
  };
}

/** What the first model scores more than the second. */
async function gap(loss: string, { data, halfway, between }: ReturnType<typeof models>): Promise<number> {
  const of = async (posteriors: number[][]) => (await score(loss, { posteriors, data })).value;
  return (await of(halfway)) - (await of(between));
}

describe("where a boundary lies", () => {
  // The specification's figures, section 14; what is drawn moves them by about 0.66/√N at Δ = 1.
  it.each([
    [1, 0.051, 0.01],
    [2, 0.001, 0.001],
    [4, 0, 1e-4],
  ])("is next to nothing to mutual information, Δ = %d", async (delta, expected, tolerance) => {
    const drawn = models(delta);
    const found = await gap("gemini/kl-ova", drawn);
    expect(Math.abs(found - expected)).toBeLessThan(tolerance);
    // Both models are equally sure, so that only the shares differ: H(π) of the one minus that of the other.
    const share = (posteriors: number[][]) => posteriors.reduce((total, [p]) => total + p!, 0) / ROWS;
    const closed = binaryEntropy(share(drawn.halfway)) - binaryEntropy(share(drawn.between));
    expect(Math.abs(found - closed)).toBeLessThan(1e-12);
  });

  it.each(["gemini/mmd-ova", "gemini/mmd-ovo"])("is nearly all that %s sees", async (loss) => {
    const drawn = models(4);
    const { value: halfway } = await score(loss, { posteriors: drawn.halfway, data: drawn.data });
    expect((await gap(loss, drawn)) / halfway).toBeGreaterThan(0.95);
  });
});
