import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averageDivergence, DIVERGENCES } from "./by-definition.js";
import { fixedVector } from "./fixed-vector.js";
import { draw, kernelMatrix, projected, type Rows, score, shares } from "./score.js";

/** Identities between the GEMINIs (specification, section 17), on drawn posteriors. What each keeps by itself is in laws.test.ts. */
const sizes = fc.record({
  seed: fc.nat(1_000_000),
  n: fc.integer({ min: 2, max: 9 }),
  k: fc.integer({ min: 2, max: 6 }),
  d: fc.integer({ min: 1, max: 4 }),
});
type Drawn = { posteriors: number[][]; data: number[][] };
const always = (law: (drawn: Drawn) => Promise<void>, draws: fc.Arbitrary<Parameters<typeof draw>[0]> = sizes) =>
  fc.assert(
    fc.asyncProperty(draws, (size) => law(draw(size))),
    { seed: 41, numRuns: 30 },
  );

const families = ["kl", "tv", "hellinger", "chi2", "mmd", "wasserstein"] as const;
const metrics = ["tv", "mmd", "wasserstein"] as const;
type Family = (typeof families)[number];
const G = async (family: Family, mode: "ova" | "ovo", { posteriors, data }: Drawn, kernel: unknown = "linear") =>
  (await score({ name: `gemini/${family}-${mode}`, ...(family === "mmd" ? { kernel } : {}) }, { posteriors, data }))
    .value;
const withAffinity = async (mode: "ova" | "ovo", posteriors: Rows, affinity: Rows) =>
  (await score({ name: `gemini/mmd-${mode}`, kernel: "precomputed" }, { posteriors, affinity })).value;
const moving = async (mode: "ova" | "ovo", posteriors: Rows, affinity: Rows) =>
  (await score({ name: `gemini/wasserstein-${mode}`, distance: "precomputed" }, { posteriors, affinity })).value;
const oneHot = (owners: readonly number[], k: number) =>
  owners.map((own) => Array.from({ length: k }, (_, column) => (column === own ? 1 : 0)));
const hardened = (posteriors: Rows) =>
  oneHot(
    posteriors.map((row) => row.indexOf(Math.max(...row))),
    posteriors[0]!.length,
  );
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
/** The mean of the rows of data under each cluster. */
const means = ({ posteriors, data }: Drawn) =>
  shares(posteriors).map((pi, k) =>
    data[0]!.map((_, c) => sum(data.map((row, i) => posteriors[i]![k]! * row[c]!)) / (pi * data.length)),
  );
const length = (x: readonly number[], y: readonly number[]) => Math.hypot(...x.map((value, c) => value - y[c]!));

describe("the specification's fixed vector", () => {
  const logitSlopes = (rows: number[][]) => projected(fixedVector.posteriors, rows)[0]!;
  it.each([
    ["kl", {}, 0.206031856102, 0.443360275857, [0.048218127, -0.027982158, -0.02023597]],
    ["tv", {}, 0.288888888889, 0.324444444444, [0.029166667, -0.019444444, -0.009722222]],
    ["hellinger", {}, 0.05433925923, 0.105429911232, [0.012956456, -0.007133278, -0.005823178]],
    // Given there as ½(1 + χ²): twice that, less 1.
    ["chi2", {}, 2 * 0.702840909091 - 1, 2 * 1.162426166426 - 1, [0.097294034, -0.05980501, -0.037489024]],
    ["mmd", { kernel: "linear" }, 0.852928300217, 0.965773454897, [0.134874168, -0.090291572, -0.044582596]],
    [
      "mmd",
      { kernel: { name: "rbf", gamma: 0.5 } },
      0.30195682339,
      0.34531761194,
      [0.038572432, -0.025623287, -0.012949145],
    ],
  ] as const)("has its values and gradient for %s %j", async (family, config, ova, ovo, slopes) => {
    const all = await score({ name: `gemini/${family}-ova`, ...config }, fixedVector);
    expect(all.value).toBeCloseTo(ova, 11);
    slopes.forEach((slope, k) => expect(logitSlopes(all.gradient)[k]).toBeCloseTo(slope, 8));
    expect((await score({ name: `gemini/${family}-ovo`, ...config }, fixedVector)).value).toBeCloseTo(ovo, 11);
  });
});

