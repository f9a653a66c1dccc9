import { buildContext, Key, ndarray } from "@semblance/core";
import { checkGradients } from "@semblance/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue, drawBatch, euclidean, evaluate, matrixOf, mined, REDUCTIONS, relationsOf } from "./by-loops.js";

const NAME = "metric/margin";
const sizes = fc.record({
  seed: fc.nat(1e6),
  n: fc.integer({ min: 2, max: 9 }),
  classes: fc.integer({ min: 1, max: 4 }),
});
const RUNS = { seed: 71, numRuns: 12 };
const hinge = (value: number) => Math.max(0, value);

interface Parts {
  readonly anchor: number;
  readonly parts: readonly [number, number];
}

/** The two parts of each triplet, in a loop over a list. */
function partsOf(
  d: readonly (readonly number[])[],
  triplets: readonly (readonly number[])[],
  { alpha, betaOf }: { readonly alpha: number; readonly betaOf: (anchor: number) => number },
): Parts[] {
  return triplets.map(([a, p, n]) => ({
    anchor: a!,
    parts: [hinge(d[a!]![p!]! - betaOf(a!) + alpha), hinge(betaOf(a!) - d[a!]![n!]! + alpha)],
  }));
}

function fold(triplets: readonly Parts[], reduction: string): number {
  const total = (some: readonly Parts[]) => some.reduce((sum, { parts }) => sum + parts[0] + parts[1], 0);
  if (reduction === "sum") return total(triplets);
  if (reduction === "mean-valid") return total(triplets) / Math.max(1, triplets.length);
  if (reduction === "mean-nonzero") {
    return total(triplets) / Math.max(1, triplets.flatMap(({ parts }) => parts).filter((part) => part > 0).length);
  }
  const anchors = [...new Set(triplets.map(({ anchor }) => anchor))];
  const means = anchors.map((anchor) => {
    const own = triplets.filter((triplet) => triplet.anchor === anchor);
    return total(own) / own.length;
  });
  return means.reduce((sum, mean) => sum + mean, 0) / Math.max(1, anchors.length);
}

const allTriplets = (labels: readonly number[]) =>
  labels.flatMap((own, a) =>
    labels.flatMap((second, p) =>
      labels.flatMap((third, n) => (a !== p && own === second && own !== third ? [[a, p, n]] : [])),
    ),
  );

describe("metric/margin", () => {
  it.each(REDUCTIONS)("is its definition over all triplets, under %s", (reduction) =>
    fc.assert(
      fc.asyncProperty(sizes, async ({ seed, n, classes }) => {
        const { rows, labels } = drawBatch(seed, n, classes);
        const beta = [1.1, 1.6, 2.3, 0.9].slice(0, classes);
        const keys = { name: NAME, normalise: false, margin: 0.6, reduction };
        const d = matrixOf(rows, euclidean);
        const perClass = partsOf(d, allTriplets(labels), { alpha: 0.6, betaOf: (a) => beta[labels[a]!]! });
        expect((await evaluate(keys, { rows, labels }, { beta })).value).toBeCloseTo(fold(perClass, reduction), 10);
        const fixed = partsOf(d, allTriplets(labels), { alpha: 0.6, betaOf: () => 1.7 });
        const related = await evaluate({ ...keys, beta: 1.7 }, { rows, relations: relationsOf(labels) });
        expect(related.value).toBeCloseTo(fold(fixed, reduction), 10);
      }),
      RUNS,
    ),
  );

  it("counts a pair once for each drawn triplet that it is in", async () => {
    const noise = Array.from({ length: 14 }, (_, row) => [...Key.fromSeed(row).uniform(14)]);
    const batch = { ...drawBatch(5, 14, 3), noise };
    const triplets = await mined("distance-weighted", batch);
    expect(new Set(triplets.map(([a, , n]) => `${a},${n}`)).size).toBeLessThan(triplets.length);
    const parts = partsOf(matrixOf(batch.rows, euclidean), triplets, { alpha: 0.4, betaOf: () => 2 });
    for (const reduction of REDUCTIONS) {
      const keys = { normalise: false, margin: 0.4, beta: 2, miner: "distance-weighted", reduction };
      expect((await evaluate({ name: NAME, ...keys }, batch)).value).toBeCloseTo(fold(parts, reduction), 10);
    }
  });

  it("is exactly 0 without a triplet, gradients too, whatever ν is", async () => {
    const { rows } = drawBatch(7, 4, 1);
    for (const labels of [
      [0, 0, 0, 0],
      [0, 1, 2, 3],
    ]) {
      const result = await evaluate({ name: NAME, nu: 0.5 }, { rows, labels }, { beta: [1.2] });
      expect(result.value).toBe(0);
      const slopes = [...result.gradients.embeddings!.data, ...result.parameterGradients.beta!.data];
      expect(slopes.every((slope) => slope === 0)).toBe(true);
    }
  });

  it("starts β as it is told, one for all or for each class", () => {
    const start = (keys: object, classes?: number) => {
      const { entry, config } = catalogue.choose("loss", { name: NAME, beta: 1.5, ...keys });
      return entry.init!(Key.fromSeed(0), config, { rows: 4, ...(classes === undefined ? {} : { classes }) });
    };
    expect(start({})).toEqual({});
    expect([...start({ learnBeta: "shared" }, 3).beta!.data]).toEqual([1.5]);
    expect([...start({ learnBeta: "per-class" }, 3).beta!.data]).toEqual([1.5, 1.5, 1.5]);
    expect(() => start({ learnBeta: "per-class" })).toThrowError(expect.objectContaining({ code: "CLASSES_UNKNOWN" }));
  });

  it("has first and second derivatives, by β too", async () => {
    const { rows, labels } = drawBatch(11, 6, 2);
    const { entry, config } = catalogue.choose("loss", { name: NAME, normalise: false, margin: 0.7, nu: 0.3 });
    await checkGradients(
      (x, beta, y) => entry.build({ embeddings: x!, labels: y! }, config, buildContext(catalogue, { beta: beta! })),
      [ndarray("float64", [6, 3], rows.flat()), ndarray("float64", [2], [1.3, 1.9]), ndarray("int32", [6], labels)],
      { name: NAME },
    );
  });
});
