import { type SampleNames, sampleFinder, type TripletSupervision } from "@semblance/core";
import { fileEmpty } from "../errors/file-errors.js";
import { rowWithItself, rowWithoutId, tripletTwice } from "../errors/supervision-errors.js";
import { forEachRelation } from "./read-row-pairs.js";

/**
 * Reads triplets from a file of three columns: the ids of anchor, positive and negative, or their row numbers from 0 where the data have
 * no ids. The first line may name the columns: it does where its third cell is "negative". A triplet that comes twice counts once.
 *
 * Errors   PAIRS_NOT_DELIMITED, PAIRS_COLUMNS, PAIR_EMPTY, PAIR_WITH_ITSELF, SAMPLE_UNKNOWN, TRIPLETS_CONTRADICT by line; those of reading
 *          a text file
 */
export async function readRowTriplets(path: string, data: SampleNames): Promise<TripletSupervision> {
  const seen = new Map<string, string>();
  const rows: number[] = [];
  const rowOf = sampleFinder(data, path);
  await forEachRelation(path, "triplets", (cells, where, at) => {
    if (at === 0 && cells[2].toLowerCase() === "negative") return;
    if (cells.includes("")) throw rowWithoutId(where);
    const [anchor, positive, negative] = cells.map((cell) => rowOf(cell, where)) as [number, number, number];
    const again = [anchor, positive, negative].findIndex((row, place, all) => all.indexOf(row) !== place);
    if (again !== -1) throw rowWithItself(where, cells[again]!);
    const opposite = seen.get(`${anchor},${negative},${positive}`);
    if (opposite !== undefined) throw tripletTwice(where, opposite);
    if (seen.has(`${anchor},${positive},${negative}`)) return;
    seen.set(`${anchor},${positive},${negative}`, where);
    rows.push(anchor, positive, negative);
  });
  if (rows.length === 0) throw fileEmpty(path);
  return { form: "triplets", rows: Int32Array.from(rows) };
}
