import { ConfigError } from "../errors.js";
import { RandomStream } from "./stream.js";
import { threefry2x32 } from "./threefry.js";

/**
 * An immutable random key. The same key always gives the same numbers; independent numbers come from `split` and `fold`.
 *
 * ```ts
 * const key = Key.fromSeed(7);
 * key.fold("weights").uniform(2).length // => 2
 * ```
 */
export class Key {
  private constructor(
    readonly high: number,
    readonly low: number,
  ) {}

  /** @throws ConfigError SEED_INVALID unless `seed` is an integer in [0, 2^53). */
  static fromSeed(seed: number): Key {
    requireWhole("a seed", seed);
    return new Key(Math.floor(seed / 0x100000000) >>> 0, seed >>> 0);
  }

  /**
   * A key that depends on this one and on `data` (a whole number or a name), and on nothing else.
   *
   * @throws ConfigError SEED_INVALID for a number that is not whole or not in [0, 2^53).
   */
  fold(data: number | string): Key {
    // The upper word of the counter keeps numbers (below 2^21), streams, splits and names apart: fold(0) and fold("") never meet.
    if (typeof data === "number") {
      requireWhole("a number folded into a key", data);
      return this.#at(Math.floor(data / 0x100000000), data);
    }
    let key: Key = this;
    for (const character of `${data}\u0000`) key = key.#at(0x80000000, character.codePointAt(0)!);
    return key;
  }

  /** `count` independent keys. */
  split(count: number): Key[] {
    return Array.from({ length: count }, (_, index) => this.#at(0x40000000, index));
  }

  #at(counterHigh: number, counterLow: number): Key {
    const out = new Uint32Array(2);
    threefry2x32(this.high, this.low, counterHigh >>> 0, counterLow >>> 0, out);
    return new Key(out[0]!, out[1]!);
  }

  /** A sequential generator that starts at this key. */
  stream(): RandomStream {
    return new RandomStream(this.high, this.low);
  }

  /** `length` numbers uniform on [low, high). */
  uniform(length: number, low = 0, high = 1): Float64Array {
    const stream = this.stream();
    return Float64Array.from({ length }, () => low + (high - low) * stream.uniform());
  }

  /** `length` standard normal numbers. */
  normal(length: number): Float64Array {
    const stream = this.stream();
    return Float64Array.from({ length }, () => stream.normal());
  }

  /** A uniformly drawn permutation of 0 … length − 1 (Fisher–Yates). */
  permutation(length: number): Int32Array {
    const stream = this.stream();
    const order = new Int32Array(length);
    for (let index = 0; index < length; index++) order[index] = index;
    for (let last = length - 1; last > 0; last--) {
      const other = stream.integer(last + 1);
      const held = order[last]!;
      order[last] = order[other]!;
      order[other] = held;
    }
    return order;
  }
}

function requireWhole(what: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new ConfigError("SEED_INVALID", `${what} is a whole number from 0 to 2^53 - 1, not ${value}`, {
    fix: "Pass a non-negative whole number.",
  });
}
