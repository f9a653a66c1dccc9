/**
 * Attributes as text from which they can be told apart. Plain JSON writes both infinities and NaN as null and −0 as 0, so that a pool
 * padded with −∞ would look like one padded with nothing.
 */
export function showAttributes(attributes: unknown): string {
  return JSON.stringify(attributes, (_, value: unknown) => (typeof value === "number" ? exact(value) : value));
}

/** A number as text, with −0 told apart from 0. */
export function showNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

const exact = (value: number) => (Number.isFinite(value) && !Object.is(value, -0) ? value : showNumber(value));
