import type { z } from "zod";

const KINDS: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  null: "null",
  number: "a number",
  object: "keys with values",
  record: "keys with values",
  string: "a text",
};

/** What a value should have been, in the words of messages: `must be a number, not "many"`. */
export function describeIssue(issue: z.core.$ZodIssue, value: unknown): string {
  const found = value === undefined ? "" : `, not ${shown(value)}`;
  switch (issue.code) {
    case "invalid_type":
      return `must be ${KINDS[issue.expected] ?? issue.expected}${found}`;
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(shown).join(", ")}${found}`;
    case "invalid_union":
      if (lacksName(issue, value)) return `has keys and no name: ${shown(value)}`;
      return value === undefined ? "is missing" : `has none of the forms that are taken${found.replace(", not", ":")}`;
    case "too_small":
      return `must ${limit(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum)}${found}`;
    case "too_big":
      return `must ${limit(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum)}${found}`;
    default:
      return `is refused: ${issue.message}`;
  }
}

/** Whether a component is given by its keys alone, without saying which one it is. */
export function lacksName(issue: z.core.$ZodIssue, value: unknown): value is Readonly<Record<string, unknown>> {
  if (issue.code !== "invalid_union" || typeof value !== "object" || value === null || "name" in value) return false;
  return issue.errors.some((form) => form.some(({ path }) => path.length === 1 && path[0] === "name"));
}

const LENGTHS: Readonly<Record<string, string>> = { array: "entries", set: "entries", string: "letters" };

const limit = (origin: string, word: string, bound: number | bigint) =>
  LENGTHS[origin] === undefined ? `be ${word} ${bound}` : `have ${word} ${bound} ${LENGTHS[origin]}`;

function shown(value: unknown): string {
  const text =
    typeof value === "bigint" || typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
