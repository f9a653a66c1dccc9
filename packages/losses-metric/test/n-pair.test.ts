import { evaluateLoss, referenceBackend } from "@semblance/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue, drawBatch, evaluate, mined, relationsOf, squared, unit } from "./by-loops.js";
import { runBatch } from "./run-batch.js";

const NAME = "metric/n-pair";
type Rows = readonly (readonly number[])[];
const sizes = fc.record({ seed: fc.nat(1e6), n: fc.integer({ min: 2, max: 7 }) });
const RUNS = { seed: 73, numRuns: 15 };
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, at) => sum + value * b[at]!, 0);
const array = (rows: Rows) => ({ shape: [rows.length, rows[0]!.length], data: rows.flat() });

async function ofPairs(keys: object, anchors: Rows, positives: Rows) {
  const inputs = { anchors: array(anchors), positives: array(positives) };
  return await evaluateLoss({ catalogue, backend: referenceBackend(), loss: { name: NAME, ...keys }, inputs });
}

/** Mean cross-entropy of the rows of Z Z⁺ᵀ with their own columns. */
function crossEntropy(anchors: Rows, positives: Rows, similarity = dot): number {
  const terms = anchors.map((z, i) => {
    const logits = positives.map((other) => similarity(z, other));
    return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[i]!;
  });
  return terms.reduce((sum, term) => sum + term, 0) / terms.length;
}
const pairsDrawn = (seed: number, n: number) => [drawBatch(seed, n, 1).rows, drawBatch(seed + 1, n, 1).rows] as const;

