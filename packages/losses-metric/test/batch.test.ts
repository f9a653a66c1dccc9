import { Key, ndarray, pairwiseInnerProducts, type Tensor } from "@semblance/core";
import { checkGradients, runFunction } from "@semblance/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { factoredTerms, termsByTriplets } from "../src/batch/angular-terms.js";
import { pairMasks } from "../src/pair-masks.js";
import {
  angularByGeometry,
  circleByLoops,
  generalisedLiftedByLoops,
  liftedByPairs,
  multiSimilarityByLoops,
  ncaByLoops,
  ntXentByLoops,
  simclr,
  supConByLoops,
} from "./batch-by-loops.js";
import { BATCH, NAMES, type Name, run, withoutProxies } from "./batch-losses.js";
import { dot, drawBatch, drawRows } from "./evaluate.js";
import { relationsOfLabels } from "./run-batch.js";

const sizes = fc.record({
  seed: fc.nat(1e6),
  n: fc.integer({ min: 1, max: 9 }),
  d: fc.integer({ min: 2, max: 5 }),
  classes: fc.integer({ min: 1, max: 4 }),
});
const always = (law: (batch: { embeddings: number[][]; labels: number[] }) => Promise<void>, numRuns = 20) =>
  fc.assert(
    fc.asyncProperty(sizes, (size) => law(withoutProxies(drawBatch(size)) as Parameters<typeof law>[0])),
    { seed: 91, numRuns },
  );
describe("batch losses are their formulas in loops", () => {
  it.each([
    ["lifted-structure", (batch) => liftedByPairs(batch, 1)],
    ["generalised-lifted", (batch) => generalisedLiftedByLoops(batch, 1)],
    ["angular", (batch) => angularByGeometry(batch, 40)],
    ["multi-similarity", (batch) => multiSimilarityByLoops(batch, [2, 10, 0.5])],
    ["nt-xent", (batch) => ntXentByLoops(batch, 0.3)],
    ["sup-con", (batch) => supConByLoops(batch, 0.3)],
    ["circle", (batch) => circleByLoops(batch, [0.4, 6])],
    ["nca", (batch) => ncaByLoops(batch, 2)],
  ] as [Name, (batch: { embeddings: number[][]; labels: number[] }) => number][])("%s", (name, plain) =>
    always(async (batch) => {
      expect((await run(name, batch)).value).toBeCloseTo(plain(batch), 10);
    }),
  );

  it("angular by pairs, where the negatives are the other pairs' positives", async () => {
    const [anchors, positives] = [drawRows(Key.fromSeed(1), 5, 3), drawRows(Key.fromSeed(2), 5, 3)];
    const t = Math.tan(Math.PI / 5) ** 2;
    const terms = anchors.map((a, i) => {
      const sums = positives.map((p) => dot(a, p) + dot(positives[i]!, p));
      const exponents = sums.map((sum) => 4 * t * sum - 2 * (1 + t) * dot(a, positives[i]!));
      return Math.log(1 + exponents.reduce((total, f, j) => (j === i ? total : total + Math.exp(f)), 0));
    });
    const { value } = await run("angular", { anchors, positives }, { angle: 36, normalise: false, reduction: "sum" });
    expect(value / terms.reduce((total, term) => total + term, 0)).toBeCloseTo(1, 12);
  });
});

describe("angular without a tensor of triplets", () => {
  const forms = (rows: readonly (readonly number[])[], labels: readonly number[], degrees: number) => {
    const tangent = Math.tan((degrees * Math.PI) / 180) ** 2;
    const arrays = [
      ndarray("float64", [rows.length, rows[0]!.length], rows.flat()),
      ndarray("int32", [labels.length], labels),
    ];
    const of = (form: typeof factoredTerms) => (x: Tensor, y: Tensor) => {
      const masks = pairMasks({ labels: y }, { loss: "test", dtype: "float64" });
      return form({ similarity: pairwiseInnerProducts(x, x), masks, tangent });
    };
    return { arrays, of };
  };

  it("is the same as a product of matrices and triplet by triplet", () =>
    always(async ({ embeddings, labels }) => {
      const rows = embeddings.map((row) => row.map((value) => value / Math.hypot(...row)));
      const { arrays, of } = forms(rows, labels, 50);
      const [factored] = await runFunction((x, y) => of(factoredTerms)(x!, y!), arrays);
      const [byTriplets] = await runFunction((x, y) => of(termsByTriplets)(x!, y!), arrays);
      labels.forEach((a, i) => {
        labels.forEach((b, j) => {
          const at = i * labels.length + j;
          if (a === b && i !== j) expect(factored!.data[at]).toBeCloseTo(byTriplets!.data[at]!, 11);
        });
      });
    }));

  it("has the derivative of finite differences on the host, and no overflow for long rows", async () => {
    const { arrays, of } = forms(BATCH.embeddings, BATCH.labels, 45);
    await checkGradients((x, y) => of(termsByTriplets)(x!, y!), arrays, { name: "triplets", order: 1 });
    const long = BATCH.embeddings.map((row) => row.map((value) => 1e3 * value));
    const { value, gradients } = await run("angular", { ...BATCH, embeddings: long }, { normalise: false });
    expect([value, ...gradients.embeddings!]).toSatisfy((all: number[]) => all.every(Number.isFinite));
  });
});

