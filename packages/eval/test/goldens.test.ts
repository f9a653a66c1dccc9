import { type MeasureInputs, ndarray } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { measures } from "../src/index.js";
import { missing, readShared } from "./shared.js";

interface GoldenArray {
  readonly shape: number[];
  readonly data: number[];
}
interface GoldenCase {
  readonly id: string;
  readonly name: string;
  readonly config?: Record<string, unknown>;
  readonly inputs: Record<string, GoldenArray>;
  readonly expected: { readonly value: number };
  readonly tolerance: { readonly float64: number };
}

const FILE = "goldens/measures.json";
const absent = missing(FILE);
const LABELS = ["truth", "predicted", "labels", "galleryLabels"];

const inputsOf = (inputs: Record<string, GoldenArray>): MeasureInputs =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [
      name,
      LABELS.includes(name) ? data : ndarray("float64", shape, data),
    ]),
  );

describe.skipIf(absent !== undefined)(`golden measures${absent === undefined ? "" : ` (skipped: ${absent})`}`, () => {
  const cases = absent === undefined ? (JSON.parse(readShared(FILE)) as GoldenCase[]) : [];
  const byName = new Map(measures.map((measure) => [measure.name, measure]));

  it("names only measures that exist, and covers every one of them", () => {
    expect([...new Set(cases.map((golden) => golden.name))].sort()).toEqual([...byName.keys()].sort());
  });

  it.each(cases.map((golden) => [golden.id, golden] as const))("%s", (_, golden) => {
    const measure = byName.get(golden.name)!;
    const got = measure.compute(inputsOf(golden.inputs), measure.config.parse(golden.config ?? {}));
    const error = Math.abs(got - golden.expected.value) / Math.max(1, Math.abs(golden.expected.value));
    expect(error, `got ${got}, expected ${golden.expected.value}`).toBeLessThanOrEqual(golden.tolerance.float64);
  });
});
