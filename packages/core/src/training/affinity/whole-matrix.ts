import { convert } from "../../arrays/dtype.js";
import { type NdArray, ndarray } from "../../arrays/nd-array.js";
import type { Backend, Executable } from "../../contracts/backend.js";
import type { PairTable } from "../../contracts/pair-table.js";
import { requireFiniteMatrix } from "../../evaluation/require-finite-matrix.js";
import { spec, trace } from "../../ir/program.js";
import type { Comparison } from "./comparison.js";

/** Rows of a tile: small enough that near rows of few features are subtracted, not multiplied out. */
const TILE = 512;

export interface WholeMatrixOptions {
  readonly backend: Backend;
  /** What compares, its configuration settled. */
  readonly comparison: Comparison;
  /** [n, d] */
  readonly data: NdArray;
  /** What the data are called. */
  readonly where: string;
  readonly tile?: number;
}

/**
 * A kernel or distance between all rows, in float32: the backend computes a tile [t, t] of the upper triangle at a time, and the lower one
 * mirrors it, so that the matrix is exactly symmetric.
 *
 * @throws DataError AFFINITY_NOT_FINITE naming the two rows
 */
export async function wholeMatrix(options: WholeMatrixOptions): Promise<PairTable> {
  const { comparison, data, where, tile = TILE } = options;
  const n = data.shape[0]!;
  const matrix = new Float32Array(n * n);
  const tiles = new Tiles(options);
  try {
    for (let top = 0; top < n; top += tile) {
      for (let left = top; left < n; left += tile) {
        const values = await tiles.compare([top, Math.min(n, top + tile)], [left, Math.min(n, left + tile)]);
        placeTile(matrix, n, { top, left, values });
      }
    }
  } finally {
    await tiles.dispose();
  }
  if (comparison.kind === "distance") for (let i = 0; i < n; i++) matrix[i * n + i] = 0;
  requireFiniteMatrix(matrix, n, { ...comparison, where });
  return { shape: [n, n], data: matrix };
}

/**
 * Tries a comparison that is left to the batches on those rows where it is most likely to overflow.
 *
 * @throws DataError AFFINITY_NOT_FINITE naming the two rows
 */
export async function tryLargestRows(options: WholeMatrixOptions): Promise<void> {
  const { comparison, data, where } = options;
  const [n, width] = [data.shape[0]!, data.shape[1]!];
  const lengths = Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let c = i * width; c < (i + 1) * width; c++) sum += data.data[c]! ** 2;
    return sum;
  });
  const rows = Int32Array.from(lengths.keys())
    .sort((a, b) => lengths[b]! - lengths[a]! || a - b)
    .slice(0, 32);
  const chosen = new Float32Array(rows.length * width);
  rows.forEach((row, k) => chosen.set(data.data.subarray(row * width, (row + 1) * width), k * width));
  const tiles = new Tiles({ ...options, data: ndarray("float32", [rows.length, width], chosen) });
  try {
    const { data: values } = await tiles.compare([0, rows.length], [0, rows.length]);
    requireFiniteMatrix(values, rows.length, { ...comparison, where, rows });
  } finally {
    await tiles.dispose();
  }
}

type Range = readonly [start: number, end: number];

/** Compares ranges of rows on a backend; one program for each pair of extents. */
class Tiles {
  readonly #executables = new Map<string, Promise<Executable>>();

  constructor(private readonly options: Pick<WholeMatrixOptions, "backend" | "comparison" | "data">) {}

  async compare(rows: Range, columns: Range): Promise<NdArray> {
    const same = rows[0] === columns[0] && rows[1] === columns[1];
    const [x, y] = [this.#rows(rows), this.#rows(columns)];
    const executable = await this.#executable(x.shape[0]!, y.shape[0]!, same);
    return (await executable.run(same ? { x } : { x, y })).matrix!;
  }

  #rows([start, end]: Range): NdArray {
    const { data, backend } = this.options;
    const width = data.shape[1]!;
    const part = data.data.subarray(start * width, end * width);
    return ndarray(backend.float, [end - start, width], convert(backend.float, part));
  }

  #executable(rows: number, columns: number, same: boolean): Promise<Executable> {
    const name = `${rows} ${columns} ${same}`;
    const known = this.#executables.get(name);
    if (known) return known;
    const { backend, data, comparison } = this.options;
    const { entry, config } = comparison;
    const width = data.shape[1]!;
    const x = spec(backend.float, [rows, width]);
    const compiled = backend.compile(
      trace({
        name: `compare by ${entry.name}`,
        inputs: same ? { x } : { x, y: spec(backend.float, [columns, width]) },
        build: (fed) => ({ outputs: { matrix: entry.matrix!(fed.x!, same ? fed.x! : fed.y!, config) } }),
      }),
    );
    this.#executables.set(name, compiled);
    return compiled;
  }

  async dispose(): Promise<void> {
    for (const executable of await Promise.allSettled(this.#executables.values())) {
      if (executable.status === "fulfilled") await executable.value.dispose();
    }
  }
}

interface PlacedTile {
  readonly top: number;
  readonly left: number;
  readonly values: NdArray;
}

function placeTile(matrix: Float32Array, n: number, { top, left, values }: PlacedTile): void {
  const [rows, columns] = [values.shape[0]!, values.shape[1]!];
  for (let i = 0; i < rows; i++) {
    for (let j = top === left ? i : 0; j < columns; j++) {
      const value = values.data[i * columns + j]!;
      matrix[(top + i) * n + left + j] = value;
      matrix[(left + j) * n + top + i] = value;
    }
  }
}
