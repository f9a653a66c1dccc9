import { buildContext, ndarray } from "@semblance/core";
import { checkGradients } from "@semblance/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  catalogue,
  drawBatch,
  euclidean,
  evaluate,
  folded,
  matrixOf,
  mined,
  REDUCTIONS,
  relationsOf,
  squared,
  type Term,
  unit,
} from "./by-loops.js";

const NAME = "metric/contrastive";
const sizes = fc.record({
  seed: fc.nat(1e6),
  n: fc.integer({ min: 1, max: 8 }),
  classes: fc.integer({ min: 1, max: 4 }),
});
const RUNS = { seed: 67, numRuns: 12 };
const FORMS = ["paper", "notebook", "hadsell", "hinge"] as const;
type Form = (typeof FORMS)[number];
const hinge = (value: number) => Math.max(0, value);

/** The cost of one ordered pair, written out. */
function cost(form: Form, d: number, alike: boolean, margin: number): number {
  switch (form) {
    case "paper":
      return alike ? d / 2 : hinge(margin - d) ** 2 / 2;
    case "notebook":
    case "hinge":
      return alike ? d : hinge(margin - d);
    default:
      return alike ? d ** 2 / 2 : hinge(margin - d) ** 2 / 2;
  }
}

function valueByLoops(
  form: Form,
  d: readonly (readonly number[])[],
  labels: readonly number[],
  { margin, reduction }: { readonly margin: number; readonly reduction: string },
): number {
  const [alike, different]: [Term[], Term[]] = [[], []];
  for (const [i, own] of labels.entries()) {
    for (const [j, other] of labels.entries()) {
      if (i === j && form !== "notebook") continue;
      (own === other ? alike : different).push({ anchor: i, value: cost(form, d[i]![j]!, own === other, margin) });
    }
  }
  return form === "hinge"
    ? folded(alike, reduction) + folded(different, reduction)
    : folded([...alike, ...different], reduction);
}

