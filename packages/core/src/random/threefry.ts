/**
 * Threefry-2x32 with 20 rounds: a keyed bijection of 64-bit counters that serves as a splittable random number generator.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011, section 4.1 and its known-answer vectors.
 */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const PARITY = 0x1bd11bda;

const rotateLeft = (x: number, by: number) => (x << by) | (x >>> (32 - by));

/** Encrypts the counter (c0, c1) under the key (k0, k1); writes two unsigned 32-bit words to `out` at `offset`. */
export function threefry2x32(k0: number, k1: number, c0: number, c1: number, out: Uint32Array, offset = 0): void {
  const keys = [k0 | 0, k1 | 0, k0 ^ k1 ^ PARITY];
  let x0 = (c0 + keys[0]!) | 0;
  let x1 = (c1 + keys[1]!) | 0;
  for (let round = 0; round < 20; round++) {
    x0 = (x0 + x1) | 0;
    x1 = rotateLeft(x1, ROTATIONS[round % 8]!) ^ x0;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x0 = (x0 + keys[injection % 3]!) | 0;
      x1 = (x1 + keys[(injection + 1) % 3]! + injection) | 0;
    }
  }
  out[offset] = x0;
  out[offset + 1] = x1;
}
