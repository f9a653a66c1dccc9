import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Key, ndarray } from "@semblance/core";
import { readTable, type TextColumn, tableOfArray, writeTable } from "@semblance/data";
import { hashText } from "./hash-text.js";

export interface WriteVectors {
  /** CSV files with a column of texts and one of their intents. */
  readonly files: readonly string[];
  readonly text: string;
  readonly intent: string;
  /** Where `vectors.npy` and `labels.txt` go. */
  readonly folder: string;
  readonly width?: number;
}

/** Texts as hashed vectors with their intents, as `semblance tune` takes them. @returns the intents */
export async function writeVectors({ files, text, intent, folder, width = 1024 }: WriteVectors): Promise<string[]> {
  const [texts, intents] = [[] as string[], [] as string[]];
  for (const file of files) {
    const table = await readTable(file);
    if (table.kind !== "columns") throw new Error(`${file} has no named columns`);
    const valuesOf = (name: string) => (table.columns.find((column) => column.name === name) as TextColumn).values;
    texts.push(...valuesOf(text));
    intents.push(...valuesOf(intent));
  }
  const data = new Float32Array(texts.length * width);
  texts.forEach((each, row) => data.set(hashText(each, width), row * width));
  await writeTable(
    join(folder, "vectors.npy"),
    tableOfArray("vectors", ndarray("float32", [texts.length, width], data)),
  );
  await writeFile(join(folder, "labels.txt"), `${intents.join("\n")}\n`);
  return intents;
}

/**
 * Pairs of rows as people would judge them: one half of the same intent, the other of two, drawn among some of the rows.
 *
 * @returns the lines of a file of pairs
 */
export function drawPairs(intents: readonly string[], rows: Int32Array, count: number, key: Key): string {
  const byIntent = new Map<string, number[]>();
  for (const row of rows) byIntent.set(intents[row]!, [...(byIntent.get(intents[row]!) ?? []), row]);
  const stream = key.stream();
  const any = (list: ArrayLike<number>) => list[stream.integer(list.length)]!;
  const lines = new Set<string>();
  while (lines.size < count) {
    const same = lines.size % 2 === 0;
    const first = any(rows);
    const second = any(same ? byIntent.get(intents[first]!)! : rows);
    if (first !== second && (intents[first] === intents[second]) === same)
      lines.add(`${first},${second},${same ? 1 : 0}`);
  }
  return `${["a,b,same", ...lines].join("\n")}\n`;
}
