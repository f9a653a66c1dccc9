import { createHash } from "node:crypto";
import type { Dataset, NdArray } from "@semblance/core";
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
function contentOf({ features, labels, supervision, ids, affinity }: Dataset): string {
  const hash = createHash("sha256").update(JSON.stringify(features.shape));
  hash.update(new Uint8Array(features.data.buffer, features.data.byteOffset, features.data.byteLength));
  if (labels) {
    hash.update(JSON.stringify(labels.names));
    hash.update(new Uint8Array(labels.indices.buffer, labels.indices.byteOffset, labels.indices.byteLength));
  }
  if (supervision) {
    const { form, ...known } = supervision;
    hash.update(form);
    for (const part of Object.values(known)) hash.update(typed(part));
  }
  if (ids) hash.update(JSON.stringify(ids));
  if (affinity) {
    hash.update(JSON.stringify(affinity.shape));
    const bytes = new Uint8Array(affinity.data.buffer, affinity.data.byteOffset, affinity.data.byteLength);
    for (let at = 0; at < bytes.length; at += PART) hash.update(bytes.subarray(at, at + PART));
  }
  return hash.digest("hex");
}

/** Rows, similarities and memberships as bytes; names, and words, as text. */
function typed(part: Int32Array | Float32Array | NdArray<"float32"> | readonly string[] | string): Uint8Array | string {
  if (typeof part === "string") return part;
  const array = "dtype" in part ? part.data : part;
  return ArrayBuffer.isView(array)
    ? new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
    : JSON.stringify(array);
}

/** A hash takes no more than 2 GiB at a time. */
const PART = 2 ** 30;

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
