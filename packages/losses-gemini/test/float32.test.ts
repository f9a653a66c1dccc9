import {
  buildContext,
  gradients,
  type NdArray,
  ndarray,
  referenceBackend,
  softmax,
  spec,
  trace,
} from "@semblance/core";
import { describe, expect, it } from "vitest";
import { catalogue, distance, draw, matrix, projected, type Rows, rowsOf, score, softmaxRows } from "./score.js";

/**
 * Every GEMINI in float32 against float64 on the very same numbers, where float32 is in danger: near independence, beside nearly empty
 * clusters, for hard rows and for many clusters. Values are judged by their own size, gradients by their largest element.
 */
const losses = catalogue.list("loss").map(({ name }) => name);
const rounded = (p: Rows) => p.map((row) => row.map(Math.fround));

async function errors(loss: string, posteriors: Rows, data: Rows) {
  const exact = await score(loss, { posteriors, data });
  const single = await score(loss, { posteriors, data }, "float32");
  const wanted = projected(posteriors, exact.gradient);
  const largest = Math.max(...wanted.flat().map(Math.abs));
  return {
    value: Math.abs(single.value - exact.value),
    relative: Math.abs(single.value - exact.value) / exact.value,
    gradient: distance(projected(posteriors, single.gradient), wanted) / largest,
  };
}

/** Rows that differ from (0.3, 0.2, 0.5) by about `delta`. */
function nearlyEqualRows(delta: number) {
  const { posteriors, data } = draw({ seed: 3, n: 40, k: 3, d: 2 });
  const logits = posteriors.map((row) => [0.3, 0.2, 0.5].map((base, k) => Math.log(base) + delta * row[k]!));
  return { posteriors: rounded(softmaxRows(logits)), data: rounded(data) };
}

describe.each(losses)("%s in float32", (loss) => {
  it.each([1e-1, 1e-2, 1e-3, 1e-4])("keeps its digits for rows that differ by %d", async (delta) => {
    const { posteriors, data } = nearlyEqualRows(delta);
    const { value, relative, gradient } = await errors(loss, posteriors, data);
    // What is made of differences p − π only is as exact as they are. Logarithms of p, and masses p/π, have an error of their own,
    // which the difference of two meets.
    const rough = /kl|chi2-ovo|wasserstein/.test(loss);
    expect(gradient).toBeLessThan(rough ? 4e-7 / delta : 1e-6);
    if (loss === "gemini/kl-ova") expect(value).toBeLessThan(1e-7);
    else expect(relative).toBeLessThan(rough ? 4e-7 / delta : 1e-6);
  });

  it.each([1e-12, 1e-20, 1e-30])("takes a cluster of %d in stride", async (size) => {
    const { posteriors, data } = draw({ seed: 12, n: 10, k: 4, d: 3 });
    const rare = rounded(posteriors.map(([a, b, c, d]) => [a! + d! * (1 - size), b!, c!, d! * size]));
    const { value, gradient } = await score(loss, { posteriors: rare, data: rounded(data) }, "float32");
    const without = await score(
      loss,
      { posteriors: rare.map((row) => row.slice(0, 3)), data: rounded(data) },
      "float32",
    );
    expect(Math.abs(value - without.value)).toBeLessThan(1e-6 * Math.max(1, without.value));
    const kept = projected(rare, gradient).map((row) => row.slice(0, 3));
    const wanted = projected(
      rare.map((row) => row.slice(0, 3)),
      without.gradient,
    );
    expect(distance(kept, wanted)).toBeLessThan(1e-6 * Math.max(...wanted.flat().map(Math.abs), 1));
    expect(projected(rare, gradient).flat().every(Number.isFinite)).toBe(true);
  });

  it("agrees with float64 for 200 clusters", async () => {
    const { posteriors, data } = draw({ seed: 21, n: 30, k: 200, d: 3 });
    const { value, gradient } = await errors(loss, rounded(posteriors), rounded(data));
    expect(value).toBeLessThan(1e-4);
    expect(gradient).toBeLessThan(1e-3);
  });

  it("has finite values and gradients by logits that float32 posteriors cannot hold", async () => {
    // Gaps of 60 and 150: e⁻⁶⁰ is a float32 and its square is not; e⁻¹⁵⁰ is 0.
    const gap = loss === "gemini/chi2-ovo" ? 60 : 150;
    const logits = [0, 1, 2, 0, 1, 0].map((own) => [0, 1, 2].map((k) => (k === own ? gap : k / 8)));
    const { data } = draw({ seed: 4, n: 6, k: 3, d: 3 });
    const got = await byLogits(loss, matrix(logits, "float32"), matrix(data, "float32"));
    const exact = await byLogits(loss, matrix(logits), matrix(data));
    expect(Math.abs(got.value - exact.value) / Math.abs(exact.value)).toBeLessThan(1e-4);
    const largest = Math.max(...exact.gradient.flat().map(Math.abs));
    expect(distance(got.gradient, exact.gradient)).toBeLessThan(1e-4 * Math.max(largest, 1e-3));
  });
});

async function byLogits(loss: string, logits: NdArray, data: NdArray) {
  const { entry, config } = catalogue.choose("loss", loss);
  const program = trace({
    name: loss,
    inputs: { logits: spec(logits.dtype, logits.shape), data: spec(data.dtype, data.shape) },
    build: (fed) => {
      const inputs = { posteriors: softmax(fed.logits), ...(entry.inputs.data ? { data: fed.data } : {}) };
      const value = entry.build(inputs, config, buildContext(catalogue));
      return { outputs: { value, gradient: gradients(value, [fed.logits])[0]! } };
    },
  });
  const executable = await referenceBackend().compile(program);
  const results = await executable.run({ logits, data: ndarray(data.dtype, data.shape, data.data) });
  await executable.dispose();
  return { value: results.value!.data[0]!, gradient: rowsOf(results.gradient!) };
}
