import { isSemblanceError } from "@semblance/core";
import { type LoadedDataset, type LoadOptions, loadDataset } from "@semblance/data";
import type { Job } from "../job/job-schema.js";
import type { Learned } from "./learned.js";

/** The data of a job, prepared as it says. */
export async function loadJobData({ data }: Job): Promise<LoadedDataset> {
  return await loadDataset(data.source, { ...choices(data), standardise: data.standardise });
}

/**
 * Other data, for a trained model: the columns that it was trained on, prepared by what was measured then. Labels are taken where the
 * data have those that the job names, and are no fault where they are missing.
 */
export async function loadOtherData(
  source: string,
  job: Job,
  learned: Learned,
  labels: string | undefined,
): Promise<LoadedDataset> {
  const { columns: _, ignore: __, labels: trained, ...rest } = choices(job.data);
  const options: LoadOptions = {
    ...rest,
    ...(learned.columns ? { columns: learned.columns } : {}),
    fitted: learned.fitted,
  };
  if (labels !== undefined) return await loadDataset(source, { ...options, labels });
  if (trained === undefined || source.startsWith("builtin:")) return await loadDataset(source, options);
  try {
    return await loadDataset(source, { ...options, labels: trained });
  } catch (error) {
    const absent = ["LABELS_UNKNOWN", "LABELS_LENGTH", "LABEL_IS_FEATURE"];
    if (isSemblanceError(error) && absent.includes(error.code)) return await loadDataset(source, options);
    throw error;
  }
}

function choices({ labels, columns, ignore, offset, scale, header }: Job["data"]): LoadOptions {
  const names = (list: readonly (string | number)[]) => list.map(String);
  return {
    ...(labels === undefined ? {} : { labels: String(labels) }),
    ...(columns ? { columns: names(columns) } : {}),
    ...(ignore ? { ignore: names(ignore) } : {}),
    ...(offset === undefined ? {} : { offset }),
    ...(scale === undefined ? {} : { scale }),
    ...(header === undefined ? {} : { header }),
  };
}
