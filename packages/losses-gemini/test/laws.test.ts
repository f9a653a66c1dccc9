import { buildContext, Key, softmax } from "@semblance/core";
import { checkGradients } from "@semblance/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  catalogue,
  distance,
  draw,
  type Inputs,
  matrix,
  projected,
  type Rows,
  type Sizes,
  score,
  shares,
} from "./score.js";

interface Objective {
  readonly configs: readonly Record<string, unknown>[];
  /** Σ p·∂G/∂p, which follows from how G scales with p as it is computed: degree·G where each term is homogeneous. */
  readonly euler: (value: number, posteriors: Rows) => number;
  /** Whether G has no upper bound: it is infinite for one-hot rows. */
  readonly unbounded?: boolean;
}

const degree = (euler: number) => (value: number) => euler * value;
const mean = (p: Rows, f: (row: readonly number[], pi: readonly number[]) => number) =>
  p.reduce((total, row) => total + f(row, shares(p)), 0) / p.length;
const total = (row: readonly number[], f: (p: number, k: number) => number) =>
  row.reduce((sum, p, k) => sum + f(p, k), 0);
const plain = [{}];
const kernels = ["linear", "rbf", { name: "rbf", gamma: "median" }, "laplacian", "additive-chi2", "cosine"].map(
  (kernel) => ({ kernel }),
);
const distances = ["euclidean", "squared-euclidean", "cosine"].map((distance) => ({ distance }));

/**
 * Laws that every GEMINI keeps (specification, section 17), on drawn inputs. Each registered loss must name the configurations
 * that it is tested with.
 */
const table: Record<string, Objective> = {
  "gemini/kl-ova": { configs: plain, euler: degree(1) },
  "gemini/kl-ovo": { configs: plain, euler: degree(1), unbounded: true },
  "gemini/tv-ova": { configs: plain, euler: degree(1) },
  "gemini/tv-ovo": { configs: plain, euler: degree(2) },
  // ½Σ(√p − √π)² has degree 1; 1 − Σ√(pπ), of which the specification has G − 1, differs by a constant on the simplex.
  "gemini/hellinger-ova": { configs: plain, euler: degree(1) },
  // In the same way 2(G − 1) for 1 − h², and 2h more for e(2 − e) with e = ½Σ(√p − √π)².
  "gemini/hellinger-ovo": {
    configs: plain,
    euler: (value, p) => 2 * (value - 1) + mean(p, (row, pi) => 2 * total(row, (each, k) => Math.sqrt(each * pi[k]!))),
  },
  "gemini/chi2-ova": { configs: plain, euler: degree(1) },
  // 2αβ for αβ, and α + β less for (α − 1) + (β − 1) + (α − 1)(β − 1).
  "gemini/chi2-ovo": {
    configs: plain,
    euler: (value, p) =>
      2 * (1 + value) - mean(p, (row, pi) => total(row, (each, k) => each ** 2 / pi[k]! + pi[k]! ** 2 / each)),
    unbounded: true,
  },
  "gemini/mmd-ova": { configs: kernels, euler: degree(1) },
  "gemini/mmd-ovo": { configs: kernels.slice(0, 3), euler: degree(2) },
  "gemini/wasserstein-ova": { configs: distances, euler: degree(1) },
  "gemini/wasserstein-ovo": { configs: distances, euler: degree(2) },
};

const sizes = fc.record({
  seed: fc.nat(1_000_000),
  n: fc.integer({ min: 2, max: 9 }),
  k: fc.integer({ min: 2, max: 5 }),
  d: fc.integer({ min: 1, max: 4 }),
});

/** A law on 25 drawn inputs; the seed is fixed, and fast-check prints the inputs that break a law. */
const always = (law: (inputs: Required<Pick<Inputs, "posteriors" | "data">>, drawn: Sizes) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(sizes, (drawn) => law(draw(drawn), drawn)),
    { seed: 17, numRuns: 25 },
  );

it("every registered loss is in the table", () => {
  expect(catalogue.list("loss").map(({ name }) => name)).toEqual(Object.keys(table).sort());
});

