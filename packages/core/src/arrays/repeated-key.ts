/**
 * A key that an object's JSON text holds twice at its top level, or undefined. `JSON.parse` keeps the last one silently; two
 * readers of one file could then disagree about what it says. The text must be valid JSON.
 */
export function repeatedKey(json: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const character = json[at]!;
    if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    else if (character === '"') {
      const start = at;
      for (at++; json[at] !== '"'; at++) if (json[at] === "\\") at++;
      if (depth !== 1 || !isKey(json, at + 1)) continue;
      // Escapes can spell one key in several ways, so the parsed keys are compared.
      const key = JSON.parse(json.slice(start, at + 1)) as string;
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}

function isKey(json: string, after: number): boolean {
  let at = after;
  while (" \t\r\n".includes(json[at]!)) at++;
  return json[at] === ":";
}
