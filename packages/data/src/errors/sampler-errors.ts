import { ConfigError, DataError } from "@semblance/core";

/** Errors about data that a sampler cannot make its batches of. */
const whereOf = (sampler: string) => `sampler "${sampler}"`;

export const labelsNeeded = (sampler: string) =>
  new ConfigError("LABELS_MISSING", `sampler "${sampler}" puts rows of a class together, and there are no labels`, {
    where: whereOf(sampler),
    fix: "Name the labels (data.labels, --labels), or choose the sampler shuffle, or pairs or triplets where the data have such.",
  });

export const supervisionNeeded = (sampler: string) =>
  new ConfigError("LABELS_MISSING", `sampler "${sampler}" needs labels, pairs or triplets, and the data have none`, {
    where: whereOf(sampler),
    fix: "Name the labels (data.labels, --labels) or a file of pairs or triplets, or choose the sampler shuffle.",
  });

export const oneClassOnly = (sampler: string, rows: number) =>
  new DataError("ONE_CLASS", `all ${rows} rows are of one class, so that nothing can be told apart`, {
    where: whereOf(sampler),
    fix: "Check that the right column was named as the labels; at least two classes are needed.",
  });

export const classesTooFew = (sampler: string, asked: number, available: number) =>
  new ConfigError("CLASSES_TOO_FEW", `a batch of ${asked} classes is asked for, and there are ${available}`, {
    where: `${whereOf(sampler)}, classes`,
    fix: `Set classes to at most ${available}, or leave it out.`,
  });

export const noPairOfAClass = (sampler: string, classes: number) =>
  new DataError("NO_PAIRS", `none of the ${classes} classes has two rows, so that there is no similar pair`, {
    where: whereOf(sampler),
    fix: "Check that the labels are classes rather than identifiers; at least one class needs two rows.",
  });

export const nothingToDraw = (sampler: string, what: string) =>
  new DataError("NO_PAIRS", `what is known of the rows makes no ${what}`, {
    where: whereOf(sampler),
    fix: "Give rows that belong together and rows that do not, or choose the sampler shuffle.",
  });
