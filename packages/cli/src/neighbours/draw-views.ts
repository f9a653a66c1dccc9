import { type Key, takeRows } from "@semblance/core";
import { type PlaneMethod, type PlaneView, projectToPlane } from "@semblance/eval";
import type { Space } from "../spaces/space.js";
import type { ChosenPairs } from "./choose-pairs.js";
import type { KnownRelations } from "./known-relations.js";

const NAMES: Readonly<Record<PlaneMethod, string>> = { pca: "PCA", "t-sne": "t-SNE", umap: "UMAP" };
/** More rows than this cover each other. */
const MOST_ROWS: Readonly<Record<PlaneMethod, number>> = { pca: 2000, "t-sne": 400, umap: 1000 };
/** Of either kind; more lines hide the points. */
const MOST_LINKS = 40;

export interface DrawViews {
  readonly before: Space;
  readonly after: Space;
  readonly known: KnownRelations | undefined;
  readonly pairs: ChosenPairs | undefined;
  readonly methods: readonly PlaneMethod[];
  readonly key: Key;
}

/** The same rows in the plane before and after, by their classes, or with lines between pairs that were told. */
export async function drawViews({ before, after, known, pairs, methods, key }: DrawViews): Promise<PlaneView[]> {
  const count = after.rows.shape[0]!;
  const links = known?.classes || !pairs ? undefined : linksOf(pairs);
  const views: PlaneView[] = [];
  for (const method of methods) {
    const rows = chosenRows(
      count,
      MOST_ROWS[method],
      links?.flatMap(({ first, second }) => [first, second]) ?? [],
      key,
    );
    const place = new Map(Array.from(rows, (row, at) => [row, at]));
    const most = rows.length;
    const [left, right] = [
      await projectToPlane(takeRows(before.rows, rows), method, { key, most }),
      await projectToPlane(takeRows(after.rows, rows), method, { key, most }),
    ];
    views.push({
      name: NAMES[method],
      before: left,
      after: right,
      classes: Array.from(rows, (row) => known?.classes?.of[row] ?? 0),
      ...(known?.classes ? { classNames: known.classes.names } : {}),
      ...(links
        ? {
            links: links.map(({ first, second, same }) => ({
              first: place.get(first)!,
              second: place.get(second)!,
              same,
            })),
          }
        : {}),
    });
  }
  return views;
}

/** Rows at the ends of lines first, then others at random. */
function chosenRows(count: number, most: number, first: readonly number[], key: Key): Int32Array {
  const chosen = new Set(first);
  for (const row of key.fold("drawn").permutation(count)) {
    if (chosen.size >= most) break;
    chosen.add(row);
  }
  return Int32Array.from(chosen).sort();
}

function linksOf({ rows, same }: ChosenPairs) {
  const left = new Map([
    [true, MOST_LINKS],
    [false, MOST_LINKS],
  ]);
  return same.flatMap((is, pair) => {
    if (left.get(is)! <= 0) return [];
    left.set(is, left.get(is)! - 1);
    return [{ first: rows[2 * pair]!, second: rows[2 * pair + 1]!, same: is }];
  });
}
