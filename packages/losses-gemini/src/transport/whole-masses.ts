/** All mass of a problem, in units: sums and differences of up to this many units are exact doubles. */
export const TOTAL_UNITS = 2 ** 52;

/**
 * Masses as whole numbers of units that sum to exactly `TOTAL_UNITS`.
 *
 * The simplex then moves flow without rounding: both marginals have the same sum, a tie is a tie, and no flow turns negative. A mass
 * is off by at most one unit or so, 2⁻⁵² of the total, which is what rounding in a sum of doubles costs anyway.
 *
 * @param masses [n], finite and non-negative
 * @param sum their sum, positive
 */
export function wholeMasses(masses: ArrayLike<number>, sum: number): Float64Array {
  const units = new Float64Array(masses.length);
  let missing = TOTAL_UNITS;
  for (let i = 0; i < units.length; i++) {
    units[i] = Math.floor((masses[i]! / sum) * TOTAL_UNITS);
    missing -= units[i]!;
  }
  // Rounding left a few units over, or took too many: about one for each atom, so atoms that hold some give or take one each.
  const step = Math.sign(missing);
  while (missing !== 0) {
    for (let i = 0; i < units.length && missing !== 0; i++) {
      if (units[i]! < 2) continue;
      units[i]! += step;
      missing -= step;
    }
  }
  return units;
}
