import {
  type ArgumentDomain,
  bindDivergence,
  type Dataset,
  type Key,
  type NdArray,
  ndarray,
  takeRows,
} from "@semblance/core";
import { type Comparison, predictRows, type TrainedModel } from "@semblance/estimators";
import { evaluateLevelSets, type FunctionCurves, type NeighbourReport } from "@semblance/eval";
import { matrixOf } from "../run/score.js";
import { embeddingsOf } from "../run/score-embeddings.js";
import { type DrawSlices, drawSlices } from "./draw-slices.js";
import type { KnownRelations } from "./known-relations.js";
import { type LearnedFunctions, learnedFunctions } from "./learned-functions.js";

const MOST_POINTS = 600;
const STEPS = 200;

export interface DrawFunctions {
  readonly trained: TrainedModel;
  readonly comparison: Comparison;
  readonly data: Dataset;
  /** [n, d], as the model gives them. */
  readonly embeddings: NdArray;
  readonly known: KnownRelations | undefined;
  readonly key: Key;
}

type Drawn = Pick<NeighbourReport, "levels" | "curves">;
type Evaluate = (rows: NdArray) => Promise<NdArray<"float64">>;

/**
 * φ and the divergence from one row: as level sets over the plane of the embeddings or of the features where either is a plane, as curves where
 * the embedding is a number, and φ along each of more outputs. Nothing elsewhere.
 */
export async function drawFunctions(options: DrawFunctions): Promise<Drawn> {
  const { trained, comparison, data, embeddings, key } = options;
  const width = embeddings.shape[1]!;
  const features = matrixOf(data.features);
  const functions = learnedFunctions(trained, comparison);
  const slices = slicesOf(options, functions);
  if (width > 2 && features.shape[1] !== 2 && !slices) return {};
  const drawn = key.fold("points").permutation(embeddings.shape[0]!).slice(0, MOST_POINTS);
  const anchorRow = drawn.subarray(0, 1);
  const anchor = takeRows(embeddings, anchorRow);
  const scaled = comparison.normalise ? ", embeddings scaled to unit length first" : "";
  const named = namedFunctions(functions, anchor);
  const classes = Array.from(drawn, (row) => options.known?.classes?.of[row] ?? 0);
  try {
    const levels: NonNullable<Drawn["levels"]>[number][] = [];
    const { domain } = bindDivergence(trained.catalogue, comparison.divergence);
    if (width === 2) {
      const points = takeRows(embeddings, drawn);
      const [x, y] = [0, 1].map((axis) => rangeOf(points, axis, domain.first, domain.second)) as [Range, Range];
      for (const { title, evaluate, anchored } of named) {
        const plane = { x, y, points, classes, axes: ["output 1", "output 2"] as const };
        const sets = await evaluateLevelSets({ ...plane, ...(anchored ? { anchor: place(anchor) } : {}), evaluate });
        levels.push({ title: `${title}, over the outputs${scaled}`, ...sets });
      }
    }
    if (features.shape[1] === 2) {
      const points = takeRows(features, drawn);
      const [x, y] = [0, 1].map((axis) => rangeOf(points, axis, "real", "real")) as [Range, Range];
      const [first = "feature 1", second = "feature 2"] = data.columns ?? [];
      const embed: Evaluate = async (rows) => {
        const { shape } = data.features;
        const asData = ndarray("float32", [rows.shape[0]!, ...shape.slice(1)], Float32Array.from(rows.data));
        const { columns: _, labels: __, ids: ___, supervision: ____, ...rest } = data;
        const given = embeddingsOf(await predictRows(trained, { ...rest, features: asData }));
        return ndarray("float64", given.shape, Float64Array.from(given.data));
      };
      const from = place(takeRows(features, anchorRow));
      for (const { title, evaluate, anchored } of named) {
        const plane = { x, y, points, classes, axes: [first, second] as const };
        const pulled = async (rows: NdArray) => await evaluate(await embed(rows));
        const sets = await evaluateLevelSets({ ...plane, ...(anchored ? { anchor: from } : {}), evaluate: pulled });
        levels.push({ title: `${title}, over the features${scaled}`, ...sets });
      }
    }
    const curves = [
      ...(width === 1
        ? await curvesOf(takeRows(embeddings, drawn), classes, named, [domain.first, domain.second])
        : []),
      ...(slices ? [await drawSlices(slices)] : []),
    ];
    return { ...(levels.length > 0 ? { levels } : {}), ...(curves.length > 0 ? { curves } : {}) };
  } finally {
    await functions.dispose();
  }
}

