import { type NdArray, ndarray, referenceBackend, takeRows } from "@semblance/core";
import {
  evaluateLevelSets,
  type NeighbourReport,
  nearestRows,
  PLANE_METHODS,
  type PlaneMethod,
  projectToPlane,
  samplePairDistances,
} from "../src/index.js";
import { readDigits } from "./digits.js";
import { divergences } from "./divergences.js";

const NAMES: Readonly<Record<PlaneMethod, string>> = { pca: "PCA", "t-sne": "t-SNE", umap: "UMAP" };

/** Neighbours among digits: as they are, and with each drawn towards the mean of its class, in the place of a network. */
export async function sampleNeighbours(methods: readonly PlaneMethod[] = PLANE_METHODS): Promise<NeighbourReport> {
  const all = readDigits();
  const drawn = Int32Array.from({ length: 400 }, (_, row) => row);
  const before = takeRows(all.data, drawn);
  const labels = all.labels.slice(0, drawn.length);
  const after = drawnTogether(before, labels);
  const search = { backend: referenceBackend(), catalogue: divergences, divergence: "euclidean" };
  const picture = (row: number) => ({
    height: 8,
    width: 8,
    pixels: Array.from(before.data.slice(row * 64, row * 64 + 64), (v) => v / 16),
  });
  const item = (row: number) => ({ row, label: `digit ${labels[row]}`, picture: picture(row) });
  const queries = takeRows(after, Int32Array.of(3, 8, 14, 21));
  const { indices, distances } = await nearestRows({ ...search, queries, gallery: after, k: 9 });
  const asBefore = takeRows(before, Int32Array.of(3, 8, 14, 21));
  const earlier = await nearestRows({ ...search, queries: asBefore, gallery: before, k: 9 });
  const foundBy = (result: typeof earlier, at: number, row: number) =>
    Array.from(result.indices.data.subarray(9 * at, 9 * at + 9), (found, rank) => ({
      ...item(found),
      distance: result.distances.data[9 * at + rank]!,
      hit: labels[found] === labels[row],
    })).filter(({ row: found }) => found !== row);
  const plane = await projectToPlane(after, "pca");
  const span = (values: Float64Array) => [Math.min(...values) - 1, Math.max(...values) + 1] as const;
  const views = [];
  for (const method of methods) {
    const [first, second] = [await projectToPlane(before, method), await projectToPlane(after, method)];
    views.push({
      name: NAMES[method],
      before: first,
      after: second,
      classes: Array.from(first.rows, (row) => labels[row]!),
    });
  }
  return {
    sides: { before: "features as they are", after: "features drawn together" },
    views,
    distances: [
      { name: "before", ...(await samplePairDistances({ ...search, embeddings: before, labels, rows: 200 })) },
      { name: "after", ...(await samplePairDistances({ ...search, embeddings: after, labels, rows: 200 })) },
    ],
    sheets: [3, 8, 14, 21].map((row, at) => ({
      query: item(row),
      found: foundBy({ indices, distances }, at, row),
      before: foundBy(earlier, at, row),
    })),
    levels: [
      {
        title: "A function with a saddle",
        ...(await evaluateLevelSets({
          x: span(plane.x),
          y: span(plane.y),
          evaluate: async (rows) =>
            ndarray(
              "float64",
              [rows.shape[0]!],
              Float64Array.from({ length: rows.shape[0]! }, (_, row) => {
                const [x, y] = [rows.data[2 * row]!, rows.data[2 * row + 1]!];
                return x * x - y * y + 8 * x;
              }),
            ),
          points: ndarray(
            "float64",
            [plane.rows.length, 2],
            Array.from(plane.rows).flatMap((_, row) => [plane.x[row]!, plane.y[row]!]),
          ),
          classes: Array.from(plane.rows, (row) => labels[row]!),
          anchor: [2, -5],
        })),
      },
    ],
  };
}

function drawnTogether(data: NdArray<"float64">, labels: readonly number[]): NdArray<"float64"> {
  const width = data.shape[1]!;
  const sums = Array.from({ length: 10 }, () => new Float64Array(width));
  labels.forEach((label, row) => {
    for (let d = 0; d < width; d++) sums[label]![d]! += data.data[row * width + d]!;
  });
  const count = (label: number) => labels.filter((other) => other === label).length;
  const sizes = sums.map((_, label) => count(label));
  return ndarray(
    "float64",
    data.shape,
    data.data.map((value, at) => {
      const label = labels[Math.floor(at / width)]!;
      return 0.55 * value + (0.45 * sums[label]![at % width]!) / sizes[label]!;
    }),
  );
}
