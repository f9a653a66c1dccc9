import type { NdArray } from "../arrays/nd-array.js";
import type { ArgumentDomain } from "../contracts/divergence.js";
import { DataError } from "../errors.js";

const LEGAL: Readonly<Record<ArgumentDomain, { holds(value: number): boolean; readonly words: string }>> = {
  real: { holds: Number.isFinite, words: "finite numbers" },
  "non-negative": { holds: (value) => value >= 0 && value < Number.POSITIVE_INFINITY, words: "numbers from 0" },
  positive: { holds: (value) => value > 0 && value < Number.POSITIVE_INFINITY, words: "numbers above 0" },
  unit: { holds: (value) => value >= 0 && value <= 1, words: "numbers from 0 to 1" },
  "open-unit": { holds: (value) => value > 0 && value < 1, words: "numbers between 0 and 1, without both" },
};

/** What an argument domain holds, in words. */
export const domainWords = (domain: ArgumentDomain) => LEGAL[domain].words;

/**
 * That an array [n, …] holds only what an argument of a divergence may hold.
 *
 * @param name of the divergence; `input` the argument, such as "first"
 * @throws DataError OUTSIDE_DOMAIN with the value, its row and its column
 */
export function requireDomain(
  { shape, data }: Pick<NdArray, "shape" | "data">,
  domain: ArgumentDomain,
  { name, input }: { readonly name: string; readonly input: string },
): void {
  const { holds, words } = LEGAL[domain];
  const at = (data as ArrayLike<number> & { findIndex(test: (value: number) => boolean): number }).findIndex(
    (value) => !holds(value),
  );
  if (at < 0) return;
  const width = shape.slice(1).reduce((size, extent) => size * extent, 1);
  const row = Math.floor(at / width);
  throw new DataError("OUTSIDE_DOMAIN", `divergence "${name}" takes ${words}, and ${input} holds ${data[at]}`, {
    where: `${input}, row ${row}, column ${at % width}`,
    fix: "Correct the row, shift or scale the data into the domain, or choose a divergence of real numbers.",
  });
}