/** Of more outputs than two, unless φ is known: the square, or any on the sphere, where no output moves alone. */
function slicesOf(
  { trained, comparison, embeddings }: DrawFunctions,
  { generator }: LearnedFunctions,
): DrawSlices | undefined {
  const { name, domain } = bindDivergence(trained.catalogue, comparison.divergence);
  if (embeddings.shape[1]! <= 2 || !generator || comparison.normalise || name === "squared-euclidean") return undefined;
  const flat = ndarray("float64", [embeddings.data.length, 1], embeddings.data);
  return { embeddings, generator, range: rangeOf(flat, 0, domain.first, domain.second) };
}

interface NamedFunction {
  readonly title: string;
  readonly evaluate: Evaluate;
  /** Whether it depends on the row that it is measured from. */
  readonly anchored: boolean;
}

function namedFunctions({ generator, from, towards }: LearnedFunctions, anchor: NdArray): NamedFunction[] {
  return [
    ...(generator ? [{ title: "φ", evaluate: generator, anchored: false }] : []),
    { title: "D(row, cross)", evaluate: (rows: NdArray) => from(rows, anchor), anchored: true },
    ...(towards
      ? [{ title: "D(cross, row)", evaluate: (rows: NdArray) => towards(rows, anchor), anchored: true }]
      : []),
  ];
}

async function curvesOf(
  points: NdArray,
  classes: readonly number[],
  functions: readonly NamedFunction[],
  [first, second]: readonly [ArgumentDomain, ArgumentDomain],
): Promise<FunctionCurves[]> {
  const [low, high] = rangeOf(points, 0, first, second);
  const x = Float64Array.from({ length: STEPS + 1 }, (_, step) => low + ((high - low) * step) / STEPS);
  const rows = ndarray("float64", [x.length, 1], x);
  const curves: FunctionCurves[] = [];
  for (const { title, evaluate, anchored } of functions) {
    const named = anchored ? title.replace("cross", points.data[0]!.toPrecision(3)) : title;
    curves.push({
      title: named,
      xLabel: "the output",
      yLabel: named,
      x,
      lines: [{ name: named, y: (await evaluate(rows)).data }],
      points: { x: points.data, classes },
      note: "Marks below are rows, by class.",
    });
  }
  return curves;
}

type Range = readonly [number, number];

const place = ({ data }: NdArray): [number, number] => [data[0]!, data[1]!];

/** What the points cover but for a few outliers, with a margin, inside what either argument may be. */
function rangeOf({ shape, data }: NdArray, axis: number, ...domains: readonly ArgumentDomain[]): Range {
  const width = shape[1]!;
  const sorted = Float64Array.from({ length: shape[0]! }, (_, row) => data[row * width + axis]!).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  const [from, to] = [at(0.01), at(0.99)];
  const margin = to > from ? 0.12 * (to - from) : Math.abs(from) || 1;
  const [low, high] = [from - margin, to + margin];
  const limits = domains.map((domain): Range => {
    switch (domain) {
      case "real":
        return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      case "non-negative":
        return [0, Number.POSITIVE_INFINITY];
      case "positive":
        // Near 0 such a divergence grows beyond all that is to be seen.
        return [Math.max(from / 2, 1e-3 * to), Number.POSITIVE_INFINITY];
      case "unit":
        return [0, 1];
      case "open-unit":
        return [1e-3, 1 - 1e-3];
      default:
        return domain satisfies never;
    }
  });
  return [Math.max(low, ...limits.map(([least]) => least)), Math.min(high, ...limits.map(([, most]) => most))];
}