describe("metric/contrastive", () => {
  it.each(FORMS)("%s is its formula in two loops, under every reduction", (form) =>
    fc.assert(
      fc.asyncProperty(sizes, fc.constantFrom(...REDUCTIONS), async ({ seed, n, classes }, reduction) => {
        const { rows, labels } = drawBatch(seed, n, classes);
        const keys = { margin: 2, reduction };
        const loss = { name: NAME, form, divergence: "squared-euclidean", normalise: false, ...keys };
        const { value } = await evaluate(loss, { rows, labels });
        expect(value).toBeCloseTo(valueByLoops(form, matrixOf(rows, squared), labels, keys), 10);
        const related = await evaluate(loss, { rows, relations: relationsOf(labels) });
        expect(related.value).toBeCloseTo(value, 12);
      }),
      RUNS,
    ),
  );

  it.each([
    ["paper", squared, false, "mean-valid"],
    ["notebook", squared, false, "mean-valid"],
    ["hadsell", euclidean, false, "mean-valid"],
    ["hinge", euclidean, true, "mean-nonzero"],
  ] as const)(
    "%s has its own divergence, normalisation and reduction by default",
    async (form, d, normalised, reduction) => {
      const { rows, labels } = drawBatch(3, 9, 3);
      const compared = normalised ? rows.map(unit) : rows;
      const { value } = await evaluate({ name: NAME, form }, { rows, labels });
      expect(value).toBeCloseTo(valueByLoops(form, matrixOf(compared, d), labels, { margin: 1, reduction }), 12);
    },
  );

  it.each([
    ["anchor-first", (d: number[][], i: number, j: number) => d[i]![j]!],
    ["anchor-second", (d: number[][], i: number, j: number) => d[j]![i]!],
    ["both", (d: number[][], i: number, j: number) => (d[i]![j]! + d[j]![i]!) / 2],
  ] as const)("order %s of an asymmetric divergence", async (order, entry) => {
    const { rows, labels } = drawBatch(5, 7, 3);
    const lopsided = matrixOf(rows, (a, b) =>
      a.reduce((sum, x, at) => sum + Math.exp(x) - Math.exp(b[at]!) - (x - b[at]!) * Math.exp(b[at]!), 0),
    );
    const d = rows.map((_, i) => rows.map((_, j) => entry(lopsided, i, j)));
    const keys = { margin: 1.5, reduction: "per-anchor" };
    const { value } = await evaluate({ name: NAME, divergence: "lopsided", order, ...keys }, { rows, labels });
    expect(value).toBeCloseTo(valueByLoops("paper", d, labels, keys), 11);
  });

  it("takes the pairs of a miner of triplets, each once, and those of a miner of pairs", async () => {
    const { rows, labels } = drawBatch(7, 12, 3);
    const d = matrixOf(rows, squared);
    for (const miner of ["semi-hard", "pair-margin"]) {
      const tuples = await mined(miner, { rows, labels });
      const pairs = new Set(tuples.flatMap(([a, ...others]) => others.map((other) => `${a},${other}`)));
      const terms = [...pairs].map((pair) => {
        const [i, j] = pair.split(",").map(Number) as [number, number];
        return { anchor: i, value: cost("paper", d[i]![j]!, labels[i] === labels[j], 5) };
      });
      for (const reduction of REDUCTIONS) {
        const { value } = await evaluate({ name: NAME, margin: 5, miner, reduction }, { rows, labels });
        expect(value).toBeCloseTo(folded(terms, reduction), 10);
      }
    }
  });

  it("leaves one part where there is only one kind of pairs, and 0 where there is none", async () => {
    const { rows } = drawBatch(11, 4, 1);
    const alone = await evaluate({ name: NAME }, { rows: rows.slice(0, 1), labels: [0] });
    expect(alone.value).toBe(0);
    expect([...alone.gradients.embeddings!.data]).toEqual([0, 0, 0]);
    for (const labels of [
      [0, 0, 0, 0],
      [0, 1, 2, 3],
    ]) {
      const keys = { margin: 9, reduction: "mean-valid" };
      const { value } = await evaluate({ name: NAME, ...keys }, { rows, labels });
      expect(value).toBeCloseTo(valueByLoops("paper", matrixOf(rows, squared), labels, keys), 12);
    }
    const unknown = await evaluate({ name: NAME }, { rows, relations: rows.map(() => [0, 0, 0, 0]) });
    expect(unknown.value).toBe(0);
    expect(unknown.gradients.embeddings!.data.every((slope) => slope === 0)).toBe(true);
  });

  it.each(["hadsell", "hinge"])("%s has finite gradients where rows coincide", async (form) => {
    const rows = Array.from({ length: 4 }, () => [1, 2]);
    const { gradients } = await evaluate({ name: NAME, form, normalise: false }, { rows, labels: [0, 0, 1, 1] });
    expect(gradients.embeddings!.data.every((slope) => slope === 0)).toBe(true);
  });

  it("does not move with all rows together", () =>
    fc.assert(
      fc.asyncProperty(sizes, fc.constantFrom(...FORMS), async ({ seed, n, classes }, form) => {
        const { rows, labels } = drawBatch(seed, n, classes);
        const shifted = rows.map((row) => row.map((value, at) => value + 3 * at - 1));
        const loss = { name: NAME, form, normalise: false, margin: 2 };
        const [before, after] = [
          await evaluate(loss, { rows, labels }),
          await evaluate(loss, { rows: shifted, labels }),
        ];
        expect(after.value).toBeCloseTo(before.value, 9);
      }),
      RUNS,
    ));

  it.each(FORMS)("%s has first and second derivatives", async (form) => {
    const { rows, labels } = drawBatch(13, 5, 2);
    const { entry, config } = catalogue.choose("loss", { name: NAME, form, normalise: false, margin: 2 });
    await checkGradients(
      (x, y) => entry.build({ embeddings: x!, labels: y! }, config, buildContext(catalogue)),
      [ndarray("float64", [5, 3], rows.flat()), ndarray("int32", [5], labels)],
      { name: form },
    );
  });
});
