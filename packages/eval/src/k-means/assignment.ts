import { type Nearest, nearestCentre } from "./nearest-centre.js";
import { squaredDistance } from "./squared-distance.js";

// Bounds carry rounding of about 1e-14 relative; within this margin a row is compared in full, so that no tie is missed.
const MARGIN = 1 + 1e-9;

/**
 * The nearest centre of every row, kept up to date as the centres move.
 *
 * Two bounds per row, of the distance to its own centre and to all others, loosen by how far the centres moved. A row is
 * compared with all centres only where the bounds meet: on digits about one row in four, with the same result.
 *
 * Source: Hamerly, "Making k-means Even Faster", SDM 2010
 */
export class Assignment {
  readonly labels: Int32Array;
  readonly #own: Float64Array;
  readonly #others: Float64Array;

  constructor(
    private readonly values: Float64Array,
    private readonly width: number,
  ) {
    const rows = values.length / width;
    this.labels = new Int32Array(rows);
    this.#own = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
    this.#others = new Float64Array(rows);
  }

  /** Assigns every row, ties to the lowest index. Tells how many rows changed cluster. */
  update(centres: Float64Array): number {
    const nearest: Nearest = { centre: 0, squared: 0, squaredToNext: 0 };
    let changed = 0;
    for (let row = 0; row < this.labels.length; row++) {
      if (this.#own[row]! * MARGIN < this.#others[row]!) continue;
      if (this.#own[row] !== Number.POSITIVE_INFINITY) {
        this.#own[row] = Math.sqrt(squaredDistance(this.values, row, centres, this.labels[row]!, this.width));
        if (this.#own[row]! * MARGIN < this.#others[row]!) continue;
      }
      nearestCentre(this.values, row, centres, this.width, nearest);
      if (nearest.centre !== this.labels[row]) changed++;
      this.labels[row] = nearest.centre;
      this.#own[row] = Math.sqrt(nearest.squared);
      this.#others[row] = Math.sqrt(nearest.squaredToNext);
    }
    return changed;
  }

  /** Loosens the bounds: centre k moved from `before` to `after` by at most the distance of the two. */
  moved(before: Float64Array, after: Float64Array): void {
    const clusters = before.length / this.width;
    const by = Float64Array.from({ length: clusters }, (_, k) =>
      Math.sqrt(squaredDistance(before, k, after, k, this.width)),
    );
    const most = by.reduce((a, b) => Math.max(a, b), 0);
    for (let row = 0; row < this.labels.length; row++) {
      this.#own[row]! += by[this.labels[row]!]!;
      this.#others[row]! -= most;
    }
  }

  /** Squared distance of every row to its centre. */
  squaredDistances(centres: Float64Array): Float64Array {
    return Float64Array.from(this.labels, (label, row) =>
      squaredDistance(this.values, row, centres, label, this.width),
    );
  }
}
