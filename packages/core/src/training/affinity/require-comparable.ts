import type { Catalogue, Chosen } from "../../container/catalogue.js";
import { type Dataset, rowsOf } from "../../contracts/dataset.js";
import { ConfigError, DataError } from "../../errors.js";
import { requireAffinity } from "../../evaluation/check-affinity.js";
import { requireTableRows } from "../../evaluation/compute-table.js";
import { placeOf } from "../require-usable-data.js";
import { type Comparison, comparisonOf } from "./comparison.js";

/**
 * Refuses data that the kernel or distance of a loss cannot compare, and a matrix that is missing, wrong or read by nobody.
 *
 * @throws ConfigError AFFINITY_MISSING, AFFINITY_UNUSED; DataError DATA_OUTSIDE_DOMAIN, TOO_MANY_ROWS, and the codes of `requireAffinity`
 */
export function requireComparable(catalogue: Catalogue, loss: Chosen<"loss">, data: Dataset): void {
  const comparison = comparisonOf({ catalogue, loss });
  const given = comparison !== undefined && !comparison.entry.matrix && !comparison.entry.table;
  if (data.affinity && !given) {
    const what = comparison ? `${comparison.kind} "${comparison.entry.name}"` : `loss "${loss.entry.name}"`;
    throw new ConfigError("AFFINITY_UNUSED", `an affinity matrix is given and ${what} would not read it`, {
      where: `loss "${loss.entry.name}" on ${data.name}`,
      fix: comparison ? `Set ${comparison.kind}: precomputed, or leave data.affinity out.` : "Leave data.affinity out.",
    });
  }
  if (!comparison) return;
  const { kind, entry } = comparison;
  if (given) {
    if (!data.affinity) {
      throw new ConfigError("AFFINITY_MISSING", `${kind} "${entry.name}" is a matrix that must be given`, {
        where: `loss "${loss.entry.name}" on ${data.name}`,
        fix: `Name its file (data.affinity: file.npy; in code fit(rows, { affinity })), or choose a ${kind} that is computed from the data.`,
      });
    }
    requireAffinity(data.affinity, { kind, where: `the affinity of ${data.name}`, rows: rowsOf(data) });
    return;
  }
  if (!entry.matrix) requireTableRows(entry, rowsOf(data));
  requireDomain(comparison, data);
}

const SIMPLEX_ROUNDING = 1e-3;

function requireDomain({ kind, entry }: Comparison, data: Dataset): void {
  const { domain = "real" } = entry;
  if (domain === "real") return;
  const values = data.features.data;
  const refuse = (problem: string): never => {
    throw new DataError("DATA_OUTSIDE_DOMAIN", `${kind} "${entry.name}" compares ${problem}`, {
      where: data.name,
      fix: `Shift or rescale the features (data.standardise makes negative numbers), or choose another ${kind}.`,
    });
  };
  const negative = values.findIndex((value) => value < 0);
  if (negative >= 0) refuse(`numbers from 0, and ${placeOf(data, negative)} is ${values[negative]}`);
  if (domain !== "simplex") return;
  const width = values.length / rowsOf(data);
  for (let row = 0; row < rowsOf(data); row++) {
    const sum = values.subarray(row * width, (row + 1) * width).reduce((total, value) => total + value, 0);
    if (Math.abs(sum - 1) > SIMPLEX_ROUNDING) refuse(`rows that sum to 1, and row ${row} sums to ${sum}`);
  }
}
