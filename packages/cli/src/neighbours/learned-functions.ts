import {
  bindDivergence,
  convert,
  divergenceWeights,
  type NdArray,
  ndarray,
  normalise,
  spec,
  type TensorSpec,
  trace,
} from "@semblance/core";
import { Comparer, type Comparison, type TrainedModel } from "@semblance/estimators";

/** What was learned, as functions of embeddings [n, d] → [n]. */
export interface LearnedFunctions {
  /** φ, of a divergence that has one. */
  readonly generator?: (rows: NdArray) => Promise<NdArray<"float64">>;
  /** D(row, anchor). */
  readonly from: (rows: NdArray, anchor: NdArray) => Promise<NdArray<"float64">>;
  /** D(anchor, row), where it is another number. */
  readonly towards?: (rows: NdArray, anchor: NdArray) => Promise<NdArray<"float64">>;
  dispose(): Promise<void>;
}

/** The functions that a comparison with learned weights consists of, computed on the model's backend. */
export function learnedFunctions(
  { catalogue, backend, state }: TrainedModel,
  comparison: Comparison,
): LearnedFunctions {
  const weights = divergenceWeights(state);
  const comparer = new Comparer({ catalogue, backend, comparison, weights });
  const { symmetric, generator } = bindDivergence(catalogue, comparison.divergence);
  const asRow = ({ data, shape }: NdArray<"float64">) => ndarray("float64", [shape[0]!], data);
  const between = (order: "anchor-first" | "anchor-second") => async (rows: NdArray, anchor: NdArray) =>
    asRow(await comparer.matrix(rows, anchor, order));
  return {
    ...(generator ? { generator: (rows) => evaluateGenerator(rows) } : {}),
    from: between("anchor-first"),
    ...(symmetric ? {} : { towards: between("anchor-second") }),
    dispose: () => comparer.dispose(),
  };

  async function evaluateGenerator(rows: NdArray): Promise<NdArray<"float64">> {
    const { float } = backend;
    const inFloat = ({ shape, data }: NdArray) => ndarray(float, shape, convert(float, data));
    const fed = {
      [ROWS]: inFloat(rows),
      ...Object.fromEntries(Object.entries(weights).map(([name, array]) => [WEIGHT + name, inFloat(array)])),
    };
    const program = trace({
      name: "generator",
      inputs: Object.fromEntries(
        Object.entries(fed).map(([name, { shape }]) => [name, spec(float, shape)]),
      ) as Readonly<Record<string, TensorSpec>>,
      build: (given) => {
        const own = Object.fromEntries(Object.keys(weights).map((name) => [name, given[WEIGHT + name]!]));
        const x = given[ROWS]!;
        const { generator: phi } = bindDivergence(catalogue, comparison.divergence, own);
        return { outputs: { values: phi!(comparison.normalise ? normalise(x) : x) } };
      },
    });
    const executable = await backend.compile(program);
    try {
      const { values } = await executable.run(fed);
      return ndarray("float64", [rows.shape[0]!], Float64Array.from(values!.data));
    } finally {
      await executable.dispose();
    }
  }
}

const ROWS = "rows";
const WEIGHT = "weight/";
