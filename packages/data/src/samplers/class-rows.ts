import { classesTooFew, labelsNeeded, noPairOfAClass, oneClassOnly } from "../errors/sampler-errors.js";

/** The rows of each class that has some. */
export type ClassRows = readonly Int32Array[];

/**
 * Groups rows by class.
 *
 * @throws ConfigError LABELS_MISSING; DataError ONE_CLASS, without which nothing keeps rows apart
 */
export function classRows(sampler: string, labels: Int32Array | undefined): ClassRows {
  if (!labels) throw labelsNeeded(sampler);
  const groups = new Map<number, number[]>();
  labels.forEach((label, row) => {
    const group = groups.get(label);
    if (group) group.push(row);
    else groups.set(label, [row]);
  });
  if (groups.size < 2) throw oneClassOnly(sampler, labels.length);
  // In the order of classes, so that a batch does not depend on which row comes first.
  return [...groups].sort(([a], [b]) => a - b).map(([, rows]) => Int32Array.from(rows));
}

/**
 * The classes that have at least two rows, of which alone pairs can be made, and a warning that counts the others.
 *
 * @throws DataError NO_PAIRS where no class has two
 */
export function classesWithPairs(sampler: string, classes: ClassRows): { usable: ClassRows; warnings: string[] } {
  const usable = classes.filter(({ length }) => length > 1);
  if (usable.length === 0) throw noPairOfAClass(sampler, classes.length);
  const single = classes.length - usable.length;
  const warnings =
    single === 0
      ? []
      : [`${single} of ${classes.length} classes have a single row, of which sampler "${sampler}" makes no pair`];
  return { usable, warnings };
}

/**
 * How many classes a batch holds: what was asked for, or the usual number where there are as many.
 *
 * @throws ConfigError CLASSES_TOO_FEW
 */
export function classesOfBatch(
  sampler: string,
  {
    asked,
    usual,
    available,
  }: { readonly asked: number | undefined; readonly usual: number; readonly available: number },
): number {
  if (asked !== undefined && asked > available) throw classesTooFew(sampler, asked, available);
  return asked ?? Math.min(usual, available);
}
