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
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new ConfigError("SEED_INVALID", `a seed is a whole number from 0 to 2^53 - 1, not ${seed}`, {
        fix: "Pass a non-negative whole number as the seed.",
      });
    }
    return new Key(Math.floor(seed / 0x100000000) >>> 0, seed >>> 0);
  }

  /** A key that depends on this one and on `data` (a whole number or a name), and on nothing else. */
  fold(data: number | string): Key {
    const out = new Uint32Array(2);
    if (typeof data === "number") {
      // Names and numbers live in different halves of the counter space, so fold(0) and fold("") never meet.
      threefry2x32(this.high, this.low, Math.floor(data / 0x100000000) >>> 0, data >>> 0, out);
      return new Key(out[0]!, out[1]!);
    }
    let key: Key = this;
    for (const character of `${data}\u0000`) {
      threefry2x32(key.high, key.low, 0x80000000, character.codePointAt(0)!, out);
      key = new Key(out[0]!, out[1]!);
    }
    return key;
  }

  /** `count` independent keys. */
  split(count: number): Key[] {
    return Array.from({ length: count }, (_, index) => this.fold(0x40000000 * 0x100000000 + index));
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
    const order = Int32Array.from({ length }, (_, index) => index);
    for (let last = length - 1; last > 0; last--) {
      const other = stream.integer(last + 1);
      const held = order[last]!;
      order[last] = order[other]!;
      order[other] = held;
    }
    return order;
  }
}
