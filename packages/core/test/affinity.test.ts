import { describe, expect, it } from "vitest";
import { type Dataset, ndarray, referenceBackend, type TrainingEvent, type TrainOptions, train } from "../src/index.js";
import { comparisonOf } from "../src/training/affinity/comparison.js";
import { planAffinity } from "../src/training/affinity/plan-affinity.js";
import { prepareAffinity } from "../src/training/affinity/prepare-affinity.js";
import { wholeMatrix } from "../src/training/affinity/whole-matrix.js";
import { type Compared, comparingLearner, plainDistances } from "./comparing-learner.js";
import { MemoryStore } from "./memory-store.js";
import { tinyData, tinyLearner } from "./tiny-learner.js";

const FAR = { distance: "far" };
const withAffinity = (data: Dataset = tinyData()): Dataset => ({ ...data, affinity: plainDistances(data.features) });

function options(compared: Compared, more: Partial<TrainOptions> = {}): TrainOptions {
  const data = more.data ?? tinyData();
  const learner = comparingLearner(compared, data);
  return {
    backend: referenceBackend(),
    learner,
    data,
    sampler: learner.catalogue.choose("sampler", "shuffled"),
    schedule: learner.catalogue.choose("schedule", "constant"),
    learningRate: 0.05,
    epochs: 5,
    seed: 7,
    run: "job",
    ...more,
  };
}

async function told(given: TrainOptions) {
  const events: TrainingEvent[] = [];
  const result = await train({ ...given, onEvent: (event) => events.push(event) });
  const messages = (type: "note" | "warning") =>
    events.flatMap((event) => (event.type === type ? [(event as { message: string }).message] : []));
  return { ...result, events, notes: messages("note"), warnings: messages("warning") };
}

describe("planning what is computed once", () => {
  const plan = (compared: Compared, more: { rows?: number; limit?: number; timesEachPair?: number } = {}) => {
    const data = "distance" in compared && compared.distance === "given" ? withAffinity() : tinyData();
    const comparison = comparisonOf(comparingLearner(compared, data))!;
    return planAffinity(comparison, { rows: 5000, limit: 2 ** 30, timesEachPair: 5, ...more });
  };

  it.each([
    [
      FAR,
      {},
      "whole",
      'distance "far" is computed once for all 5,000 rows: 95.4 MiB, within the limit of 1 GiB (affinityLimit)',
    ],
    [
      FAR,
      { rows: 60_000 },
      "batch",
      'distance "far" is computed per batch: for all 60,000 rows it would take 13.4 GiB, more than the limit of 1 GiB (affinityLimit)',
    ],
    [
      FAR,
      { timesEachPair: 0.25 },
      "batch",
      'distance "far" is computed per batch: the run compares each pair of its 5,000 rows 0.25 times on average, so that all pairs would be more work',
    ],
    [
      { kernel: "inner" },
      {},
      "features",
      'kernel "inner" is computed per batch from its features, which needs no matrix',
    ],
    [
      { distance: "tabled" },
      { limit: 0 },
      "table",
      'distance "tabled" is computed once for all 5,000 rows: only all of them together define it',
    ],
    [{ distance: "given" }, { limit: 0 }, "given", 'distance "given": the given matrix of all 5,000 rows'],
  ] as const)("%j, %j", (compared, more, way, note) => {
    expect(plan(compared, more)).toEqual({ way, note });
  });

  it("takes a matrix that fills the limit exactly", () => {
    expect(plan(FAR, { rows: 8, limit: 256 }).way).toBe("whole");
    expect(plan(FAR, { rows: 8, limit: 255 }).way).toBe("batch");
  });
});

describe("a matrix over the whole data set", () => {
  it.each([1, 3, 7, 16, 50, 512])("is put together from tiles of %i rows", async (tile) => {
    const { features } = tinyData();
    const comparison = comparisonOf(comparingLearner(FAR))!;
    const matrix = await wholeMatrix({ backend: referenceBackend(), comparison, data: features, where: "rows", tile });
    const expected = plainDistances(features);
    expect(matrix.shape).toEqual([50, 50]);
    expect(Math.max(...matrix.data.map((value, at) => Math.abs(value - expected.data[at]!)))).toBeLessThan(1e-6);
    expect(matrix.data.every((value, at) => value === matrix.data[(at % 50) * 50 + Math.floor(at / 50)])).toBe(true);
  });
});

