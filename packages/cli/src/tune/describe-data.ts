import { type Dataset, rowsOf, sizeOf } from "@semblance/core";

/** What was understood of the data, in a line: rows, width, and classes or pairs. */
export function describeData(data: Dataset): string {
  const { name, features, labels, supervision } = data;
  const shape = `${number(rowsOf(data))} rows of ${number(sizeOf(features.shape.slice(1)))} numbers`;
  const known = [
    ...(supervision?.form === "pairs" ? [describePairs(supervision.similarity)] : []),
    ...(labels && !supervision ? [describeClasses(labels.indices, labels.names.length)] : []),
  ];
  return `${name}: ${[shape, ...known].join(", ")}`;
}

function describePairs(similarity: Float32Array): string {
  const same = similarity.filter((value) => value > 0).length;
  const different = similarity.filter((value) => value < 0).length;
  return `${number(similarity.length)} pairs (${number(same)} the same, ${number(different)} different)`;
}

function describeClasses(indices: Int32Array, classes: number): string {
  const sizes = new Int32Array(classes);
  for (const index of indices) sizes[index]! += 1;
  const [least, most] = [sizes.reduce((a, b) => Math.min(a, b)), sizes.reduce((a, b) => Math.max(a, b))];
  const rows = least === most ? `${number(least)} rows each` : `${number(least)} to ${number(most)} rows each`;
  return `${number(classes)} classes of ${rows}`;
}

const number = (value: number) => value.toLocaleString("en");