describe("each divergence's GEMINI", () => {
  it.each(Object.entries(DIVERGENCES))("is by definition the average %s divergence", (family, divergence) =>
    always(async (drawn) => {
      for (const mode of ["ova", "ovo"] as const) {
        const expected = averageDivergence(drawn.posteriors, divergence, mode);
        const got = await G(family as Family, mode, drawn);
        expect(Math.abs(got - expected)).toBeLessThan(1e-12 * Math.max(1, expected));
      }
    }),
  );

  it.each(families)("%s one-vs-all is at most one-vs-one", (family) =>
    always(async (drawn) => {
      const [ova, ovo] = [await G(family, "ova", drawn), await G(family, "ovo", drawn)];
      expect(ova).toBeLessThanOrEqual(ovo + 1e-12 * Math.max(1, ovo));
    }),
  );

  it.each(metrics)("%s one-vs-one is at most twice one-vs-all", (family) =>
    always(async (drawn) => {
      expect(await G(family, "ovo", drawn)).toBeLessThanOrEqual(2 * (await G(family, "ova", drawn)) + 1e-12);
    }),
  );

  it.each(metrics)("%s is the same either way for two clusters", (family) =>
    always(
      async (drawn) => {
        expect(await G(family, "ovo", drawn)).toBeCloseTo(await G(family, "ova", drawn), 12);
      },
      sizes.map((size) => ({ ...size, k: 2 })),
    ),
  );

  it("is 1 − Σπ² for one-hot rows and TV or Hellinger one-vs-one, 1 − Σπ^{3/2} for Hellinger one-vs-all, and counts for χ²", () =>
    always(async ({ posteriors, data }) => {
      const drawn = { posteriors: hardened(posteriors), data };
      const pi = shares(drawn.posteriors);
      const rest = 1 - sum(pi.map((share) => share ** 2));
      expect(await G("tv", "ova", drawn)).toBeCloseTo(rest, 13);
      expect(await G("tv", "ovo", drawn)).toBeCloseTo(rest, 13);
      expect(await G("hellinger", "ovo", drawn)).toBeCloseTo(rest, 13);
      expect(await G("hellinger", "ova", drawn)).toBeCloseTo(1 - sum(pi.map((share) => share ** 1.5)), 13);
      expect(await G("chi2", "ova", drawn)).toBeCloseTo(pi.filter((share) => share > 0).length - 1, 12);
    }));

  it("is ordered: Hellinger ≤ TV, TV² ≤ ½KL, KL ≤ log(1 + χ²), one-vs-all", () =>
    always(async (drawn) => {
      const [kl, tv, hellinger, chi2] = await Promise.all(
        (["kl", "tv", "hellinger", "chi2"] as const).map((family) => G(family, "ova", drawn)),
      );
      expect(hellinger!).toBeLessThanOrEqual(tv! + 1e-14);
      expect(tv! ** 2).toBeLessThanOrEqual(kl! / 2 + 1e-14);
      expect(kl!).toBeLessThanOrEqual(Math.log1p(chi2!) + 1e-14);
    }));

  it("is within its bounds", () =>
    always(async (drawn) => {
      const pi = shares(drawn.posteriors);
      const power = (exponent: number) => 1 - sum(pi.map((share) => share ** exponent)) + 1e-14;
      for (const family of ["tv", "hellinger"] as const) {
        expect(await G(family, "ovo", drawn)).toBeLessThanOrEqual(power(2));
        expect(await G(family, "ova", drawn)).toBeLessThanOrEqual(power(family === "tv" ? 2 : 1.5));
      }
      expect(await G("chi2", "ova", drawn)).toBeLessThanOrEqual(pi.length - 1 + 1e-12);
    }));
});

