import { type Backend, type Catalogue, type Dataset, type Key, takeRows } from "@semblance/core";
import { type FoundItem, nearestRows, type RetrievalSheet, type SheetItem } from "@semblance/eval";
import { pictureOf } from "../run/picture-of.js";
import type { Space } from "../spaces/space.js";
import type { KnownRelations } from "./known-relations.js";

/** Neighbours of a query. */
const K = 8;
/** Queries that are tried, and of which some are shown. */
const TRIED = 300;
const SHOWN = 3;
/** Rows that are looked among. */
const MOST_ROWS = 20_000;

export interface DrawSheets {
  readonly before: Space;
  readonly after: Space;
  readonly known: KnownRelations;
  readonly data: Dataset;
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  readonly key: Key;
}

export interface DrawnSheets {
  readonly sheets: readonly RetrievalSheet[];
  readonly note: string;
}

interface Tried {
  readonly row: number;
  readonly found: readonly FoundItem[];
}

/** Some queries that find only hits and some whose nearest row is none, drawn by a key, with what they found before. */
export async function drawSheets(options: DrawSheets): Promise<DrawnSheets | undefined> {
  const { after, before, known, data, key } = options;
  const total = after.rows.shape[0]!;
  const gallery = key.fold("gallery").permutation(total).slice(0, MOST_ROWS).sort();
  const { askable } = known;
  const asked = key
    .fold("queries")
    .permutation(askable.length)
    .slice(0, TRIED)
    .map((at) => askable[at]!);
  if (asked.length === 0 || total < 2) return undefined;
  const found = await neighboursOf(after, asked, gallery, options);
  const tried = Array.from(asked, (row, at): Tried => ({ row, found: found[at]! }));
  const judged = tried.map((each) => ({ ...each, ...judge(each.found) }));
  const good = judged.filter(({ hits, misses }) => hits > 0 && misses === 0);
  const bad = judged.filter(({ nearestMisses }) => nearestMisses);
  const between = judged.filter((each) => each.hits > 0 && !good.includes(each) && !bad.includes(each));
  const [first, middle, last] = [good.slice(0, SHOWN), between.slice(0, SHOWN - 1), bad.slice(0, SHOWN)];
  const shown = [...first, ...middle, ...last];
  if (shown.length === 0) return undefined;
  const earlier = await neighboursOf(
    before,
    Int32Array.from(shown, ({ row }) => row),
    gallery,
    options,
  );
  const share = (part: readonly unknown[]) => `${part.length} (${Math.round((100 * part.length) / tried.length)} %)`;
  const among = `${gallery.length < total ? `${number(gallery.length)} rows drawn from ${number(total)}` : `all ${number(total)} rows`}`;
  const kind = known.classes ? "hits" : "hits as far as anybody said";
  return {
    sheets: shown.map(({ row, found }, at) => ({ query: itemOf(data, row), found, before: earlier[at]! })),
    note: [
      `Looked among are ${among} that were scored, but for the query itself.`,
      `Of ${number(tried.length)} queries drawn at random, ${share(good)} find only ${kind} and ${share(bad)} have a miss for their nearest${known.classes ? "" : " of those that are known"}:`,
      `shown are ${first.length} of the former, ${middle.length} between and ${last.length} of the latter.`,
      orderNote(after, options),
    ]
      .filter((part) => part !== "")
      .join(" "),
  };
}

function judge(found: readonly FoundItem[]) {
  const judged = found.filter(({ hit }) => hit !== undefined);
  const hits = judged.filter(({ hit }) => hit).length;
  return { hits, misses: judged.length - hits, nearestMisses: judged[0]?.hit === false };
}

async function neighboursOf(
  space: Space,
  queries: Int32Array,
  gallery: Int32Array,
  { known, data, catalogue, backend }: DrawSheets,
): Promise<FoundItem[][]> {
  // One more than is shown: a query may meet itself.
  const k = Math.min(K + 1, gallery.length);
  const { indices, distances } = await nearestRows({
    catalogue,
    backend,
    divergence: space.divergence,
    parameters: space.parameters,
    order: space.order,
    queries: takeRows(space.rows, queries),
    gallery: takeRows(space.rows, gallery),
    k,
  });
  return Array.from(queries, (query, at) => {
    const places = Array.from({ length: k }, (_, rank) => at * k + rank);
    const others = places.filter((place) => gallery[indices.data[place]!] !== query);
    return others.slice(0, Math.min(K, gallery.length - 1)).map((place) => {
      const row = gallery[indices.data[place]!]!;
      const hit = known.related(query, row);
      return { ...itemOf(data, row), distance: distances.data[place]!, ...(hit === undefined ? {} : { hit }) };
    });
  });
}

function itemOf(data: Dataset, row: number): SheetItem {
  const { ids, labels } = data;
  return {
    row,
    ...(ids ? { name: ids[row]! } : {}),
    ...(labels ? { label: labels.names[labels.indices[row]!]! } : {}),
    ...pictureOf(data, row),
  };
}

/** Which argument a query is; it matters to no one where both are alike. */
function orderNote({ order, divergence }: Space, { catalogue }: Pick<DrawSheets, "catalogue">): string {
  const { entry } = catalogue.choose("divergence", divergence);
  if (entry.symmetric) return "";
  const words = {
    "anchor-first": "D(query, row)",
    "anchor-second": "D(row, query)",
    both: "the mean of D(query, row) and D(row, query)",
  };
  return `The divergence is not symmetric: rows are in the order of ${words[order]}.`;
}

const number = (value: number) => value.toLocaleString("en");
