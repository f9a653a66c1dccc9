import { type Dataset, type Labels, ndarray, takeRows } from "@semblance/core";

/** Some rows of labelled data, in the order given, with the classes that occur among them. */
export function partOfDataset(data: Dataset & { readonly labels: Labels }, rows: Int32Array): Dataset {
  // A matrix of all pairs belongs to the whole.
  const { affinity: _, ids, labels, features, ...rest } = data;
  const { shape, data: values } = takeRows(features, rows);
  return {
    ...rest,
    features: ndarray("float32", shape, values),
    labels: occurring({ ...labels, indices: rows.map((row) => labels.indices[row]!) }),
    ...(ids ? { ids: Array.from(rows, (row) => ids[row]!) } : {}),
  };
}

function occurring({ indices, names }: Labels): Labels {
  const used = [...new Set(indices)].sort((a, b) => a - b);
  const to = new Map(used.map((label, index) => [label, index]));
  return { indices: indices.map((label) => to.get(label)!), names: used.map((label) => names[label]!) };
}