for (const [name, { configs, euler, unbounded = false }] of Object.entries(table)) {
  describe.each(configs.map((config) => [JSON.stringify(config), config] as const))(`${name} %s`, (_, config) => {
    const loss = { name, ...config };
    const valueOf = async (inputs: Inputs) => (await score(loss, inputs)).value;

    it("is 0 or more, and finite with its gradient", () =>
      always(async (inputs) => {
        const { value, gradient } = await score(loss, inputs);
        expect(value).toBeGreaterThanOrEqual(0);
        expect([value, ...gradient.flat()].every(Number.isFinite)).toBe(true);
      }));

    it("does not see the order of the clusters", () =>
      always(async (inputs, { seed, k }) => {
        const order = Key.fromSeed(seed).fold("order").permutation(k);
        const posteriors = inputs.posteriors.map((row) => [...order].map((column) => row[column]!));
        expect(await valueOf({ ...inputs, posteriors })).toBeCloseTo(await valueOf(inputs), 12);
      }));

    it("does not see the order of the rows", () =>
      always(async ({ posteriors, data }, { seed, n }) => {
        const order = [...Key.fromSeed(seed).fold("order").permutation(n)];
        const shuffled = { posteriors: order.map((row) => posteriors[row]!), data: order.map((row) => data[row]!) };
        expect(await valueOf(shuffled)).toBeCloseTo(await valueOf({ posteriors, data }), 12);
      }));

    // The median of the distances changes when every pair is repeated, and with it the kernel.
    it.skipIf(JSON.stringify(config).includes("median"))("is the same for the data twice", () =>
      always(async ({ posteriors, data }) => {
        const twice = { posteriors: [...posteriors, ...posteriors], data: [...data, ...data] };
        expect(await valueOf(twice)).toBeCloseTo(await valueOf({ posteriors, data }), 12);
      }),
    );

    it("is the same when a cluster is split in proportion", () =>
      always(async (inputs) => {
        const posteriors = inputs.posteriors.map(([first, ...rest]) => [0.3 * first!, 0.7 * first!, ...rest]);
        expect(await valueOf({ ...inputs, posteriors })).toBeCloseTo(await valueOf(inputs), 12);
      }));

    it("has the same value and gradients beside an empty cluster, whose own are finite", () =>
      always(async (inputs) => {
        const without = await score(loss, inputs);
        const posteriors = inputs.posteriors.map((row) => [...row, 0]);
        const { value, gradient } = await score(loss, { ...inputs, posteriors });
        expect(Math.abs(value - without.value)).toBeLessThan(1e-11);
        const kept = gradient.map((row) => row.slice(0, -1));
        expect(distance(kept, without.gradient)).toBeLessThan(1e-11);
        expect(gradient.flat().every(Number.isFinite)).toBe(true);
      }));

    it("is 0 with projected gradient 0 for equal rows, in both float types", () =>
      always(async (inputs) => {
        const posteriors = inputs.posteriors.map(() => inputs.posteriors[0]!);
        for (const dtype of ["float64", "float32"] as const) {
          const { value, gradient } = await score(loss, { ...inputs, posteriors }, dtype);
          expect(Math.abs(value)).toBeLessThan(dtype === "float64" ? 1e-14 : 1e-6);
          expect(Math.max(...projected(posteriors, gradient).flat().map(Math.abs))).toBeLessThan(
            dtype === "float64" ? 1e-14 : 1e-6,
          );
        }
      }));

    it("has the gradient that its scaling asks for: Σ p·∂G/∂p", () =>
      always(async (inputs) => {
        const { value, gradient } = await score(loss, inputs);
        const inner = inputs.posteriors.flatMap((row, i) => row.map((p, k) => p * gradient[i]![k]!));
        expect(inner.reduce((a, b) => a + b, 0)).toBeCloseTo(euler(value, inputs.posteriors), 11);
      }));

    it("has the first and second derivatives of finite differences, by logits", async () => {
      const { entry, config: settled } = catalogue.choose("loss", loss);
      const { data } = draw({ seed: 3, n: 6, k: 3, d: 2 });
      const logits = matrix(rowsOfNormals(6, 3));
      await checkGradients(
        (z, x) => {
          const inputs = { posteriors: softmax(z!), ...(entry.inputs.data ? { data: x! } : {}) };
          return entry.build(inputs, settled, buildContext(catalogue));
        },
        [logits, matrix(data)],
        { name, wrt: [0] },
      );
    });

    it.each([
      ["one row", 1, 4],
      ["fewer rows than clusters", 3, 6],
      ["two rows", 2, 2],
    ])("takes %s", async (_, n, k) => {
      const inputs = draw({ seed: 9, n, k, d: 3 });
      const { value, gradient } = await score(loss, inputs);
      expect([value, ...gradient.flat()].every(Number.isFinite)).toBe(true);
      if (n === 1) expect(Math.abs(value)).toBeLessThan(1e-15);
      else expect(value).toBeGreaterThan(0);
    });

    it(`${unbounded ? "is infinite for" : "has projected gradient 0 for"} one-hot rows`, async () => {
      const posteriors = [0, 1, 2, 0, 1, 0].map((own) => [0, 1, 2, 3].map((k) => (k === own ? 1 : 0)));
      const { data } = draw({ seed: 4, n: 6, k: 2, d: 3 });
      const { value, gradient } = await score(loss, { posteriors, data });
      expect(value).toBeGreaterThan(0);
      if (unbounded) return expect(value).toBe(Number.POSITIVE_INFINITY);
      expect(gradient.flat().every(Number.isFinite)).toBe(true);
      expect(Math.max(...projected(posteriors, gradient).flat().map(Math.abs))).toBe(0);
    });

    it("is 0 for one cluster", async () => {
      const { data } = draw({ seed: 4, n: 6, k: 2, d: 3 });
      const { value, gradient } = await score(loss, { posteriors: data.map(() => [1]), data });
      expect(Math.abs(value)).toBe(0);
      expect(gradient.flat().every((g) => Math.abs(g) < 1e-15)).toBe(true);
    });

    it("refuses posteriors that are none, and another number of clusters than it was configured for", async () => {
      const inputs = draw({ seed: 1, n: 4, k: 3, d: 2 });
      await expect(score({ ...loss, clusters: 5 }, inputs)).rejects.toMatchObject({ code: "CLUSTERS_MISMATCH" });
      await expect(score({ ...loss, clusters: 1 }, inputs)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
      const empty = { posteriors: [[]], data: [[1]] };
      await expect(score(loss, empty)).rejects.toMatchObject({ code: "POSTERIORS_INVALID" });
      expect(catalogue.get("loss", name).outputs!({ clusters: 7 }, { rows: 3 })).toBe(7);
    });
  });
}

function rowsOfNormals(n: number, k: number): number[][] {
  const numbers = Key.fromSeed(23).normal(n * k);
  return Array.from({ length: n }, (_, i) => [...numbers.subarray(i * k, (i + 1) * k)]);
}
