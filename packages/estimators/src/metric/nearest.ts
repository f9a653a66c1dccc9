/**
 * The nearest rows of a gallery to one query, gathered from its divergences a part at a time: ascending, ties by the lower index. A bounded
 * heap whose root is the furthest of those kept.
 */
export class Nearest {
  readonly #indices: Int32Array;
  readonly #values: Float64Array;
  #filled = 0;

  constructor(count: number) {
    this.#indices = new Int32Array(count);
    this.#values = new Float64Array(count);
  }

  offer(index: number, value: number): void {
    if (this.#filled < this.#indices.length) {
      this.#put(this.#filled++, index, value);
      if (this.#filled === this.#indices.length) for (let at = (this.#filled >> 1) - 1; at >= 0; at--) this.#sink(at);
    } else if (this.#further(0, index, value)) {
      this.#put(0, index, value);
      this.#sink(0);
    }
  }

  /** Those kept, the nearest first. */
  sorted(): { readonly indices: Int32Array; readonly values: Float64Array } {
    const order = Array.from({ length: this.#filled }, (_, at) => at).sort(
      (a, b) => this.#values[a]! - this.#values[b]! || this.#indices[a]! - this.#indices[b]!,
    );
    return {
      indices: Int32Array.from(order, (at) => this.#indices[at]!),
      values: Float64Array.from(order, (at) => this.#values[at]!),
    };
  }

  #put(at: number, index: number, value: number): void {
    this.#indices[at] = index;
    this.#values[at] = value;
  }

  /** Whether the one kept at a place is further than another row. */
  #further(at: number, index: number, value: number): boolean {
    const own = this.#values[at]!;
    return own > value || (own === value && this.#indices[at]! > index);
  }

  #sink(from: number): void {
    const [index, value] = [this.#indices[from]!, this.#values[from]!];
    let parent = from;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= this.#filled) break;
      if (child + 1 < this.#filled && this.#further(child + 1, this.#indices[child]!, this.#values[child]!)) child++;
      if (!this.#further(child, index, value)) break;
      this.#put(parent, this.#indices[child]!, this.#values[child]!);
      parent = child;
    }
    this.#put(parent, index, value);
  }
}
