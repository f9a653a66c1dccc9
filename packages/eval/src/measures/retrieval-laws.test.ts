import { ndarray } from "@semblance/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DISTANCES } from "../distances/row-distance.js";
import { knnAccuracy } from "./knn-accuracy.js";
import { mapAtR } from "./map-at-r.js";
import { precisionAt1 } from "./precision-at-1.js";
import { rPrecision } from "./r-precision.js";
import { recallAtK } from "./recall-at-k.js";

// Small whole coordinates: many ties and duplicates. Every label has at least two members.
const problems = fc.integer({ min: 2, max: 12 }).chain((pairs) =>
  fc
    .tuple(
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4 * pairs, maxLength: 4 * pairs }),
      fc.shuffledSubarray(
        Array.from({ length: 2 * pairs }, (_, row) => (row >> 1) % 3),
        { minLength: 2 * pairs },
      ),
      fc.constantFrom(...DISTANCES),
    )
    .map(([points, labels, distance]) => ({
      inputs: { embeddings: ndarray("float64", [2 * pairs, 2], points), labels },
      distance,
    })),
);

describe("laws of retrieval measures", () => {
  it("recall grows with K, up to 1 when the whole gallery is looked at", () => {
    fc.assert(
      fc.property(problems, ({ inputs, distance }) => {
        const recalls = inputs.labels.map((_, k) => recallAtK(inputs, { k: k + 1, distance }));
        recalls.slice(1).forEach((recall, k) => expect(recall).toBeGreaterThanOrEqual(recalls[k]!));
        expect(recalls.at(-1)).toBe(1);
      }),
      { seed: 31 },
    );
  });

  it("MAP@R ≤ R-precision ≤ 1, and both are 1 exactly when classes are apart", () => {
    fc.assert(
      fc.property(problems, ({ inputs, distance }) => {
        const map = mapAtR(inputs, { distance });
        const rp = rPrecision(inputs, { distance });
        expect(map).toBeLessThanOrEqual(rp + 1e-15);
        expect(rp).toBeLessThanOrEqual(1);
        expect(rp === 1).toBe(map === 1);
      }),
      { seed: 32 },
    );
  });

  it("precision at 1 is recall at 1, and leave-one-out 1-NN accuracy", () => {
    fc.assert(
      fc.property(problems, ({ inputs, distance }) => {
        const precision = precisionAt1(inputs, { distance });
        expect(precision).toBe(recallAtK(inputs, { k: 1, distance }));
        expect(precision).toBe(knnAccuracy(inputs, { k: 1, distance }));
      }),
      { seed: 33 },
    );
  });

  it("equals plain loops with a full sort", () => {
    fc.assert(
      fc.property(problems, ({ inputs: { embeddings, labels } }) => {
        const x = (row: number, d: number) => embeddings.data[2 * row + d]!;
        const far = (a: number, b: number) => (x(a, 0) - x(b, 0)) ** 2 + (x(a, 1) - x(b, 1)) ** 2;
        let expected = 0;
        labels.forEach((label, query) => {
          const order = labels.map((_, row) => row).filter((row) => row !== query);
          order.sort((a, b) => far(query, a) - far(query, b) || a - b);
          const relevant = labels.filter((other) => other === label).length - 1;
          expected += order.slice(0, relevant).filter((row) => labels[row] === label).length / relevant;
        });
        expect(rPrecision({ embeddings, labels })).toBeCloseTo(expected / labels.length, 12);
      }),
      { seed: 34 },
    );
  });
});

describe("conventions", () => {
  it("a duplicate of the query stays in the gallery", () => {
    const embeddings = ndarray("float64", [4, 1], [0, 0, 9, 9]);
    expect(precisionAt1({ embeddings, labels: [0, 0, 1, 1] })).toBe(1);
    expect(precisionAt1({ embeddings, labels: [0, 1, 0, 1] })).toBe(0);
  });

  it("a vote tie goes to the smallest label, also a negative one", () => {
    const gallery = ndarray("float64", [2, 1], [-1, 1]);
    const query = { embeddings: ndarray("float64", [1, 1], [0]), gallery, galleryLabels: [3, -2] };
    expect(knnAccuracy({ ...query, labels: [-2] }, { k: 2 })).toBe(1);
    expect(knnAccuracy({ ...query, labels: [3] }, { k: 2, weights: "distance" })).toBe(0);
  });

  it("exact matches take all of a distance-weighted vote", () => {
    const gallery = ndarray("float64", [3, 1], [0, 1e-3, 1e-3]);
    const inputs = { embeddings: ndarray("float64", [1, 1], [0]), labels: [0], gallery, galleryLabels: [0, 1, 1] };
    expect(knnAccuracy(inputs, { k: 3, weights: "distance" })).toBe(1);
    expect(knnAccuracy(inputs, { k: 3 })).toBe(0);
  });

  it("a zero row has cosine distance 1 to everything, not NaN", () => {
    const embeddings = ndarray("float64", [3, 2], [0, 0, 1, 0, 2, 0]);
    expect(precisionAt1({ embeddings, labels: [0, 1, 1] }, { distance: "cosine" })).toBeCloseTo(2 / 3, 12);
  });

  it("refuses labels that nobody shares, and K below 1", () => {
    const embeddings = ndarray("float64", [3, 1], [0, 1, 2]);
    const alone = { embeddings, labels: [0, 1, 2] };
    expect(() => mapAtR(alone)).toThrow(expect.objectContaining({ code: "NOTHING_TO_RETRIEVE" }));
    expect(recallAtK(alone, { k: 2 })).toBe(0);
    for (const k of [0, -1, 1.5, Number.NaN]) {
      expect(() => recallAtK(alone, { k })).toThrow(expect.objectContaining({ code: "SETTING_INVALID" }));
      expect(() => knnAccuracy(alone, { k })).toThrow(expect.objectContaining({ code: "SETTING_INVALID" }));
    }
  });
});
