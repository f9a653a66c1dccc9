/**
 * JSON whose bytes depend on the value alone: keys in the order of their code units, no spaces, `undefined` left out.
 *
 * ```ts
 * canonicalJson({ b: 1, a: [true, undefined] }) // => '{"a":[true,null],"b":1}'
 * ```
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    const entries = Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return Object.fromEntries(entries);
  });
}
