/** For each of some queries the best rows of the gallery so far: ascending by score, ties by lower index. */
export class CandidateLists {
  readonly scores: Float64Array;
  readonly indices: Int32Array;
  readonly counts: Int32Array;
  readonly #scores: Float64Array;
  readonly #indices: Int32Array;

  /** What a candidate takes in bytes. */
  static readonly CANDIDATE_BYTES = 12;

  constructor(
    lists: number,
    /** How many candidates a list keeps. */
    readonly keep: number,
  ) {
    this.scores = new Float64Array(lists * keep);
    this.indices = new Int32Array(lists * keep);
    this.counts = new Int32Array(lists);
    this.#scores = new Float64Array(keep);
    this.#indices = new Int32Array(keep);
  }

  /**
   * Merges the best of a later chunk of the gallery into a list.
   *
   * @param found its scores, ascending, ties by lower place, and their places in the chunk, both from `at` on
   * @param chunk `start` is the row of the chunk's place 0; rows before `from` were merged earlier and are passed over, as is `excluded`
   */
  merge(
    list: number,
    found: { readonly scores: ArrayLike<number>; readonly places: ArrayLike<number>; at: number; count: number },
    chunk: { readonly start: number; readonly from: number; readonly excluded: number },
  ): void {
    const { keep, scores, indices } = this;
    const base = list * keep;
    const held = this.counts[list]!;
    let [mine, theirs, filled] = [0, 0, 0];
    while (filled < keep) {
      while (theirs < found.count && passedOver(found.places[found.at + theirs]! + chunk.start, chunk)) theirs++;
      const [more, other] = [mine < held, theirs < found.count];
      if (!more && !other) break;
      // On ties the earlier chunk wins: its indices are lower. A score that is not a number counts as the worst.
      if (more && (!other || !(found.scores[found.at + theirs]! < scores[base + mine]!))) {
        this.#scores[filled] = scores[base + mine]!;
        this.#indices[filled++] = indices[base + mine++]!;
      } else {
        this.#scores[filled] = found.scores[found.at + theirs]!;
        this.#indices[filled++] = found.places[found.at + theirs++]! + chunk.start;
      }
    }
    scores.set(this.#scores.subarray(0, filled), base);
    indices.set(this.#indices.subarray(0, filled), base);
    this.counts[list] = filled;
  }
}

const passedOver = (index: number, { from, excluded }: { readonly from: number; readonly excluded: number }) =>
  index < from || index === excluded;
