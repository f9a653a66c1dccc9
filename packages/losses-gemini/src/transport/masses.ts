import { DataError, ShapeError } from "@semblance/core";

/** The sum of masses. @throws DataError TRANSPORT_MASSES unless all are finite and ≥ 0, some of them positive. */
export function sumOfMasses(masses: ArrayLike<number>, which: string, where: string): number {
  let sum = 0;
  for (let i = 0; i < masses.length; i++) {
    const mass = masses[i]!;
    // Asked this way round, NaN is refused too.
    if (mass >= 0 && mass < Number.POSITIVE_INFINITY) {
      sum += mass;
      continue;
    }
    throw new DataError("TRANSPORT_MASSES", `mass ${i} of the ${which} is ${mass}`, {
      where,
      fix: "Pass finite masses that are not negative.",
    });
  }
  if (sum > 0 && sum < Number.POSITIVE_INFINITY) return sum;
  throw new DataError("TRANSPORT_MASSES", `the masses of the ${which} sum to ${sum}`, {
    where,
    fix: "Pass finite masses, some of them positive.",
  });
}

/** The sums of both sides. @throws DataError TRANSPORT_MASSES also where they differ by more than a relative tolerance. */
export function commonSum(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  tolerance: number,
  where: string,
): { readonly first: number; readonly second: number } {
  const sums = { first: sumOfMasses(first, "first", where), second: sumOfMasses(second, "second", where) };
  if (Math.abs(sums.first - sums.second) <= tolerance * Math.max(sums.first, sums.second)) return sums;
  throw new DataError("TRANSPORT_MASSES", `the masses sum to ${sums.first} and ${sums.second}`, {
    where,
    fix: "Scale both to the same sum: what is sent must arrive.",
  });
}

/** @throws ShapeError TRANSPORT_SHAPE unless there are n·m costs and atoms on both sides. */
export function requireCosts(n: number, m: number, costs: number, where: string): void {
  if (n > 0 && m > 0 && costs === n * m) return;
  throw new ShapeError("TRANSPORT_SHAPE", `${n} and ${m} atoms do not fit ${costs} costs`, {
    where,
    fix: "Pass at least one atom on each side and a cost for each pair, row by row.",
  });
}

/** The largest |cost|. @throws DataError TRANSPORT_COST naming the first that is not finite. */
export function largestCost(cost: Float64Array, columns: number, where: string): number {
  let scale = 0;
  for (let at = 0; at < cost.length; at++) {
    const size = Math.abs(cost[at]!);
    // Asked this way round, NaN is refused too.
    if (!(size < Number.POSITIVE_INFINITY)) {
      const row = Math.floor(at / columns);
      throw new DataError("TRANSPORT_COST", `the cost at [${row}, ${at - row * columns}] is ${cost[at]}`, {
        where,
        fix: "Pass finite costs.",
      });
    }
    if (size > scale) scale = size;
  }
  return scale;
}
