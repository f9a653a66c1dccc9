import type { Labels } from "@semblance/core";
import { labelEmpty, labelNotFinite } from "../errors/dataset-errors.js";
import { parseDecimal } from "../formats/decimal.js";

/**
 * Numbers the classes. Names are sorted, by value when every one is a number, else by code unit; numbers of equal value are
 * one class (1 and 1.0), called as it was first spelled.
 *
 * Errors   LABEL_EMPTY, LABEL_NOT_FINITE
 */
export function toLabels(values: readonly string[] | ArrayLike<number>, whereRow: (row: number) => string): Labels {
  const spelled = Array.from(values as ArrayLike<string | number>, (value, row) => {
    if (typeof value === "number" && !Number.isFinite(value)) throw labelNotFinite(whereRow(row), value);
    // −0 is printed as 0, so both are one class.
    const name = String(value).trim();
    if (name === "") throw labelEmpty(whereRow(row));
    return name;
  });
  const distinct = [...new Set(spelled)];
  const numeric = distinct.every((name) => !Number.isNaN(parseDecimal(name)));
  const classOf = new Map<string | number, string>();
  const keyOf = (name: string) => (numeric ? Number(name) : name);
  for (const name of distinct) if (!classOf.has(keyOf(name))) classOf.set(keyOf(name), name);
  // Code units, not a locale: the order of classes must not depend on the machine.
  const keys = [...classOf.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const indexOf = new Map(keys.map((key, index) => [key, index]));
  return {
    indices: Int32Array.from(spelled, (name) => indexOf.get(keyOf(name))!),
    names: keys.map((key) => classOf.get(key)!),
  };
}
