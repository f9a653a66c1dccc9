import { ConfigError } from "../errors.js";
import { threefry2x32 } from "./threefry.js";

/** What a stream needs to go on where it stopped. */
export interface RandomStreamState {
  readonly key: readonly [number, number];
  readonly drawn: number;
}

/** Random numbers one after the other. Its whole state is its key and the number of 32-bit words drawn. */
export class RandomStream {
  readonly #words = new Uint32Array(2);
  #drawn = 0;

  constructor(
    private readonly high: number,
    private readonly low: number,
  ) {}

  static restore(state: RandomStreamState): RandomStream {
    const stream = new RandomStream(...state.key);
    stream.#drawn = state.drawn;
    if (state.drawn % 2 === 1) stream.#fill(state.drawn - 1);
    return stream;
  }

  state(): RandomStreamState {
    return { key: [this.high, this.low], drawn: this.#drawn };
  }

  #fill(drawn: number): void {
    const block = drawn / 2;
    // Bit 29 keeps the blocks of a stream apart from the counters of `Key.fold` and `Key.split`.
    threefry2x32(this.high, this.low, (0x20000000 + Math.floor(block / 0x100000000)) >>> 0, block >>> 0, this.#words);
  }

  /** A whole number uniform on [0, 2^32). */
  word(): number {
    if (this.#drawn % 2 === 0) this.#fill(this.#drawn);
    return this.#words[this.#drawn++ % 2]!;
  }

  /** Uniform on [0, 1), a multiple of 2^−53. */
  uniform(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /**
   * A whole number uniform on [0, bound), without modulo bias.
   *
   * @throws ConfigError BOUND_INVALID unless `bound` is a whole number from 1 to 2^32.
   */
  integer(bound: number): number {
    // With 0 or more than 2^32 the loop below would never end.
    if (!Number.isInteger(bound) || bound < 1 || bound > 0x100000000) {
      throw new ConfigError("BOUND_INVALID", `a random whole number needs a bound from 1 to 2^32, not ${bound}`, {
        fix: "Leave the empty choice out before drawing from it.",
      });
    }
    const limit = 0x100000000 - (0x100000000 % bound);
    for (;;) {
      const word = this.word();
      if (word < limit) return word % bound;
    }
  }

  /** Standard normal (Box–Muller, one of the pair; the other is not kept so that the state stays a counter). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }
}
