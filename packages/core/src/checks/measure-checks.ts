import { type NdArray, ndarray, takeRows } from "../arrays/nd-array.js";
import type { Measure, MeasureInputs, MeasureNeeds } from "../contracts/measure.js";
import { Key } from "../random/key.js";
import { requireCoded, requireRefused, requireThat } from "./assertions.js";
import { type Check, CheckFailedError } from "./check.js";
import { type ExampleConfig, entryChecks, examplesOf, groupOf, settled } from "./entry-checks.js";

const ROWS = 24;
const CLASSES = 3;
const WIDTH = 4;

/** What a measure is drawn: by what it needs. */
const draws: { readonly [Needs in MeasureNeeds]: (key: Key, rows: number) => MeasureInputs } = {
  partition: (key, rows) => ({
    truth: labels(key.fold("truth"), rows),
    predicted: labels(key.fold("predicted"), rows),
  }),
  predictions: (key, rows) => ({ predicted: labels(key, rows) }),
  posteriors: (key, rows) => ({ posteriors: posteriors(key, rows) }),
  embeddings: (key, rows) => ({
    embeddings: ndarray("float64", [rows, WIDTH], key.fold("rows").normal(rows * WIDTH)),
    labels: labels(key.fold("labels"), rows),
  }),
};

const labels = (key: Key, rows: number) => key.permutation(rows).map((rank) => rank % CLASSES);

function posteriors(key: Key, rows: number): NdArray {
  const weights = key.uniform(rows * CLASSES, 0.1, 1);
  const data = weights.map((weight, at) => {
    const start = at - (at % CLASSES);
    return weight / (weights[start]! + weights[start + 1]! + weights[start + 2]!);
  });
  return ndarray("float64", [rows, CLASSES], data);
}

/**
 * What every measure owes, for each example configuration: a finite number on drawn inputs, the same whatever the order of the rows and
 * (of partitions) the names of the classes, a best value for what is perfect, inputs left as they were, and coded refusals.
 */
export function measureChecks(
  measure: Measure,
  options: { readonly examples?: readonly ExampleConfig[] } = {},
): Check[] {
  const group = groupOf(measure);
  const checks = entryChecks(measure, options.examples);
  const key = Key.fromSeed(20_260_107).fold(measure.name);
  const drawn = (rows = ROWS) => draws[measure.needs](key, rows);
  for (const example of examplesOf(measure, options.examples)) {
    const suffix = Object.keys(example).length > 0 ? ` with ${JSON.stringify(example)}` : "";
    const compute = (inputs: MeasureInputs) => measure.compute(inputs, settled(measure, example));
    const add = (title: string, run: () => Promise<void>) => checks.push({ group, title: title + suffix, run });
    const same = (got: number, expected: number, what: string, fix: string) =>
      requireThat(
        Math.abs(got - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
        "CHECK_LAW_BROKEN",
        `${group} is ${expected}, and ${got} ${what}`,
        { where: group, fix },
      );

    add("is finite, repeats itself and changes no input", async () => {
      const inputs = drawn();
      const value = compute(inputs);
      requireThat(Number.isFinite(value), "CHECK_NOT_FINITE", `${group} is ${value} on drawn inputs`, { where: group });
      requireThat(
        JSON.stringify(written(inputs)) === JSON.stringify(written(drawn())),
        "CHECK_INPUT_MUTATED",
        `${group} writes into what it is given`,
        { where: group, fix: "Sort and normalise copies." },
      );
      requireThat(
        compute(drawn()) === value,
        "CHECK_NOT_DETERMINISTIC",
        `${group} gives another number when asked again`,
        { where: group },
      );
    });
    add("does not see the order of the rows", async () => {
      const order = key.fold("order").permutation(ROWS);
      same(
        compute(mapInputs(drawn(), (rows) => pick(rows, order))),
        compute(drawn()),
        "with rows in another order",
        "Let no result depend on which row comes first.",
      );
    });
    if (measure.needs === "partition") {
      add("does not see the names of classes and clusters", async () => {
        const renamed = (list: ArrayLike<number>) => Int32Array.from(list, (label) => (label + 1) % CLASSES);
        const { truth, predicted } = drawn() as Required<Pick<MeasureInputs, "truth" | "predicted">>;
        same(
          compute({ truth: renamed(truth), predicted }),
          compute(drawn()),
          "with classes renamed",
          "Compare who is together, not what it is called.",
        );
        same(
          compute({ truth, predicted: renamed(predicted) }),
          compute(drawn()),
          "with clusters renamed",
          "Compare who is together, not what it is called.",
        );
      });
      add("is at its best for the classes themselves", async () => {
        const { truth } = drawn();
        const [best, usual] = [compute({ truth: truth!, predicted: truth! }), compute(drawn())];
        requireThat(
          measure.higherIsBetter ? best >= usual : best <= usual,
          "CHECK_LAW_BROKEN",
          `${group} is ${best} for the classes themselves and ${usual} for drawn ones`,
          { where: group, fix: "Say in `higherIsBetter` which way is better." },
        );
      });
    }
    add("is finite or refused on no row, one row and a single class", async () => {
      const single = mapInputs(drawn(), (rows) => (isArray(rows) ? rows : Int32Array.from(rows, () => 0)));
      for (const [inputs, what] of [
        [drawn(0), "no row"],
        [drawn(1), "one row"],
        [single, "a single class"],
      ] as const) {
        let value: number | undefined;
        try {
          value = compute(inputs);
        } catch (error) {
          if (error instanceof CheckFailedError) throw error;
          requireCoded(error, `${group} on ${what}`);
        }
        requireThat(
          value === undefined || Number.isFinite(value),
          "CHECK_NOT_FINITE",
          `${group} on ${what} is ${value}`,
          {
            where: group,
            fix: "Define the value there, or refuse with a coded error.",
          },
        );
      }
    });
    add("refuses what it cannot measure", async () => {
      await requireRefused(() => compute({}), {}, `${group} without inputs`);
      for (const [name, value] of Object.entries(drawn())) {
        if (!isArray(value)) continue;
        const spoilt = {
          ...value,
          data: value.data.map((element, at) => (at === 1 ? Number.NaN : element)) as NdArray["data"],
        };
        await requireRefused(() => compute({ ...drawn(), [name]: spoilt }), {}, `${group} with NaN in ${name}`);
      }
      if (Object.keys(drawn()).length < 2) return;
      for (const [name, value] of Object.entries(drawn())) {
        if (isArray(value)) continue;
        const shorter = Int32Array.from(value).subarray(1);
        await requireRefused(
          () => compute({ ...drawn(), [name]: shorter }),
          {},
          `${group} with a row too few in ${name}`,
        );
      }
    });
  }
  return checks;
}

type Rows = NdArray | ArrayLike<number>;

const isArray = (rows: Rows): rows is NdArray => "shape" in rows;

function mapInputs(inputs: MeasureInputs, f: (rows: Rows) => Rows): MeasureInputs {
  return Object.fromEntries(Object.entries(inputs).map(([name, rows]) => [name, f(rows as Rows)]));
}

const pick = (rows: Rows, order: Int32Array): Rows =>
  isArray(rows) ? takeRows(rows, order) : Int32Array.from(order, (row) => rows[row]!);

const written = (inputs: MeasureInputs) =>
  Object.entries(inputs).map(([name, rows]) => [
    name,
    Array.from(isArray(rows as Rows) ? (rows as NdArray).data : (rows as ArrayLike<number>)),
  ]);
