import { crc32 } from "node:zlib";
import type { Shape } from "@semblance/core";
import { unzipSync } from "fflate";
import { npzWithoutFeatures, zipBroken } from "../errors/array-errors.js";
import { fileTooLarge } from "../errors/file-errors.js";
import { MAX_BYTES } from "../files/read-bytes.js";
import type { ArrayTable, ReadOptions } from "../tables/table.js";
import { decodeNpy } from "./npy.js";
import { readNpyHeader } from "./npy-header.js";
import { readZipDirectory, type ZipEntry } from "./zip-directory.js";

const FEATURE_KEYS = ["features", "x", "data", "images"];
const LABEL_KEYS = ["labels", "y", "label"];

/**
 * Reads an `.npz` archive. Features are `features`, `x`, `data`, `images` or else the first array with two axes or more;
 * labels are the array that `options.labels` names, or else `labels`, `y` or `label`. Case does not count.
 *
 * Labels over several leading axes, such as [class, drawer] for features [class, drawer, height, width], make each of their
 * elements a row.
 *
 * Errors   ZIP_DAMAGED, FEATURES_NOT_FOUND, and those of `decodeNpy`
 */
export function readNpz(bytes: Uint8Array, path: string, options: ReadOptions = {}): ArrayTable {
  const entries = readZipDirectory(bytes, path).filter((entry) => entry.name.endsWith(".npy"));
  const keys = entries.map(keyOf);
  const labelKey = keys.find((key) => key === options.labels) ?? pick(keys, LABEL_KEYS);
  const candidates = keys.filter((key) => key !== labelKey);
  const named = pick(candidates, FEATURE_KEYS);
  const load = (key: string) => unpack(bytes, entries[keys.indexOf(key)]!, path);
  const featureKey = named ?? candidates.find((key) => rankOf(load(key), path, key) >= 2);
  if (featureKey === undefined) throw npzWithoutFeatures(path, keys);
  const features = decodeNpy(load(featureKey), whereKey(path, featureKey));
  const labels = labelKey === undefined ? undefined : decodeNpy(load(labelKey), whereKey(path, labelKey));
  const otherArrays = keys.filter((key) => key !== featureKey && key !== labelKey);
  const taken = `took the features from "${featureKey}"${labelKey === undefined ? "" : ` and the labels from "${labelKey}"`}`;
  return {
    kind: "array",
    name: path,
    shape: rowsFirst(features.shape, labels?.shape),
    values: features.values,
    otherArrays,
    notes: [otherArrays.length === 0 ? taken : `${taken}; left out ${otherArrays.map((key) => `"${key}"`).join(", ")}`],
    ...(labels === undefined ? {} : { labels: { name: labelKey!, values: labels.values } }),
  };
}

const keyOf = (entry: ZipEntry) => entry.name.slice(0, -".npy".length);
const whereKey = (path: string, key: string) => `${path}, array "${key}"`;
const rankOf = (bytes: Uint8Array, path: string, key: string) => readNpyHeader(bytes, whereKey(path, key)).shape.length;

function pick(keys: readonly string[], wanted: readonly string[]): string | undefined {
  for (const name of wanted) {
    const key = keys.find((candidate) => candidate.toLowerCase() === name);
    if (key !== undefined) return key;
  }
  return undefined;
}

function unpack(bytes: Uint8Array, entry: ZipEntry, path: string): Uint8Array {
  const where = whereKey(path, keyOf(entry));
  if (entry.size > MAX_BYTES) throw fileTooLarge(where, MAX_BYTES);
  let content: Uint8Array | undefined;
  try {
    content = unzipSync(bytes, { filter: (file) => file.name === entry.name })[entry.name];
  } catch (cause) {
    throw zipBroken(where, (cause as Error).message, cause);
  }
  if (content === undefined || content.length !== entry.size || crc32(content) !== entry.crc) {
    throw zipBroken(where, "its content does not match its checksum");
  }
  return content;
}

function spansLeadingAxes(features: Shape, labels: Shape | undefined): labels is Shape {
  return (
    labels !== undefined &&
    labels.length > 1 &&
    labels.length < features.length &&
    labels.every((n, axis) => n === features[axis])
  );
}

function rowsFirst(features: Shape, labels: Shape | undefined): Shape {
  if (!spansLeadingAxes(features, labels)) return features;
  return [labels.reduce((product, extent) => product * extent, 1), ...features.slice(labels.length)];
}