describe("identities", () => {
  it("NT-Xent is SimCLR's loss and SupCon, of two views each", async () => {
    for (let seed = 0; seed < 5; seed++) {
      const embeddings = drawRows(Key.fromSeed(seed), 10, 4);
      const labels = embeddings.map((_, i) => Math.floor(i / 2));
      const expected = simclr(embeddings, 0.2);
      expect((await run("nt-xent", { embeddings, labels }, { temperature: 0.2 })).value).toBeCloseTo(expected, 12);
      expect((await run("sup-con", { embeddings, labels }, { temperature: 0.2 })).value).toBeCloseTo(expected, 12);
    }
  });

  it("circle's gradient is that of its weights held fixed", async () => {
    const config = { margin: 0.4, gamma: 6, reduction: "mean-valid" };
    const { gradients } = await run("circle", BATCH, config);
    const step = 1e-6;
    BATCH.embeddings.forEach((row, i) => {
      row.forEach((_, at) => {
        const moved = (by: number) => {
          const embeddings = BATCH.embeddings.map((each) => [...each]);
          embeddings[i]![at]! += by;
          return circleByLoops({ ...BATCH, embeddings }, [0.4, 6], BATCH.embeddings);
        };
        const slope = (moved(step) - moved(-step)) / (2 * step);
        expect(gradients.embeddings![i * row.length + at]).toBeCloseTo(slope, 7);
      });
    });
  });

  it("relations that say what labels say give the same value and gradient", () =>
    always(async ({ embeddings, labels }) => {
      const relations = relationsOfLabels(labels);
      for (const name of NAMES) {
        const [byLabels, byRelations] = [
          await run(name, { embeddings, labels }),
          await run(name, { embeddings, relations }),
        ];
        expect(byRelations.value, name).toBe(byLabels.value);
        expect(byRelations.gradients, name).toEqual(byLabels.gradients);
      }
    }, 6));

  it("a row of a new class beyond every margin changes no hinge's sum", async () => {
    const far = BATCH.embeddings[0]!.map(() => 1e4);
    const added = { embeddings: [...BATCH.embeddings, far], labels: [...BATCH.labels, 99] };
    for (const name of ["lifted-structure", "generalised-lifted"] as const) {
      const config = { reduction: "sum" };
      expect((await run(name, added, config)).value).toBe((await run(name, BATCH, config)).value);
    }
  });

  it("Euclidean losses of raw rows do not see a translation", async () => {
    const shifted = { ...BATCH, embeddings: BATCH.embeddings.map((row) => row.map((value, at) => value + at - 2)) };
    for (const name of ["lifted-structure", "generalised-lifted"] as const) {
      expect((await run(name, shifted)).value).toBeCloseTo((await run(name, BATCH)).value, 11);
    }
    const raw = { normalise: false };
    expect((await run("nca", shifted, raw)).value).toBeCloseTo((await run("nca", BATCH, raw)).value, 11);
  });

  it("any divergence does, in either order or both", async () => {
    for (const name of ["lifted-structure", "generalised-lifted", "nca"] as const) {
      // Wide enough that no hinge is at rest.
      const config = { divergence: "lopsided", normalise: false, ...(name === "nca" ? {} : { margin: 50 }) };
      const values = await Promise.all(
        ["anchor-first", "anchor-second", "both"].map(
          async (order) => (await run(name, BATCH, { ...config, order })).value,
        ),
      );
      expect(new Set(values).size, name).toBe(3);
    }
  });
});
