import { type Key, type NdArray, ndarray } from "@semblance/core";
import { principalComponents } from "./principal-components.js";
import { rowsAsLists } from "./rows-as-lists.js";

const STEPS = 500;
const PERPLEXITY = 30;
/** Components that stand for the rows: what distances lose by it is noise, and each is computed in a tenth of the time. */
const COMPONENTS = 30;

/**
 * t-distributed stochastic neighbour embedding of rows [n, d] to the plane, by @keckelt/tsne: all pairs, 500 steps.
 *
 * It begins at the first two principal components, made small, where the library would draw places without a seed.
 *
 * Source   van der Maaten, Hinton, "Visualizing Data using t-SNE", JMLR 9 (2008)
 */
export async function tSne(data: NdArray, key: Key): Promise<number[][]> {
  const { TSNE } = await import("@keckelt/tsne");
  const [rows, width] = data.shape as [number, number];
  const components = Math.min(COMPONENTS, rows, width);
  const { scores } = principalComponents(data, components);
  const spread = Math.sqrt(
    scores.data.reduce((sum, value, at) => sum + (at % components === 0 ? value ** 2 : 0), 0) / rows,
  );
  const noise = key.normal(2 * rows);
  const unit = spread || 1;
  const model = new TSNE({
    dim: 2,
    perplexity: Math.min(PERPLEXITY, (rows - 1) / 3),
    epsilon: 10,
  });
  // Scaled: the library looks for its bandwidths near 1 and squares what it is given.
  model.initDataRaw(
    rowsAsLists(
      ndarray(
        "float64",
        scores.shape,
        scores.data.map((value) => value / unit),
      ),
    ),
  );
  const start = model.getSolution();
  for (let row = 0; row < rows; row++) {
    for (let axis = 0; axis < 2; axis++) {
      const component = axis < components ? scores.data[row * components + axis]! / unit : 0;
      // A breath of noise parts rows that coincide.
      start[row]![axis] = 1e-4 * component + 1e-6 * noise[2 * row + axis]!;
    }
  }
  for (let step = 0; step < STEPS; step++) model.step();
  return model.getSolution().map((place: ArrayLike<number>) => [place[0]!, place[1]!]);
}
