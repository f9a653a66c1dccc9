import { fileURLToPath } from "node:url";
import type { DataSplits, Dataset } from "@semblance/core";
import { columnFeatures } from "../datasets/column-features.js";
import { toLabels } from "../datasets/labels.js";
import { prepare } from "../datasets/prepare.js";
import { readBytes } from "../files/read-bytes.js";
import { readCsv } from "../formats/csv.js";
import { whereRow } from "../tables/table.js";

const PIXELS = 64;
/** A pixel counts the inked ones of the 4 × 4 block of the scanned bitmap that it stands for. */
const FULL_INK = 16;

export const DIGITS_SOURCE =
  "E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998, " +
  "DOI 10.24432/C50P49, CC BY 4.0";

/**
 * Handwritten digits of 43 people: 3,823 training and 1,797 test images, the test part by other writers.
 *
 *     feature = pixel / 16 ∈ [0, 1]
 *
 * Shapes   features [N, 64] (8 × 8 images, row-major), labels [N] in "0" … "9"
 */
export async function loadDigits(): Promise<DataSplits> {
  const [train, test] = await Promise.all([
    loadPart("optdigits.tra.gz", "train"),
    loadPart("optdigits.tes.gz", "test"),
  ]);
  return { train, test };
}

async function loadPart(file: string, part: string): Promise<Dataset> {
  const path = fileURLToPath(new URL(`../../digits/${file}`, import.meta.url));
  const table = readCsv(await readBytes(path), path, ",", { header: false });
  const pixels = columnFeatures(
    table,
    Array.from({ length: PIXELS }, (_, index) => index),
  );
  const labels = toLabels(table.columns[PIXELS]!.values, (row) => whereRow(table, row));
  const features = { ...pixels, name: `builtin:digits (${part})`, image: { height: 8, width: 8, ink: FULL_INK } };
  return prepare({ features, labels, source: DIGITS_SOURCE }, undefined, { scale: FULL_INK }).splits.train;
}
