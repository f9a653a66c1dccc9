import type { NdArray } from "../arrays/nd-array.js";
import { decodeSafetensors, encodeSafetensors } from "../arrays/safetensors.js";
import { CheckpointError, isSemblanceError } from "../errors.js";

/** Everything that a run needs to go on as if it had never stopped. */
export interface Checkpoint {
  /** Identifies the resolved job, so that a checkpoint of another run is not mistaken for one of this. */
  readonly run: string;
  readonly step: number;
  /** Positions and running sums, as JSON. */
  readonly state: unknown;
  /** What the caller wants to find again beside the weights, e.g. how data was standardised. */
  readonly notes: Readonly<Record<string, string>>;
  /** Weights and optimizer state. */
  readonly arrays: Readonly<Record<string, NdArray>>;
}

const FORMAT = "semblance-checkpoint";
const VERSION = "1";

/** A checkpoint as a safetensors file whose metadata holds the state and a SHA-256 of everything else. The same checkpoint gives the same bytes. */
export async function encodeCheckpoint(checkpoint: Checkpoint): Promise<Uint8Array> {
  const metadata = {
    format: FORMAT,
    version: VERSION,
    run: checkpoint.run,
    step: String(checkpoint.step),
    state: JSON.stringify(checkpoint.state),
    notes: JSON.stringify(checkpoint.notes),
  };
  const checksum = await sha256(encodeSafetensors(checkpoint.arrays, metadata));
  return encodeSafetensors(checkpoint.arrays, { ...metadata, checksum });
}

/**
 * @param where the file's name, for messages
 * @throws CheckpointError CHECKPOINT_FOREIGN, CHECKPOINT_VERSION, CHECKPOINT_DAMAGED
 */
export async function decodeCheckpoint(bytes: Uint8Array, where: string): Promise<Checkpoint> {
  const { tensors, metadata } = decoded(bytes, where);
  const { checksum, ...rest } = metadata;
  if (rest.format !== FORMAT) {
    throw new CheckpointError("CHECKPOINT_FOREIGN", "the file is a safetensors file but not a Semblance checkpoint", {
      where,
      fix: "Point to a file from a run's checkpoints folder.",
    });
  }
  if (rest.version !== VERSION) {
    throw new CheckpointError(
      "CHECKPOINT_VERSION",
      `the checkpoint has version ${rest.version}; this version reads ${VERSION}`,
      {
        where,
        fix: "Use the version of Semblance that wrote it.",
      },
    );
  }
  if ((await sha256(encodeSafetensors(tensors, rest))) !== checksum)
    throw damaged(where, "its checksum does not fit its content");
  try {
    return {
      run: rest.run!,
      step: Number(rest.step),
      state: JSON.parse(rest.state!),
      notes: JSON.parse(rest.notes!),
      arrays: tensors,
    };
  } catch (cause) {
    throw damaged(where, "its state cannot be read", cause);
  }
}

function decoded(bytes: Uint8Array, where: string) {
  try {
    return decodeSafetensors(bytes);
  } catch (cause) {
    throw damaged(where, isSemblanceError(cause) ? cause.message : "it cannot be read", cause);
  }
}

function damaged(where: string, what: string, cause?: unknown): CheckpointError {
  return new CheckpointError("CHECKPOINT_DAMAGED", `the checkpoint is damaged: ${what}`, {
    where,
    fix: "Delete this file to go on from the checkpoint before it, or start the run again.",
    cause,
  });
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
