import { DataError, type Labels } from "@semblance/core";

const NAMED_AT_MOST = 5;

/**
 * That labels say of some rows that they belong together, and of others that they do not.
 *
 * @returns warnings: how many classes have one row only, and so no pair of their own
 * @throws DataError ONE_CLASS, NO_CLASS_REPEATED
 */
export function checkLabels({ indices, names }: Labels, where: string): string[] {
  const sizes = new Int32Array(names.length);
  for (const index of indices) sizes[index]! += 1;
  const present = Array.from(sizes.keys()).filter((index) => sizes[index]! > 0);
  if (present.length < 2) {
    throw new DataError("ONE_CLASS", `all ${indices.length} rows are of one class ("${names[present[0] ?? 0]}")`, {
      where,
      fix: "Nothing says which rows do not belong together: give labels of at least two classes.",
    });
  }
  const single = present.filter((index) => sizes[index] === 1);
  if (single.length === present.length) {
    throw new DataError("NO_CLASS_REPEATED", `each of the ${indices.length} rows has a label of its own`, {
      where,
      fix: "Nothing says which rows belong together: name the column of the classes, not one of identifiers.",
    });
  }
  if (single.length === 0) return [];
  const shown = single.slice(0, NAMED_AT_MOST).map((index) => `"${names[index]}"`);
  const rest = single.length - shown.length;
  const which = `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  return [
    `${single.length} of ${present.length} classes ${single.length === 1 ? "has" : "have"} one row (${which}): other rows are told apart from it, and it has nothing to be close to`,
  ];
}
