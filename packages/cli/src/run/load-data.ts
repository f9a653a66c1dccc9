import { isAbsolute } from "node:path";
import { isSemblanceError } from "@semblance/core";
import {
  commonStandardiser,
  type HoldOut,
  type LoadedDataset,
  type LoadOptions,
  loadDataset,
  readAffinity,
} from "@semblance/data";
import type { Learned } from "@semblance/estimators";
import type { Job } from "../job/job-schema.js";

/** The data of a job, prepared as it says, with the matrix that compares its training rows where it names one. */
export async function loadJobData(job: Job): Promise<LoadedDataset> {
  const loaded = await loadRows(job);
  if (job.data.affinity === undefined) return loaded;
  const { splits } = loaded;
  const affinity = await readAffinity(job.data.affinity);
  return { ...loaded, splits: { ...splits, train: { ...splits.train, affinity } } };
}

/** The data of a job without such a matrix. */
export async function loadRows({ data }: Job): Promise<LoadedDataset> {
  const options = { ...choices(data), ...known(data) };
  if (data.standardise !== "common")
    return await loadDataset(data.source, { ...options, standardise: data.standardise });
  const each = await loadDataset(data.source, { ...options, standardise: true });
  const standardiser = commonStandardiser(each.fitted.standardiser!);
  // Read anew rather than rescaled: rows to predict later take the same way, so that they are rounded alike.
  const fitted = { ...each.fitted, standardiser };
  const { splits } = await loadDataset(data.source, { ...options, fitted });
  const notes = each.notes.filter((note) => !note.startsWith("standardised"));
  return { ...each, splits, fitted, notes: [...notes, "centred every column, and divided all of them by one number"] };
}

/**
 * Other data, for a trained model: the columns that it was trained on, prepared by what was measured then. Labels and ids are taken
 * where the data have those that the job names, and are no fault where they are missing.
 */
export async function loadOtherData(
  source: string,
  job: Job,
  learned: Learned,
  labels: string | undefined,
): Promise<LoadedDataset> {
  const { columns: _, ignore: __, labels: trained, ids, ...rest } = choices(job.data);
  const position = ids !== undefined && /^-?\d+$/.test(ids);
  const options: LoadOptions = {
    ...rest,
    // Without names, the column of ids has to be left out by its position again.
    ...(learned.columns ? { columns: learned.columns } : position ? { ids } : {}),
    ...(labels === undefined ? {} : { labels }),
    fitted: learned.fitted,
  };
  if (source.startsWith("builtin:")) return await loadDataset(source, options);
  return await loadWhatThereIs(source, options, {
    ...(labels === undefined && trained !== undefined ? { labels: trained } : {}),
    // A file of ids is of the rows that were trained on; a column is looked for among these.
    ...(ids !== undefined && learned.columns && !position && !isAbsolute(ids) ? { ids } : {}),
  });
}

type Named = Pick<LoadOptions, "labels" | "ids">;

/** What an error says is not there. */
const ABSENT: Readonly<Record<string, keyof Named>> = {
  LABELS_UNKNOWN: "labels",
  LABELS_LENGTH: "labels",
  LABEL_IS_FEATURE: "labels",
  IDS_UNKNOWN: "ids",
  IDS_REPEATED: "ids",
};

/** Data with the columns that are named where they have them, and without them elsewhere. */
async function loadWhatThereIs(source: string, options: LoadOptions, named: Named): Promise<LoadedDataset> {
  try {
    return await loadDataset(source, { ...options, ...named });
  } catch (error) {
    const absent = isSemblanceError(error) ? ABSENT[error.code] : undefined;
    if (absent === undefined || !(absent in named)) throw error;
    const { [absent]: _, ...others } = named;
    return await loadWhatThereIs(source, options, others);
  }
}

/**
 * The rows of a job as they stand in its data: the same columns, neither centred nor scaled.
 *
 * @throws DataError where float32 does not reach them
 */
export async function loadRawData({ data }: Job, { fitted, columns }: Pick<Learned, "fitted" | "columns">) {
  const { offset: _, scale: __, ...options } = { ...choices(data), ...known(data) };
  return await loadDataset(data.source, {
    ...options,
    ...(columns ? { columns, ignore: [] } : {}),
    fitted: { width: fitted.width },
  });
}

/** What a job says beside its rows: which of them belong together, and what is held out. */
function known({ pairs, otherPairs, triplets, multiLabels, holdOut }: Job["data"]): LoadOptions {
  return {
    ...(pairs === undefined ? {} : { pairs }),
    ...(otherPairs === undefined ? {} : { otherPairs }),
    ...(triplets === undefined ? {} : { triplets }),
    ...(multiLabels ? { multiLabels } : {}),
    ...(holdOut ? { holdOut: heldOut(holdOut) } : {}),
  };
}

/** Without keys that hold undefined; classes by name, which a file may write as a number. */
function heldOut({ by, fraction, classes, seed }: NonNullable<Job["data"]["holdOut"]>): HoldOut {
  return {
    by,
    ...(fraction === undefined ? {} : { fraction }),
    ...(classes ? { classes: classes.map(String) } : {}),
    ...(seed === undefined ? {} : { seed }),
  };
}

function choices({ labels, ids, columns, ignore, offset, scale, header }: Job["data"]): LoadOptions {
  const names = (list: readonly (string | number)[]) => list.map(String);
  return {
    ...(labels === undefined ? {} : { labels: String(labels) }),
    ...(ids === undefined ? {} : { ids: String(ids) }),
    ...(columns ? { columns: names(columns) } : {}),
    ...(ignore ? { ignore: names(ignore) } : {}),
    ...(offset === undefined ? {} : { offset }),
    ...(scale === undefined ? {} : { scale }),
    ...(header === undefined ? {} : { header }),
  };
}
