import { isSemblanceError, type SemblanceError } from "../errors.js";
import { type CheckCode, CheckFailedError } from "./check.js";

/**
 * Claims about plain data: numbers, texts, lists, typed arrays and objects, compared by content. 0 and −0 are equal, NaN equals NaN.
 *
 * @throws CheckFailedError CHECK_VALUE_WRONG with the place of the first difference
 */
export function requireEqual(got: unknown, expected: unknown, what = "the result"): void {
  const difference = firstDifference(got, expected, what);
  if (difference) throw new CheckFailedError("CHECK_VALUE_WRONG", difference);
}

/** @throws CheckFailedError CHECK_VALUE_WRONG unless |got − expected| ≤ tolerance */
export function requireClose(got: number | undefined, expected: number, tolerance: number, what = "the result"): void {
  if (got !== undefined && Math.abs(got - expected) <= tolerance) return;
  throw new CheckFailedError("CHECK_VALUE_WRONG", `${what} is ${got}, expected ${expected} within ${tolerance}`);
}

/** @throws CheckFailedError with this code and message unless the condition holds */
export function requireThat(
  condition: unknown,
  code: CheckCode,
  message: string,
  details: { readonly where?: string; readonly fix?: string } = {},
): asserts condition {
  if (!condition) throw new CheckFailedError(code, message, details);
}

/** What a refusal must look like: a stable code, and words that `where` or the message must hold. */
export interface Refusal {
  readonly code?: string;
  readonly where?: string;
  readonly message?: string;
}

/**
 * Claims that a call is refused with an error of Semblance's.
 *
 * @throws CheckFailedError CHECK_NOT_REFUSED when it goes through; CHECK_ERROR_UNCODED when it throws anything else; CHECK_VALUE_WRONG
 *         when the error is another one
 */
export async function requireRefused(
  call: Promise<unknown> | (() => unknown),
  wanted: Refusal = {},
  what = "the call",
): Promise<SemblanceError> {
  let error: unknown;
  try {
    await (typeof call === "function" ? call() : call);
  } catch (thrown) {
    error = thrown;
  }
  if (error === undefined) {
    throw new CheckFailedError("CHECK_NOT_REFUSED", `${what} went through and should be refused`, {
      fix: wanted.code
        ? `Throw an error with code ${wanted.code}.`
        : "Throw a SemblanceError with code, where and fix.",
    });
  }
  const coded = requireCoded(error, what);
  requireThat(
    wanted.code === undefined || coded.code === wanted.code,
    "CHECK_VALUE_WRONG",
    `${what} is refused with ${coded.code}, expected ${wanted.code}`,
  );
  for (const [key, text] of [["where", wanted.where] as const, ["message", wanted.message] as const]) {
    requireThat(
      text === undefined || coded[key]?.includes(text),
      "CHECK_VALUE_WRONG",
      `${what} is refused, and the error's ${key} does not name ${text}: ${coded[key]}`,
    );
  }
  return coded;
}

/** @throws CheckFailedError CHECK_ERROR_UNCODED unless what was thrown is an error of Semblance's */
export function requireCoded(error: unknown, what: string): SemblanceError {
  if (isSemblanceError(error)) return error;
  throw new CheckFailedError("CHECK_ERROR_UNCODED", `${what} throws ${show(error)}, which has no code`, {
    fix: "Throw a SemblanceError (ShapeError, ConfigError, DataError …) with code, where and fix.",
  });
}

function firstDifference(got: unknown, expected: unknown, at: string): string | undefined {
  if (Object.is(got, expected) || got === expected) return undefined;
  const [left, right] = [entriesOf(got), entriesOf(expected)];
  if (!left || !right || Array.isArray(left) !== Array.isArray(right)) {
    return `${at} is ${show(got)}, expected ${show(expected)}`;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left.length !== right.length) return `${at} holds ${left.length} elements, expected ${right.length}`;
    for (const [index, element] of left.entries()) {
      const difference = firstDifference(element, right[index], `${at}[${index}]`);
      if (difference) return difference;
    }
    return undefined;
  }
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const key of keys) {
    const difference = firstDifference(
      (left as Record<string, unknown>)[key],
      (right as Record<string, unknown>)[key],
      `${at}.${key}`,
    );
    if (difference) return difference;
  }
  return undefined;
}

/** Elements of a list or typed array, keys of a plain object; undefined for anything else. */
function entriesOf(value: unknown): unknown[] | object | undefined {
  if (Array.isArray(value)) return value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as unknown as ArrayLike<number>);
  return typeof value === "object" && value !== null ? value : undefined;
}

function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === "string") return JSON.stringify(value);
  const entries = entriesOf(value);
  if (Array.isArray(entries)) return `[${entries.slice(0, 8).map(show).join(", ")}${entries.length > 8 ? ", …" : ""}]`;
  return entries ? `{ ${Object.keys(entries).join(", ")} }` : String(value);
}
