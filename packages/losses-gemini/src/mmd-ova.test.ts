import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixedVector } from "../test/fixed-vector.js";
import { distance, draw, kernelMatrix, projected, type Rows, score, shares } from "../test/score.js";

const LINEAR = "gemini/mmd-ova";
const PRECOMPUTED = { name: "gemini/mmd-ova", kernel: "precomputed" };
const sizes = fc.record({
  seed: fc.nat(1_000_000),
  n: fc.integer({ min: 2, max: 9 }),
  k: fc.integer({ min: 2, max: 5 }),
  d: fc.integer({ min: 1, max: 4 }),
});
const always = (law: (inputs: { posteriors: number[][]; data: number[][] }) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(sizes, (drawn) => law(draw(drawn))),
    { seed: 31, numRuns: 30 },
  );
const innerProducts = (data: Rows) =>
  data.map((x) => data.map((y) => x.reduce((total, value, c) => total + value * y[c]!, 0)));
const withAffinity = async (posteriors: Rows, affinity: Rows) =>
  (await score(PRECOMPUTED, { posteriors, affinity })).value;

/** Mean of rows under weights that sum to 1. */
const weightedMean = (data: Rows, weights: readonly number[]) =>
  data[0]!.map((_, c) => data.reduce((total, row, i) => total + weights[i]! * row[c]!, 0));
const length = (x: readonly number[], y: readonly number[]) => Math.hypot(...x.map((value, c) => value - y[c]!));
const column = (p: Rows, k: number) => p.map((row) => row[k]!);

describe("mmdOva", () => {
  it.each([
    ["linear", 0.852928300217, [0.134874168, -0.090291572, -0.044582596]],
    [{ name: "rbf", gamma: 0.5 }, 0.30195682339, [0.038572432, -0.025623287, -0.012949145]],
  ])("has the specification's value and gradient for %j", async (kernel, expected, row) => {
    const { value, gradient } = await score({ name: LINEAR, kernel }, fixedVector);
    expect(value).toBeCloseTo(expected, 12);
    const first = projected(fixedVector.posteriors, gradient)[0]!;
    row.forEach((g, k) => expect(first[k]).toBeCloseTo(g, 9));
  });

  it("is Σ π‖μₖ − μ‖ for the linear kernel", () =>
    always(async ({ posteriors, data }) => {
      const n = data.length;
      const mu = weightedMean(
        data,
        data.map(() => 1 / n),
      );
      const expected = shares(posteriors).map((pi, k) => {
        const weights = column(posteriors, k).map((p) => p / (n * pi));
        return pi * length(weightedMean(data, weights), mu);
      });
      const { value } = await score(LINEAR, { posteriors, data });
      expect(value).toBeCloseTo(
        expected.reduce((a, b) => a + b, 0),
        12,
      );
    }));

  it("has the closed-form gradient Hκw/(N·D) after projection", () =>
    always(async ({ posteriors, data }) => {
      const kernel = { name: "rbf", gamma: 0.7 };
      const { gradient } = await score({ name: LINEAR, kernel }, { posteriors, data });
      const kappa = await kernelMatrix(kernel, data);
      const n = data.length;
      const pi = shares(posteriors);
      const columns = pi.map((share, k) => {
        const w = column(posteriors, k).map((p) => p / (n * share) - 1 / n);
        const kw = kappa.map((row) => row.reduce((total, value, j) => total + value * w[j]!, 0));
        const D = Math.sqrt(w.reduce((total, value, i) => total + value * kw[i]!, 0));
        const mean = kw.reduce((a, b) => a + b, 0) / n;
        return kw.map((value) => (value - mean) / (n * D));
      });
      const closed = posteriors.map((row, i) => row.map((_, k) => columns[k]![i]!));
      expect(distance(projected(posteriors, gradient), projected(posteriors, closed))).toBeLessThan(1e-11);
    }));

  it("is the same through features, a matrix, and −½‖x − y‖²", () =>
    always(async ({ posteriors, data }) => {
      const { value, gradient } = await score(LINEAR, { posteriors, data });
      const given = await score(PRECOMPUTED, { posteriors, affinity: innerProducts(data) });
      expect(given.value).toBeCloseTo(value, 10);
      expect(distance(projected(posteriors, given.gradient), projected(posteriors, gradient))).toBeLessThan(1e-9);
      const halves = data.map((x) => data.map((y) => -0.5 * length(x, y) ** 2));
      expect(await withAffinity(posteriors, halves)).toBeCloseTo(value, 10);
    }));

  it("scales by √c with κ, and does not see κ + rᵢ + rⱼ or double centring", () =>
    always(async ({ posteriors, data }) => {
      const kappa = await kernelMatrix({ name: "rbf", gamma: 0.4 }, data);
      const value = await withAffinity(posteriors, kappa);
      const scaled = kappa.map((row) => row.map((entry) => 9 * entry));
      expect(await withAffinity(posteriors, scaled)).toBeCloseTo(3 * value, 11);
      const shifted = kappa.map((row, i) => row.map((entry, j) => entry + Math.sin(i) + Math.sin(j) + 5));
      expect(await withAffinity(posteriors, shifted)).toBeCloseTo(value, 10);
      const means = kappa.map((row) => row.reduce((a, b) => a + b, 0) / row.length);
      const all = means.reduce((a, b) => a + b, 0) / means.length;
      const centred = kappa.map((row, i) => row.map((entry, j) => entry - means[i]! - means[j]! + all));
      expect(await withAffinity(posteriors, centred)).toBeCloseTo(value, 11);
    }));

  it("splits the inertia for one-hot rows: Σ π·MMD² + within/N = total/N", () =>
    always(async ({ data }) => {
      const owners = data.map((_, i) => (i * i) % 3);
      const posteriors = owners.map((own) => [0, 1, 2].map((k) => (k === own ? 1 : 0)));
      const { gradient } = await score(LINEAR, { posteriors, data });
      const n = data.length;
      const pi = shares(posteriors);
      // Each term is homogeneous in its column, so that Σᵢ pᵢₖgᵢₖ = πₖ·MMDₖ.
      const between = pi.map((share, k) => {
        if (share === 0) return 0;
        const mmd = posteriors.reduce((total, row, i) => total + row[k]! * gradient[i]![k]!, 0) / share;
        return share * mmd ** 2;
      });
      const means = pi.map((share, k) =>
        weightedMean(
          data,
          column(posteriors, k).map((p) => (share > 0 ? p / (n * share) : 0)),
        ),
      );
      const mu = weightedMean(
        data,
        data.map(() => 1 / n),
      );
      const within = data.reduce((total, x, i) => total + length(x, means[owners[i]!]!) ** 2, 0) / n;
      const total = data.reduce((sum, x) => sum + length(x, mu) ** 2, 0) / n;
      expect(between.reduce((a, b) => a + b, 0) + within).toBeCloseTo(total, 11);
    }));

  it.each(["linear", { name: "rbf", gamma: 0.05 }, "laplacian"])(
    "keeps its digits in float32 far from the origin, with kernel %j",
    async (kernel) => {
      const { posteriors, data } = draw({ seed: 8, n: 40, k: 4, d: 6 });
      const shifted = data.map((row) => row.map((value) => Math.fround(value + 1000)));
      const loss = { name: LINEAR, kernel };
      const exact = await score(loss, { posteriors, data: shifted });
      const { value, gradient } = await score(loss, { posteriors, data: shifted }, "float32");
      expect(Math.abs(value - exact.value) / exact.value).toBeLessThan(1e-5);
      const wanted = projected(posteriors, exact.gradient);
      const largest = Math.max(...wanted.flat().map(Math.abs));
      expect(distance(projected(posteriors, gradient), wanted) / largest).toBeLessThan(1e-4);
    },
  );

  it("keeps its digits in float32 for a nearly empty cluster", async () => {
    const { posteriors, data } = draw({ seed: 12, n: 10, k: 3, d: 3 });
    const rare = posteriors.map(([a, b, c]) => [a! + c! * (1 - 1e-9), b!, c! * 1e-9].map(Math.fround));
    const exact = await score(LINEAR, { posteriors: rare, data });
    const { value, gradient } = await score(LINEAR, { posteriors: rare, data }, "float32");
    expect(Math.abs(value - exact.value) / exact.value).toBeLessThan(1e-5);
    expect(distance(gradient, exact.gradient)).toBeLessThan(1e-5);
  });

  it("is 0 with gradient 0 for identical data", async () => {
    const { posteriors } = draw({ seed: 2, n: 7, k: 3, d: 1 });
    const data = posteriors.map(() => [3.3, -7.1]);
    const { value, gradient } = await score(LINEAR, { posteriors, data }, "float32");
    expect(Math.abs(value)).toBeLessThan(1e-6);
    expect(Math.max(...gradient.flat().map(Math.abs))).toBeLessThan(1e-6);
  });

  it("forms no N×N matrix for a kernel with features", async () => {
    // 30,000 rows: a matrix of them would take 7 GB.
    const { posteriors, data } = draw({ seed: 5, n: 30_000, k: 2, d: 2 });
    expect((await score(LINEAR, { posteriors, data })).value).toBeGreaterThan(0);
  });
});

