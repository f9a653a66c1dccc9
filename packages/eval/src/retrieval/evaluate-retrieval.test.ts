import { isSemblanceError, type MeasureInputs, ndarray, referenceBackend } from "@semblance/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { divergences } from "../../test/divergences.js";
import { measures } from "../measures/catalogue.js";
import { type EvaluateRetrievalOptions, evaluateRetrieval } from "./evaluate-retrieval.js";

const base = { backend: referenceBackend(), catalogue: divergences };
const asked = [
  "recall-at-k",
  { name: "recall-at-k", k: 4 },
  "precision-at-1",
  "r-precision",
  "map-at-r",
  "knn-accuracy",
  { name: "knn-accuracy", k: 3, weights: "distance" },
];

const problems = fc
  .tuple(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 9 }), fc.boolean())
  .chain(([n, m, separate]) => {
    const rows = (count: number) =>
      fc
        .array(fc.integer({ min: -2, max: 2 }), { minLength: 2 * count, maxLength: 2 * count })
        .map((values) => ndarray("float64", [count, 2], values));
    const labels = (count: number) => fc.array(fc.integer({ min: 0, max: 3 }), { minLength: count, maxLength: count });
    const own = { embeddings: rows(n), labels: labels(n) };
    return separate
      ? fc.record<MeasureInputs>({ ...own, gallery: rows(m), galleryLabels: labels(m) })
      : fc.record<MeasureInputs>(own);
  });

it.each(["euclidean", "cosine"])("agrees with each measure by itself, under %s distance", async (divergence) => {
  await fc.assert(
    fc.asyncProperty(problems, async (inputs) => {
      const one = (reference: (typeof asked)[number]) => {
        const { name, ...keys } = typeof reference === "string" ? { name: reference } : reference;
        const measure = measures.find((candidate) => candidate.name === name)!;
        const config = measure.config.parse({ ...keys, distance: divergence });
        try {
          return measure.compute(inputs as MeasureInputs, config);
        } catch (error) {
          return isSemblanceError(error) ? error.code : error;
        }
      };
      for (const reference of asked) {
        const [got] = await evaluateRetrieval({ ...base, divergence, ...inputs, measures: [reference] } as never).catch(
          (error) => [error.code],
        );
        const expected = one(reference);
        if (typeof expected === "number") {
          // Cosines of equal angles differ in the last digit by the form: ranks of near ties are not compared.
          if (divergence === "cosine") expect(got.value).toBeGreaterThanOrEqual(0);
          else expect(got.value).toBeCloseTo(expected, 12);
        } else expect(got).toBe(expected);
      }
    }),
    { seed: 12, numRuns: 60 },
  );
});

describe("of the specification's ten points", () => {
  const embeddings = ndarray("float64", [10, 2], [0, 0, 1, 0, 0, 1, 1, 1, 5, 5, 5, 6, 6, 5, 0, 5, 1, 5, 0, 6]);
  const labels = [0, 0, 1, 1, 1, 0, 1, 2, 2, 0];

  it("computes all measures in one search, with the value of each query", async () => {
    const ks = [1, 2, 4].map((k) => ({ name: "recall-at-k", k }));
    const scores = await evaluateRetrieval({
      ...base,
      divergence: "squared-euclidean",
      embeddings,
      labels,
      measures: [...ks, "r-precision", "map-at-r"],
    });
    expect(scores.map(({ value }) => Number(value.toFixed(12)))).toEqual([0.5, 0.8, 1, 0.4, 0.35]);
    expect(scores.map(({ config }) => config)).toEqual([{ k: 1 }, { k: 2 }, { k: 4 }, {}, {}]);
    expect([...scores[1]!.perQuery].reduce((sum, hit) => sum + hit, 0)).toBe(8);
  });

  it("leaves a query that is alone with its label out of the means over R, and counts it as a miss", async () => {
    const measured = ["recall-at-k", "map-at-r"];
    const scores = await evaluateRetrieval({
      ...base,
      divergence: "euclidean",
      embeddings,
      labels: [...labels.slice(0, 9), 7],
      measures: measured,
    });
    expect(scores[0]!.perQuery[9]).toBe(0);
    expect(scores[1]!.perQuery[9]).toBeNaN();
    const counted = scores[1]!.perQuery.filter((value) => !Number.isNaN(value));
    expect(scores[1]!.value).toBeCloseTo(counted.reduce((a, b) => a + b, 0) / 9, 12);
  });

  it.each<[string, Partial<EvaluateRetrievalOptions>]>([
    ["NOT_A_RETRIEVAL_MEASURE", { measures: ["nmi"] }],
    ["SETTING_INVALID", { measures: [{ name: "recall-at-k", distance: "cosine" }] }],
    ["CONFIG_INVALID", { measures: [{ name: "recall-at-k", k: 0 }] }],
    ["NOTHING_TO_RETRIEVE", { labels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], measures: ["map-at-r"] }],
    ["LENGTHS_DIFFER", { labels: [0, 1] }],
    ["LABEL_NOT_INTEGER", { labels: [0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9] }],
    ["INPUT_MISSING", { galleryLabels: labels }],
    ["INPUT_MISSING", { gallery: embeddings }],
    ["TOO_FEW_ROWS", { embeddings: ndarray("float64", [1, 2], [0, 0]), labels: [0] }],
  ])("%s", async (code, change) => {
    const options = { ...base, divergence: "euclidean", embeddings, labels, measures: ["recall-at-k"], ...change };
    const error = await evaluateRetrieval(options).catch((thrown) => thrown);
    expect(isSemblanceError(error) && error.code, String(error)).toBe(code);
  });
});
