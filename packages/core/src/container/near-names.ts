import { distance } from "fastest-levenshtein";

/** Losses and divergences are listed whole; the ids of a data set are not. */
const SHOWN_AT_MOST = 40;

/** The names most like the given one, best first: close in spelling, or one containing the other. */
export function nearNames(wanted: string, names: readonly string[], most = 3): string[] {
  // A long text is no slip of the finger, and the distance is quadratic in its length.
  if (wanted.length > 200) return [];
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const target = plain(wanted);
  return names
    .map((name) => {
      const own = plain(name);
      const tail = plain(name.split("/").at(-1)!);
      const contained = target.length >= 3 && (own.includes(target) || target.includes(tail));
      return { name, score: Math.min(distance(target, own), distance(target, tail)) - (contained ? 2 : 0) };
    })
    .filter(({ score }) => score <= Math.max(2, target.length / 3))
    .sort((a, b) => a.score - b.score)
    .slice(0, most)
    .map(({ name }) => name);
}

/** “Did you mean …?” for an error's fix, or the whole list where nothing is near. */
export function suggest(wanted: string, names: readonly string[]): string {
  const near = nearNames(wanted, names);
  if (near.length > 0) return `Did you mean ${near.map((name) => `"${name}"`).join(" or ")}?`;
  const rest = names.length - SHOWN_AT_MOST;
  if (rest > 1) return `There are: ${names.slice(0, SHOWN_AT_MOST).join(", ")} and ${rest} more.`;
  return names.length > 0
    ? `There are: ${names.join(", ")}.`
    : "Nothing of this kind is registered: is its plugin installed and named?";
}
