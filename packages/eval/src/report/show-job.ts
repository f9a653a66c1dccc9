const MOST_ENTRIES = 40;
const DEEPEST = 12;
const PLAIN = /^[\p{L}_./][\p{L}\p{N} _./@-]*$/u;
const KEYWORD = /^(true|false|null|undefined)$/;
// Marks that reorder the text after them: shown by their codes, or one of them could disguise the rest of its line.
const DIRECTION = /[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** A string bare where it cannot be mistaken for anything else, and quoted otherwise. */
function quoted(text: string): string {
  if (PLAIN.test(text) && !KEYWORD.test(text)) return text;
  return JSON.stringify(text).replace(DIRECTION, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);
}

/**
 * A configuration as indented `key: value` lines, for reading. Long lists are cut, cycles and functions are named, so that any
 * value can be shown.
 */
export function showJob(value: unknown): string {
  return lines(value, 0, new Set()).join("\n");
}

function scalar(value: unknown): string | undefined {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "function") return "(function)";
  if (typeof value !== "object" || value === null) return String(value);
  if (ArrayBuffer.isView(value)) return `(${(value as { length?: number }).length ?? 0} numbers)`;
  return undefined;
}

function lines(value: unknown, depth: number, above: ReadonlySet<unknown>): string[] {
  const plain = scalar(value);
  if (plain !== undefined) return [plain];
  if (above.has(value)) return ["(itself)"];
  if (depth === DEEPEST) return ["…"];
  const isList = Array.isArray(value);
  const entries = Object.entries(value as object);
  if (entries.length === 0) return [isList ? "[]" : "{}"];
  const inside = new Set(above).add(value);
  const rest = entries.length - MOST_ENTRIES;
  const more = rest > 0 ? [`… ${rest} more`] : [];
  if (isList && value.every((item) => scalar(item) !== undefined)) {
    return [`[${[...value.slice(0, MOST_ENTRIES).map(scalar), ...more].join(", ")}]`];
  }
  const shown = entries.slice(0, MOST_ENTRIES).flatMap(([key, item]) => {
    const head = isList ? "-" : `${quoted(key)}:`;
    const nested = lines(item, depth + 1, inside);
    const isOneLine = nested.length === 1 && (scalar(item) !== undefined || /^[[{(…]/.test(nested[0]!));
    return isOneLine ? [`${head} ${nested[0]}`] : [head, ...nested.map((line) => `  ${line}`)];
  });
  return [...shown, ...more];
}
