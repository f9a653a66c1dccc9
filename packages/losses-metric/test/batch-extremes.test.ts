import { Key } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { multiSimilarityByLoops } from "./batch-by-loops.js";
import { BATCH, NAMES, type Name, run, withoutProxies } from "./batch-losses.js";
import { drawBatch, drawRows } from "./evaluate.js";
import { type BatchInputs, relationsOfLabels, runBatch } from "./run-batch.js";

/** −0 is 0. */
const sizesOf = (numbers: readonly number[]) => numbers.map(Math.abs);

describe("a batch with nothing to compare", () => {
  const embeddings = drawRows(Key.fromSeed(8), 5, 3);
  const BATCHES: Record<string, BatchInputs> = {
    "all labels differ": { embeddings, labels: [0, 1, 2, 3, 4] },
    "one class": { embeddings, labels: [2, 2, 2, 2, 2] },
    "one row": { embeddings: embeddings.slice(0, 1), labels: [0] },
    "nothing known": { embeddings, relations: embeddings.map(() => [0, 0, 0, 0, 0]) },
  };
  for (const [what, batch] of Object.entries(BATCHES)) {
    it(`${what}: exactly 0, gradient too, and told`, async () => {
      for (const name of NAMES) {
        if (name === "multi-similarity" && what !== "one row" && what !== "nothing known") continue;
        for (const reduction of ["mean-valid", "mean-nonzero", "sum", "per-anchor"]) {
          const { value, gradients, monitors } = await run(name, batch, { reduction });
          expect(sizesOf([value, ...gradients.embeddings!]), name).toEqual(
            new Array(1 + batch.embeddings!.flat().length).fill(0),
          );
          expect(monitors.tuples, name).toBe(0);
        }
      }
    });
  }

  it("multi-similarity has the part alone that has pairs", async () => {
    for (const labels of [
      [0, 1, 2, 3, 4],
      [2, 2, 2, 2, 2],
    ]) {
      const { value } = await run("multi-similarity", { embeddings, labels });
      expect(value).toBeGreaterThan(0);
      expect(value).toBeCloseTo(multiSimilarityByLoops({ embeddings, labels }, [2, 10, 0.5]), 12);
    }
  });

  it("of pairs, angular needs a second one to have a negative", async () => {
    const one = { anchors: [[1, 2]], positives: [[2, 1]] };
    const { value, gradients } = await run("angular", one);
    expect(sizesOf([value, ...gradients.anchors!, ...gradients.positives!])).toEqual([0, 0, 0, 0, 0]);
  });
});

describe("batch losses stay finite", () => {
  const finite = (numbers: readonly number[], what: string) => {
    for (const number of numbers) expect(number, what).toSatisfy(Number.isFinite);
  };

  it("where rows coincide or are 0", async () => {
    const [a, zero] = [
      [1, 2, -1],
      [0, 0, 0],
    ];
    const embeddings = [a!, a!, a!, zero!, zero!, [2, 4, -2], [-1, 0, 3]];
    for (const name of NAMES) {
      for (const normalise of [true, false]) {
        const { value, gradients } = await run(name, { embeddings, labels: [0, 0, 1, 1, 0, 2, 2] }, { normalise });
        finite([value, ...gradients.embeddings!], `${name}, normalise ${normalise}`);
      }
    }
  });

  it("in float32 at a temperature of 0.01, and at the steepest of the others", async () => {
    const steep: Partial<Record<Name, object>> = {
      "nt-xent": { temperature: 0.01 },
      "sup-con": { temperature: 0.01 },
      "multi-similarity": { beta: 500, alpha: 200 },
      circle: { gamma: 256, margin: 0.25 },
      nca: { scale: 1000 },
      angular: { angle: 85 },
      "lifted-structure": { margin: 1000 },
    };
    for (const name of NAMES) {
      const { value, gradients } = await runBatch({ name: `metric/${name}`, ...steep[name] }, BATCH, "float32");
      finite([value, ...gradients.embeddings!], name);
      const exact = await runBatch({ name: `metric/${name}`, ...steep[name] }, BATCH);
      expect(value / exact.value, name).toBeCloseTo(1, 4);
    }
  });

  it("without an array of triplets", async () => {
    const n = 40;
    const batch = withoutProxies(drawBatch({ seed: 3, n, d: 3, classes: 8 }));
    for (const name of NAMES) {
      // Differences of few columns are formed directly: n·n·d.
      expect((await run(name, batch)).largest, name).toBeLessThanOrEqual(3 * n * n);
    }
  });
});

describe("batch losses tell training", () => {
  it("how many tuples there were, and how far apart rows are", async () => {
    const labels = [0, 0, 0, 1, 1, 2];
    const embeddings = drawRows(Key.fromSeed(4), 6, 3);
    const tuples: Record<Name, number> = {
      "lifted-structure": 4,
      "generalised-lifted": 5,
      angular: 8,
      "multi-similarity": 30,
      "nt-xent": 8,
      "sup-con": 5,
      circle: 5,
      nca: 5,
    };
    for (const name of NAMES) {
      const { monitors } = await run(name, { embeddings, labels });
      expect(monitors.tuples, name).toBe(tuples[name]);
      expect(monitors.positive, name).toBeGreaterThan(0);
      expect(monitors.negative, name).toBeGreaterThan(0);
    }
    expect((await run("lifted-structure", { embeddings, labels })).monitors.margin).toBe(1);
  });
});

describe("batch losses refuse", () => {
  const { embeddings, labels } = BATCH;
  it.each(NAMES)("%s", async (name) => {
    await expect(run(name, { embeddings })).rejects.toMatchObject({ code: "SUPERVISION_MISSING" });
    const both = { embeddings, labels, relations: relationsOfLabels(labels) };
    await expect(run(name, both)).rejects.toMatchObject({ code: "SUPERVISION_TWICE" });
    await expect(run(name, { embeddings: [], labels: [] })).rejects.toMatchObject({ code: "EMBEDDINGS_EMPTY" });
  });

  it.each([
    ["nothing", {}],
    ["anchors alone", { anchors: embeddings }],
    ["rows beside pairs", { embeddings, labels, anchors: embeddings, positives: embeddings }],
    ["labels of pairs", { labels, anchors: embeddings, positives: embeddings }],
  ] as [string, BatchInputs][])("angular of %s", async (_, inputs) => {
    await expect(run("angular", inputs)).rejects.toMatchObject({ code: "ANGULAR_INPUTS" });
  });
});