describe("training on comparisons", () => {
  it("is the same once, per batch, by a table and with the matrix given", async () => {
    const once = await told(options(FAR));
    const others = [
      await told(options(FAR, { affinityLimit: 0 })),
      await told(options({ distance: "tabled" })),
      await told(options({ distance: "given" }, { data: withAffinity() })),
    ];
    expect(once.losses.at(-1)!).toBeLessThan(once.losses[0]! - 0.1);
    for (const { losses } of others) {
      losses.forEach((loss, epoch) => expect(loss).toBeCloseTo(once.losses[epoch]!, 5));
    }
  });

  it("tells what was decided before it starts, in its events and in its metrics", async () => {
    const store = new MemoryStore();
    const { events, notes, warnings } = await told(options({ distance: "tabled" }, { store }));
    expect(notes).toEqual([expect.stringContaining("only all of them together define it")]);
    expect(warnings).toEqual(["these data are for tests"]);
    expect(events.map(({ type }) => type).indexOf("start")).toBe(2);
    expect(JSON.parse(store.lines[0]!)).toEqual({ note: notes[0] });
  });

  it("says nothing where the loss compares no rows", async () => {
    const learner = tinyLearner();
    const prepared = { learner, backend: referenceBackend(), data: tinyData(), timesEachPair: 9 };
    expect(await prepareAffinity(prepared)).toBeUndefined();
  });

  it("uses what was settled for all rows in every batch, fed or not", async () => {
    const widest = Math.max(...tinyData().features.data);
    const settled = await told(options({ kernel: { name: "similar", scale: "widest" } }, { affinityLimit: 0 }));
    const number = await told(options({ kernel: { name: "similar", scale: 1 / widest } }, { affinityLimit: 0 }));
    const once = await told(options({ kernel: { scale: "widest", name: "similar" } }));
    expect(settled.losses).toEqual(number.losses);
    once.losses.forEach((loss, epoch) => expect(loss).toBeCloseTo(number.losses[epoch]!, 5));
    expect(settled.notes[1]).toBe(`the widest of 50 rows is ${widest.toFixed(2)}`);
  });

  it.each([
    ["once", FAR, {}],
    ["by a table", { distance: "tabled" }, {}],
    ["per batch", FAR, { affinityLimit: 100 }],
  ])("goes on to the same bytes after an interruption, computed %s", async (_, compared, more) => {
    const whole = new MemoryStore();
    await train(options(compared, { ...more, store: whole }));

    const broken = new MemoryStore();
    const stop = new AbortController();
    const stopAtSeven = (event: TrainingEvent) => {
      if (event.type === "step" && event.step === 7) stop.abort();
    };
    const first = options(compared, { ...more, store: broken, signal: stop.signal, onEvent: stopAtSeven });
    expect((await train(first)).reason).toBe("interrupted");
    await train(options(compared, { ...more, store: broken, resume: true }));
    expect(broken.lines).toEqual(whole.lines);
    expect(broken.checkpoints.at(-1)).toEqual(whole.checkpoints.at(-1));
  });
});

describe("before training starts", () => {
  const affinityOf = (change: (matrix: Float32Array) => void): Dataset => {
    const data = withAffinity();
    change(data.affinity!.data as Float32Array);
    return data;
  };
  const { affinity } = withAffinity();
  const columns = ["width", "height"];
  const nan: Dataset = { ...tinyData(), columns };
  nan.features.data[7] = Number.NaN;

  it.each([
    ["no matrix for one that must be given", "given", tinyData(), "AFFINITY_MISSING"],
    ["a matrix that nothing reads", "far", withAffinity(), "AFFINITY_UNUSED"],
    ["a matrix for a loss that compares nothing", undefined, withAffinity(), "AFFINITY_UNUSED"],
    [
      "a matrix that is not square",
      "given",
      { ...tinyData(), affinity: { ...affinity!, shape: [25, 100] } },
      "AFFINITY_NOT_SQUARE",
    ],
    [
      "a matrix of other rows",
      "given",
      { ...tinyData(), affinity: { shape: [2, 2], data: new Float32Array(4) } },
      "AFFINITY_ROWS",
    ],
    ["a negative distance", "given", affinityOf((matrix) => matrix.fill(-1)), "AFFINITY_NEGATIVE"],
    ["an asymmetric distance", "given", affinityOf((matrix) => matrix.fill(3, 1, 2)), "AFFINITY_ASYMMETRIC"],
    ["a distance that is NaN", "given", affinityOf((matrix) => matrix.fill(Number.NaN, 5, 6)), "AFFINITY_NOT_FINITE"],
    ["a similarity for a distance", "given", affinityOf((matrix) => matrix.fill(1)), "AFFINITY_DIAGONAL"],
    ["data that are NaN", "far", nan, "DATA_NOT_FINITE"],
    ["too many rows for a table", "tabled", manyRows(), "TOO_MANY_ROWS"],
  ])("refuses %s", (_, distance, data, code) => {
    const make = () => comparingLearner(distance === undefined ? {} : { distance }, data);
    expect(make).toThrowError(expect.objectContaining({ code }));
  });

  it("names row and column of what cannot be used", () => {
    const message = (make: () => unknown) => {
      try {
        make();
      } catch (error) {
        return (error as Error).message;
      }
      return "nothing was thrown";
    };
    expect(message(() => comparingLearner(FAR, nan))).toBe('row 3, column 1 ("height") is NaN');
    expect(message(() => comparingLearner({ kernel: "positive" }))).toMatch(
      /^kernel "positive" compares numbers from 0, and row 2, column 0 is -2.5/,
    );
    expect(
      message(() =>
        comparingLearner(
          { distance: "given" },
          affinityOf((matrix) => matrix.fill(3, 1, 2)),
        ),
      ),
    ).toBe(`row 1, column 0 is ${affinity!.data[50]} and row 0, column 1 is 3`);
  });

  it.each([
    ["once", 2 ** 20],
    ["per batch", 0],
  ])("refuses comparisons that are not finite, computed %s", async (_, affinityLimit) => {
    const { features } = tinyData();
    const data: Dataset = {
      name: "positive",
      features: ndarray(
        "float32",
        features.shape,
        features.data.map((value) => Math.abs(value) + 5),
      ),
    };
    const events: TrainingEvent[] = [];
    const run = train(options({ kernel: "steep" }, { data, affinityLimit, onEvent: (event) => events.push(event) }));
    await expect(run).rejects.toMatchObject({
      code: "AFFINITY_NOT_FINITE",
      message: expect.stringMatching(/^kernel "steep" of rows \d+ and \d+ is Infinity$/),
    });
    expect(events).toEqual([]);
  });

  it("refuses other data than the learner was made with", async () => {
    const given = options({ distance: "given" }, { data: withAffinity() });
    await expect(train({ ...given, data: tinyData() })).rejects.toMatchObject({ code: "AFFINITY_ROWS" });
  });
});

function manyRows(): Dataset {
  return { name: "many", features: ndarray("float32", [61, 2], new Float32Array(122)) };
}
