import {
  type Arrays,
  type Backend,
  type Catalogue,
  convert,
  type Dataset,
  type Learner,
  MODEL,
  ndarray,
  type Predictions,
  Predictor,
} from "@semblance/core";

/** A trained model, without the data that it was trained on. */
export interface TrainedModel {
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  readonly model: Pick<Learner, "model" | "shape">;
  readonly state: Arrays;
}

/** Applies a model to rows, once. */
export async function predictRows({ backend, model, state }: TrainedModel, data: Dataset): Promise<Predictions> {
  const predictor = new Predictor(backend, model);
  try {
    await predictor.use(weightsFor(backend, state));
    return await predictor.predict(data.features);
  } finally {
    await predictor.dispose();
  }
}

/** The model's weights in the backend's float: a model may be looked at on another backend than it was trained on. */
export function weightsFor({ float }: Pick<Backend, "float">, state: Arrays): Arrays {
  return Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => name.startsWith(MODEL))
      // A checkpoint keeps its arrays in another order than training does; the exported file should not depend on that.
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { shape, data }]) => [name, ndarray(float, shape, convert(float, data))]),
  );
}
