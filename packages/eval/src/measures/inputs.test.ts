import { isSemblanceError, type Measure, type MeasureInputs, ndarray } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { measures } from "./catalogue.js";
import { randIndexMeasure } from "./rand-index.js";

const points = ndarray("float32", [4, 2], [0, 0, 0, 1, 5, 5, 5, 6]);
const good: MeasureInputs = {
  truth: [0, 0, 1, 1],
  predicted: [1, 1, 0, 0],
  posteriors: ndarray("float32", [4, 2], [1, 0, 0.9, 0.1, 0, 1, 0.2, 0.8]),
  embeddings: points,
  labels: [0, 0, 1, 1],
};
const labelled: MeasureInputs = { embeddings: points, labels: [0, 0, 1, 1] };
const code = (measure: Measure, inputs: MeasureInputs): string | undefined => {
  try {
    measure.compute(inputs, measure.config.parse({}));
    return undefined;
  } catch (error) {
    if (!isSemblanceError(error)) throw error;
    expect(error.fix).toBeTruthy();
    return error.code;
  }
};
const of = (needs: Measure["needs"]) => measures.filter((measure) => measure.needs === needs);
const retrieval = of("embeddings").filter((measure) => measure.name !== "silhouette");

describe.each(measures.map((measure) => [measure.name, measure] as const))("%s", (_, measure) => {
  it("scores good inputs with its default configuration", () => {
    expect(measure.compute(good, measure.config.parse({}))).toSatisfy(Number.isFinite);
  });
  it("says which input is missing", () => {
    expect(code(measure, {})).toBe("INPUT_MISSING");
  });
  it("describes itself", () => {
    for (const text of [measure.summary, measure.formula, measure.source]) expect(text?.length).toBeGreaterThan(5);
  });
  it("refuses an unknown key", () => {
    expect(measure.config.safeParse({ averge: "min" }).success).toBe(false);
  });
});

it("names are unique and kebab-case", () => {
  const names = measures.map((measure) => measure.name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
});

describe.each(of("partition").map((measure) => [measure.name, measure] as const))("%s refuses", (_, measure) => {
  it.each([
    ["different lengths", { truth: [0, 1], predicted: [0] }, "LENGTHS_DIFFER"],
    ["fractions", { truth: [0, 0.5], predicted: [0, 1] }, "LABEL_NOT_INTEGER"],
    ["NaN", { truth: [0, 1], predicted: [0, Number.NaN] }, "LABEL_NOT_INTEGER"],
    ["infinity", { truth: [0, 1], predicted: [0, Number.POSITIVE_INFINITY] }, "LABEL_NOT_INTEGER"],
    ["nothing", { truth: [], predicted: [] }, "INPUT_EMPTY"],
  ] as const)("%s", (_case, inputs, expected) => {
    expect(code(measure, inputs)).toBe(expected);
  });

  it("logits for posteriors, and takes the arg max of the real ones", () => {
    const logits = ndarray("float32", [2, 2], [-1, 3, 2, 0.5]);
    expect(code(measure, { truth: [0, 1], posteriors: logits })).toBe("NOT_A_DISTRIBUTION");
    const soft = measure.compute({ truth: good.truth!, posteriors: good.posteriors! }, measure.config.parse({}));
    const hard = measure.compute({ truth: good.truth!, predicted: [0, 0, 1, 1] }, measure.config.parse({}));
    expect(soft).toBe(hard);
  });
});

describe.each(of("embeddings").map((measure) => [measure.name, measure] as const))("%s refuses", (_, measure) => {
  const broken = (at: number, value: number) => {
    const data = Float64Array.from(points.data);
    data[at] = value;
    return ndarray("float64", [4, 2], data);
  };
  it.each([
    ["NaN", { ...labelled, embeddings: broken(3, Number.NaN) }, "VALUE_NOT_FINITE"],
    ["infinity", { ...labelled, embeddings: broken(0, Number.NEGATIVE_INFINITY) }, "VALUE_NOT_FINITE"],
    ["what overflows when squared", { ...labelled, embeddings: broken(0, 1e200) }, "VALUES_TOO_LARGE"],
    ["missing labels", { ...labelled, labels: [0, 1] }, "LENGTHS_DIFFER"],
    ["fractional labels", { ...labelled, labels: [0, 0, 1, 1.5] }, "LABEL_NOT_INTEGER"],
    ["one axis", { ...labelled, embeddings: ndarray("float32", [4], [1, 2, 3, 4]) }, "RANK_MISMATCH"],
    ["no rows", { ...labelled, embeddings: ndarray("float32", [0, 2], []), labels: [] }, "INPUT_EMPTY"],
    ["no columns", { ...labelled, embeddings: ndarray("float32", [4, 0], []) }, "INPUT_EMPTY"],
  ] as const)("%s", (_case, inputs, expected) => {
    expect(code(measure, inputs)).toBe(expected);
  });
});

describe.each(retrieval.map((measure) => [measure.name, measure] as const))("%s refuses", (_, measure) => {
  it("a gallery of another width, without labels, or labels without a gallery", () => {
    const gallery = ndarray("float32", [2, 3], [1, 2, 3, 4, 5, 6]);
    expect(code(measure, { ...labelled, gallery, galleryLabels: [0, 1] })).toBe("AXIS_MISMATCH");
    expect(code(measure, { ...labelled, gallery: points })).toBe("INPUT_MISSING");
    expect(code(measure, { ...labelled, galleryLabels: [0, 0, 1, 1] })).toBe("INPUT_MISSING");
    expect(code(measure, { ...labelled, gallery: points, galleryLabels: [0] })).toBe("LENGTHS_DIFFER");
  });
});

it("words its errors with the values at fault", () => {
  expect(() =>
    randIndexMeasure.compute({ truth: [0, 1, 2.5], predicted: [0, 1, 1] }, {}),
  ).toThrowErrorMatchingInlineSnapshot(`[DataError: truth holds 2.5 at row 2, but labels are whole numbers]`);
  expect(() =>
    randIndexMeasure.compute({ truth: [0, 1, 2], predicted: [0, 1] }, {}),
  ).toThrowErrorMatchingInlineSnapshot(`[DataError: truth has 3 entries but predicted has 2]`);
});

it("silhouette scores the clusters of a run, not its classes", () => {
  const silhouette = measures.find((measure) => measure.name === "silhouette")!;
  const shuffled = { ...labelled, labels: [0, 1, 0, 1] };
  expect(silhouette.compute({ ...shuffled, predicted: [0, 0, 1, 1] }, silhouette.config.parse({}))).toBeGreaterThan(
    0.8,
  );
  expect(silhouette.compute(shuffled, silhouette.config.parse({}))).toBeLessThan(0);
});