describe("MMD", () => {
  it("with the linear kernel is the mean distance of means", () =>
    always(async (drawn) => {
      const pi = shares(drawn.posteriors);
      const mu = means(drawn);
      const centre = drawn.data[0]!.map((_, c) => sum(drawn.data.map((row) => row[c]!)) / drawn.data.length);
      expect(await G("mmd", "ova", drawn)).toBeCloseTo(sum(pi.map((share, k) => share * length(mu[k]!, centre))), 12);
      const pairs = pi.flatMap((first, a) => pi.map((second, b) => first * second * length(mu[a]!, mu[b]!)));
      expect(await G("mmd", "ovo", drawn)).toBeCloseTo(sum(pairs), 12);
    }));

  it.each(["ova", "ovo"] as const)("%s sees κ only up to rᵢ + rⱼ, centring and a factor", (mode) =>
    always(async ({ posteriors, data }) => {
      const kappa = await kernelMatrix({ name: "rbf", gamma: 0.4 }, data);
      const value = await withAffinity(mode, posteriors, kappa);
      const each = (change: (entry: number, i: number, j: number) => number) =>
        withAffinity(
          mode,
          posteriors,
          kappa.map((row, i) => row.map((entry, j) => change(entry, i, j))),
        );
      expect(await each((entry) => 9 * entry)).toBeCloseTo(3 * value, 11);
      expect(await each((entry, i, j) => entry + Math.sin(i) + Math.sin(j) + 5)).toBeCloseTo(value, 10);
      const rowMeans = kappa.map((row) => sum(row) / row.length);
      const all = sum(rowMeans) / rowMeans.length;
      expect(await each((entry, i, j) => entry - rowMeans[i]! - rowMeans[j]! + all)).toBeCloseTo(value, 11);
      const halves = data.map((x) => data.map((y) => -0.5 * length(x, y) ** 2));
      expect(await withAffinity(mode, posteriors, halves)).toBeCloseTo(await G("mmd", mode, { posteriors, data }), 10);
    }),
  );

  it("with κ = I has N Σ π MMD² = χ² one-vs-all", () =>
    always(async ({ posteriors, data }) => {
      const identity = data.map((_, i) => data.map((_, j) => (i === j ? 1 : 0)));
      const { gradient } = await score(
        { name: "gemini/mmd-ova", kernel: "precomputed" },
        { posteriors, affinity: identity },
      );
      // Each term is homogeneous in its column, so that Σᵢ pᵢₖgᵢₖ = πₖ·MMDₖ.
      const squares = shares(posteriors).map(
        (pi, k) => sum(posteriors.map((row, i) => row[k]! * gradient[i]![k]!)) ** 2 / pi,
      );
      expect(data.length * sum(squares)).toBeCloseTo(await G("chi2", "ova", { posteriors, data }), 10);
    }));

  it("splits the inertia for one-hot rows: Σ ππ·MMD² = 2Σ π·MMD² = 2(total − within)/N", () =>
    always(async ({ data }) => {
      const owners = data.map((_, i) => i % 3);
      const used = [...new Set(owners)];
      const centre = data[0]!.map((_, c) => sum(data.map((row) => row[c]!)) / data.length);
      const drawn = { posteriors: oneHot(owners, used.length), data };
      const mu = means(drawn);
      const total = sum(data.map((x) => length(x, centre) ** 2));
      const within = sum(data.map((x, i) => length(x, mu[owners[i]!]!) ** 2));
      const pi = shares(drawn.posteriors);
      let between = 0;
      for (const a of used) {
        for (const b of used.filter((other) => other > a)) {
          // Of the rows of two clusters alone G = 2αβ·MMD with their shares α and β among these rows.
          const rows = owners.flatMap((own, i) => (own === a || own === b ? [i] : []));
          const two = {
            posteriors: oneHot(
              rows.map((i) => (owners[i] === a ? 0 : 1)),
              2,
            ),
            data: rows.map((i) => data[i]!),
          };
          const [alpha, beta] = shares(two.posteriors) as [number, number];
          const mmd = (await G("mmd", "ovo", two)) / (2 * alpha * beta);
          between += 2 * pi[a]! * pi[b]! * mmd ** 2;
        }
      }
      expect(between).toBeCloseTo((2 * (total - within)) / data.length, 10);
    }));

  it("is blind one-vs-all, and not one-vs-one, to a cluster whose mean is the data's", async () => {
    const data = [[-1], [1], [-3], [3]];
    const posteriors = oneHot([0, 0, 1, 2], 3);
    const { gradient } = await score("gemini/mmd-ova", { posteriors, data });
    expect(gradient.map((row) => Math.abs(row[0]!))).toEqual([0, 0, 0, 0]);
    // Pairs (0,1) and (0,2) at distance 3, (1,2) at 6, each once in either order.
    expect(await G("mmd", "ovo", { posteriors, data })).toBeCloseTo(2 * (2 * (1 / 8) * 3 + (1 / 16) * 6), 14);
  });
});

