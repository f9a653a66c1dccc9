import { createHash } from "node:crypto";
import type { Dataset } from "@semblance/core";
import { canonicalJson } from "@semblance/estimators";
import { withoutPaths } from "./component-files.js";
import type { Job } from "./job-schema.js";

/**
 * What makes two runs the same run: the resolved job, with the content of its data and model file in the place of their paths. A run can then be
 * resumed after its folder was moved, and cannot be resumed on data that changed.
 */
export function jobIdentity(job: Job, data: Dataset): string {
  const { data: _, ...rest } = job;
  return sha256(canonicalJson({ ...rest, model: withoutPaths(job.model), data: contentOf(data) }));
}

/** A digest of features, labels and affinities as a learner sees them, and of the names of the rows. */
function contentOf({ features, labels, ids, affinity }: Dataset): string {
  const hash = createHash("sha256").update(JSON.stringify(features.shape));
  hash.update(new Uint8Array(features.data.buffer, features.data.byteOffset, features.data.byteLength));
  if (labels) {
    hash.update(JSON.stringify(labels.names));
    hash.update(new Uint8Array(labels.indices.buffer, labels.indices.byteOffset, labels.indices.byteLength));
  }
  if (ids) hash.update(JSON.stringify(ids));
  if (affinity) {
    hash.update(JSON.stringify(affinity.shape));
    const bytes = new Uint8Array(affinity.data.buffer, affinity.data.byteOffset, affinity.data.byteLength);
    for (let at = 0; at < bytes.length; at += PART) hash.update(bytes.subarray(at, at + PART));
  }
  return hash.digest("hex");
}

/** A hash takes no more than 2 GiB at a time. */
const PART = 2 ** 30;

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
