import { type Dataset, type Labels, ndarray, takeRows } from "@semblance/core";
import { withoutEmptyClasses } from "@semblance/data/portable";

/** Some rows of labelled data, in the order given, with the classes that occur among them. */
export function partOfDataset(data: Dataset & { readonly labels: Labels }, rows: Int32Array): Dataset {
  // A matrix of all pairs belongs to the whole.
  const { affinity: _, ids, labels, features, ...rest } = data;
  const { shape, data: values } = takeRows(features, rows);
  return {
    ...rest,
    features: ndarray("float32", shape, values),
    labels: withoutEmptyClasses({ ...labels, indices: rows.map((row) => labels.indices[row]!) }),
    ...(ids ? { ids: Array.from(rows, (row) => ids[row]!) } : {}),
  };
}