describe("Wasserstein", () => {
  it("has the specification's one-vs-one gradient, and values for squared distances", async () => {
    const { gradient } = await score("gemini/wasserstein-ovo", fixedVector);
    const [row] = projected(fixedVector.posteriors, gradient);
    [0.140464751, -0.09247676, -0.047987991].forEach((slope, k) => expect(row![k]).toBeCloseTo(slope, 8));
    const squared = { distance: "squared-euclidean" };
    expect((await score({ name: "gemini/wasserstein-ova", ...squared }, fixedVector)).value).toBeCloseTo(
      2.244444444444,
      11,
    );
    expect((await score({ name: "gemini/wasserstein-ovo", ...squared }, fixedVector)).value).toBeCloseTo(
      2.852222222222,
      11,
    );
  });

  it.each(["ova", "ovo"] as const)("%s with δ = 1 − I is total variation", (mode) =>
    always(async ({ posteriors, data }) => {
      const different = data.map((_, i) => data.map((_, j) => (i === j ? 0 : 1)));
      expect(await moving(mode, posteriors, different)).toBeCloseTo(await G("tv", mode, { posteriors, data }), 12);
    }),
  );

  it.each(["ova", "ovo"] as const)(
    "%s with the Euclidean distance is at least the linear MMD, at most the diameter",
    (mode) =>
      always(async (drawn) => {
        const value = await G("wasserstein", mode, drawn);
        expect(value).toBeGreaterThanOrEqual((await G("mmd", mode, drawn)) - 1e-12);
        const diameter = Math.max(...drawn.data.flatMap((x) => drawn.data.map((y) => length(x, y))));
        expect(value).toBeLessThanOrEqual(diameter);
      }),
  );

  it.each(["ova", "ovo"] as const)("%s is proportional to δ", (mode) =>
    always(async ({ posteriors, data }) => {
      const delta = data.map((x) => data.map((y) => length(x, y)));
      const times = (factor: number) => delta.map((row) => row.map((entry) => factor * entry));
      expect(await moving(mode, posteriors, times(7))).toBeCloseTo(7 * (await moving(mode, posteriors, delta)), 11);
    }),
  );

  it("in one dimension is the area between distribution functions", () =>
    always(
      async ({ posteriors, data }) => {
        const order = data.map(([x], i) => ({ x: x!, i })).sort((a, b) => a.x - b.x);
        const pi = shares(posteriors);
        const area = (first: (i: number) => number, second: (i: number) => number) => {
          let [ahead, total] = [0, 0];
          order.forEach(({ x, i }, at) => {
            ahead += first(i) - second(i);
            total += Math.abs(ahead) * ((order[at + 1]?.x ?? x) - x);
          });
          return total;
        };
        const cluster = (k: number) => (i: number) => posteriors[i]![k]! / (data.length * pi[k]!);
        const all = pi.map((share, k) => share * area(cluster(k), () => 1 / data.length));
        expect(await G("wasserstein", "ova", { posteriors, data })).toBeCloseTo(sum(all), 12);
        const pairs = pi.flatMap((first, a) => pi.map((second, b) => first * second * area(cluster(a), cluster(b))));
        expect(await G("wasserstein", "ovo", { posteriors, data })).toBeCloseTo(sum(pairs), 12);
      },
      sizes.map((size) => ({ ...size, d: 1 })),
    ));
});
