import { ConfigError, DataError, type Dataset, Key, type Labels } from "@semblance/core";
import { holdOutPairs } from "./hold-out-pairs.js";
import { partOfDataset } from "./part-of-dataset.js";
import type { SettledValidation } from "./validation-options.js";

/** Data in two parts. */
export interface HeldOutRows {
  /** What is trained on. */
  readonly train: Dataset;
  /** What epochs are scored on. */
  readonly held: Dataset;
}

type Asked = Pick<SettledValidation, "by" | "fraction" | "seed">;

const FEWEST_CLASSES = 2;

/**
 * Holds a part of labelled rows out of training: the same share of each class, of which at least one row stays, or whole classes. Of pairs see
 * `holdOutPairs`.
 *
 * @throws ConfigError VALIDATION_NEEDS_LABELS, VALIDATION_NEEDS_PAIRS; DataError VALIDATION_TOO_SMALL
 */
export function holdOutRows(data: Dataset, asked: Asked): HeldOutRows {
  if (asked.by === "pair") return holdOutPairs(data, asked);
  const { labels } = data;
  if (!labels) {
    throw new ConfigError("VALIDATION_NEEDS_LABELS", `epochs are scored by classes, and ${data.name} has no labels`, {
      where: "validation",
      fix: "Train from labels, or leave validation out.",
    });
  }
  const isHeld = asked.by === "class" ? heldClasses(labels, asked) : heldRows(labels, asked);
  const rows = (wanted: boolean) => Int32Array.from(labels.indices.keys()).filter((row) => isHeld(row) === wanted);
  const [train, held] = [rows(false), rows(true)].map((part) => partOfDataset({ ...data, labels }, part));
  return { train: train!, held: held! };
}

function heldRows({ indices, names }: Labels, { fraction, seed }: Asked) {
  const key = Key.fromSeed(seed).fold("validation");
  const held = new Set<number>();
  names.forEach((_, label) => {
    const own = Int32Array.from(indices.keys()).filter((row) => indices[row] === label);
    const count = Math.min(own.length - 1, Math.round(own.length * fraction));
    if (count < 1) return;
    for (const at of key.fold(label).permutation(own.length).subarray(0, count)) held.add(own[at]!);
  });
  if (held.size === 0) throw tooSmall(`a share of ${fraction} of ${indices.length} rows holds none out of any class`);
  return (row: number) => held.has(row);
}

function heldClasses({ indices, names }: Labels, { fraction, seed }: Asked) {
  const count = Math.max(FEWEST_CLASSES, Math.round(names.length * fraction));
  if (names.length - count < FEWEST_CLASSES) {
    throw tooSmall(`of ${names.length} classes ${count} would be held out, and at least two are needed in each part`);
  }
  const drawn = Key.fromSeed(seed).fold("validation").permutation(names.length);
  const held = new Set(drawn.subarray(0, count));
  return (row: number) => held.has(indices[row]!);
}

const tooSmall = (what: string) =>
  new DataError("VALIDATION_TOO_SMALL", what, {
    where: "validation",
    fix: "Change fraction or by, or leave validation out.",
  });