describe("metric/n-pair", () => {
  it("is the cross-entropy of telling positives apart, raw, of unit rows, and by another divergence", () =>
    fc.assert(
      fc.asyncProperty(sizes, async ({ seed, n }) => {
        const [anchors, positives] = pairsDrawn(seed, n);
        expect((await ofPairs({}, anchors, positives)).value).toBeCloseTo(crossEntropy(anchors, positives), 11);
        const units = crossEntropy(anchors.map(unit), positives.map(unit));
        expect((await ofPairs({ normalise: true }, anchors, positives)).value).toBeCloseTo(units, 11);
        const near = crossEntropy(anchors, positives, (a, b) => -squared(a, b));
        const bySquares = await ofPairs({ divergence: "squared-euclidean" }, anchors, positives);
        expect(bySquares.value).toBeCloseTo(near, 10);
      }),
      RUNS,
    ));

  it.each([
    ["anchor-first", (a: readonly number[], b: readonly number[]) => -lopsided(a, b)],
    ["anchor-second", (a: readonly number[], b: readonly number[]) => -lopsided(b, a)],
    ["both", (a: readonly number[], b: readonly number[]) => -(lopsided(a, b) + lopsided(b, a)) / 2],
  ] as const)("order %s of an asymmetric divergence", async (order, similarity) => {
    const [anchors, positives] = pairsDrawn(3, 5);
    const { value } = await ofPairs({ divergence: "lopsided", order }, anchors, positives);
    expect(value).toBeCloseTo(crossEntropy(anchors, positives, similarity), 10);
  });

  it("takes the first two rows of each class, by labels or by relations", () =>
    fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 4 }), async ({ seed, n }, classes) => {
        const { rows, labels } = drawBatch(seed, n + 3, classes);
        const firstTwo = [...new Set(labels)].flatMap((label) => {
          const members = rows.filter((_, i) => labels[i] === label);
          return members.length > 1 ? [[members[0]!, members[1]!] as const] : [];
        });
        const expected =
          firstTwo.length > 1
            ? crossEntropy(
                firstTwo.map(([anchor]) => anchor),
                firstTwo.map(([, positive]) => positive),
              )
            : 0;
        const byLabels = await evaluate({ name: NAME }, { rows, labels });
        expect(byLabels.value).toBeCloseTo(expected, 11);
        const related = await evaluate({ name: NAME }, { rows, relations: relationsOf(labels) });
        expect(related.value).toBeCloseTo(expected, 11);
        expect(related.gradients).toEqual(byLabels.gradients);
      }),
      RUNS,
    ));

  it("pushes only from what is known to differ", async () => {
    const { rows } = drawBatch(5, 6, 1);
    const relations = rows.map(() => [0, 0, 0, 0, 0, 0]);
    for (const i of [0, 2, 4]) relations[i]![i + 1] = relations[i + 1]![i] = 1;
    relations[0]![3] = -1;
    const { value } = await evaluate({ name: NAME, reduction: "sum" }, { rows, relations });
    expect(value).toBeCloseTo(Math.log(1 + Math.exp(dot(rows[0]!, rows[3]!) - dot(rows[0]!, rows[1]!))), 12);
  });

  it("takes the first pair of a class that a miner keeps", async () => {
    const { rows, labels } = drawBatch(7, 12, 3);
    const kept = new Map<number, readonly number[]>();
    for (const [a, p] of await mined("batch-hard", { rows, labels })) {
      if (!kept.has(labels[a!]!)) kept.set(labels[a!]!, [a!, p!]);
    }
    const pairs = [...kept.values()];
    const expected = crossEntropy(
      pairs.map(([a]) => rows[a!]!),
      pairs.map(([, p]) => rows[p!]!),
    );
    expect((await evaluate({ name: NAME, miner: "batch-hard" }, { rows, labels })).value).toBeCloseTo(expected, 11);
  });

  it("adds the squared lengths of what is paired", async () => {
    const [anchors, positives] = pairsDrawn(9, 4);
    const lengths = [...anchors, ...positives].reduce((sum, row) => sum + dot(row, row), 0) / (2 * 4);
    const plain = await ofPairs({}, anchors, positives);
    const more = await ofPairs({ penalty: 0.3 }, anchors, positives);
    expect(more.value - plain.value).toBeCloseTo(0.3 * lengths, 12);
  });

  it("is exactly 0 of one pair and of none, gradients too, whatever the penalty is", async () => {
    const { rows } = drawBatch(11, 4, 1);
    for (const labels of [
      [0, 0, 1, 2],
      [0, 1, 2, 3],
      [0, 0, 0, 0],
    ]) {
      const { value, gradients } = await evaluate({ name: NAME, penalty: 1 }, { rows, labels });
      expect(value).toBe(0);
      expect(gradients.embeddings!.data.every((slope) => slope === 0)).toBe(true);
    }
  });

  it("stays finite where inner products are large, and is log N where all rows are equal", async () => {
    const large = [
      [300, 0],
      [0, 300],
    ];
    expect((await ofPairs({}, large, [...large].reverse())).value).toBeCloseTo(90_000, 6);
    const equal = [
      [1, 2],
      [1, 2],
      [1, 2],
    ];
    expect((await ofPairs({}, equal, equal)).value).toBeCloseTo(Math.log(3), 12);
  });

  it("tells training what its terms are, and what they are where nothing tells rows apart", async () => {
    const [anchors, positives] = pairsDrawn(11, 5);
    const { monitors, value } = await runBatch({ name: NAME, penalty: 0.5 }, { anchors, positives });
    expect(monitors.chance).toBeCloseTo(Math.log(5), 12);
    expect(monitors.term).toBeCloseTo(crossEntropy(anchors, positives), 11);
    expect(monitors.term).toBeLessThan(value);
    const equal = anchors.map(() => [0.1, 0.2]);
    const collapsed = (await runBatch({ name: NAME }, { anchors: equal, positives: equal })).monitors;
    expect(collapsed.term).toBeCloseTo(collapsed.chance!, 12);
    expect(collapsed.negative).toBeCloseTo(collapsed.positive!, 12);
    // Anchors choose among what is known to differ: one of one other row, the others of none.
    const relations = [
      [0, 1, 0, -1],
      [1, 0, 0, 0],
      [0, 0, 0, 1],
      [-1, 0, 1, 0],
    ];
    const few = await runBatch({ name: NAME }, { embeddings: [[1], [1], [1], [1]], relations });
    expect(few.monitors.chance).toBeCloseTo(few.value, 12);
  });

  it.each([
    [{}, { rows: [[1], [2]] }, "SUPERVISION_MISSING"],
    [{}, { rows: [[1], [2]], labels: [0, 0], relations: relationsOf([0, 0]) }, "SUPERVISION_TWICE"],
  ])("refuses rows of which nothing says how they pair: %#", async (keys, batch, code) => {
    await expect(evaluate({ name: NAME, ...keys }, batch)).rejects.toMatchObject({ code });
  });

  it("refuses pairs beside labels, and a miner where pairs are given", async () => {
    const inputs = { anchors: array([[1]]), positives: array([[1]]), labels: { shape: [1], data: [0] } };
    const both = evaluateLoss({ catalogue, backend: referenceBackend(), loss: { name: NAME }, inputs });
    await expect(both).rejects.toMatchObject({ code: "PAIRS_AMBIGUOUS" });
    await expect(ofPairs({ miner: "all" }, [[1]], [[1]])).rejects.toMatchObject({ code: "MINER_UNUSED" });
  });
});

/** The Bregman divergence of Σ eˣ. */
function lopsided(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, at) => sum + Math.exp(x) - Math.exp(b[at]!) - (x - b[at]!) * Math.exp(b[at]!), 0);
}