describe("mmdOva's input", () => {
  const { posteriors, data } = draw({ seed: 6, n: 4, k: 2, d: 3 });
  const affinity = innerProducts(data);
  it.each([
    ["no data", LINEAR, { posteriors }, "KERNEL_INPUT_MISSING"],
    ["no affinity", PRECOMPUTED, { posteriors, data }, "KERNEL_INPUT_MISSING"],
    ["an affinity that the kernel does not read", LINEAR, { posteriors, data, affinity }, "KERNEL_INPUT_CONFLICT"],
    ["an affinity that is not square", PRECOMPUTED, { posteriors, affinity: data }, "AFFINITY_INVALID"],
    [
      "an affinity of fewer rows",
      PRECOMPUTED,
      { posteriors, affinity: innerProducts(data.slice(1)) },
      "AFFINITY_INVALID",
    ],
    ["data of fewer rows", LINEAR, { posteriors, data: data.slice(1) }, "DATA_INVALID"],
    ["an unknown kernel", { name: LINEAR, kernel: "liner" }, { posteriors, data }, "NAME_UNKNOWN"],
    [
      "an unknown key of the kernel",
      { name: LINEAR, kernel: { name: "rbf", gama: 1 } },
      { posteriors, data },
      "CONFIG_KEY_UNKNOWN",
    ],
  ])("is refused with %s", async (_, loss, inputs, code) => {
    await expect(score(loss, inputs)).rejects.toMatchObject({ code });
  });

  it("says what to do", async () => {
    await expect(score(PRECOMPUTED, { posteriors, data })).rejects.toMatchInlineSnapshot(
      `[ConfigError: kernel "precomputed" needs the input affinity [N, N]]`,
    );
    await expect(score(LINEAR, { posteriors, data: data.slice(1) })).rejects.toMatchInlineSnapshot(
      `[ShapeError: data is float64[3, 3] beside posteriors float64[4, 2]]`,
    );
  });
});
