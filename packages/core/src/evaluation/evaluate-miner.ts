import { type NdArray, showShape } from "../arrays/nd-array.js";
import { bindMiner } from "../container/bind-miner.js";
import type { Catalogue } from "../container/catalogue.js";
import type { Backend } from "../contracts/backend.js";
import type { ComponentReference } from "../contracts/entry.js";
import type { MiningBatch } from "../contracts/miner.js";
import { ShapeError } from "../errors.js";
import { spec, trace } from "../ir/program.js";
import { type NumberArray, toArray } from "./named-arrays.js";

export interface EvaluateMinerOptions {
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  /** The miner's name, or its name with its configuration. */
  readonly miner: ComponentReference;
  /** [n, d] */
  readonly embeddings: NumberArray;
  /** [n] */
  readonly labels: NumberArray;
  /** [n, n] uniform numbers for a miner that draws; without them it takes the most likely. */
  readonly noise?: NumberArray;
}

/** What a miner chose of a batch, in ascending order. */
export interface MinedTuples {
  /** [t, 3]: anchor, positive, negative. */
  readonly triplets?: NumberArray;
  /** [p, 2]: anchor, other. */
  readonly pairs?: NumberArray;
  /** [n, n]: p(negative | anchor) of a miner that draws. */
  readonly probabilities?: NumberArray;
}

/**
 * The tuples that a miner chooses of a batch; rows are compared by a backend, chosen from on the host.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN; ShapeError AXIS_MISMATCH; DataError ARRAY_INVALID
 */
export async function evaluateMiner(options: EvaluateMinerOptions): Promise<MinedTuples> {
  const { catalogue, backend } = options;
  const miner = bindMiner(catalogue, options.miner);
  const where = `miner "${miner.name}"`;
  const embeddings = toArray(backend.float, options.embeddings, `${where}, input "embeddings"`);
  const labels = toArray("int32", options.labels, `${where}, input "labels"`);
  const [rows, width] = embeddings.shape;
  if (embeddings.shape.length !== 2 || labels.shape.length !== 1 || labels.shape[0] !== rows) {
    const shapes = `${showShape(embeddings.shape)} beside labels ${showShape(labels.shape)}`;
    throw new ShapeError("AXIS_MISMATCH", `embeddings are ${shapes}`, {
      where,
      fix: "Pass embeddings [n, d] and labels [n].",
    });
  }
  const batch: MiningBatch = {
    rows: rows!,
    width: width!,
    labels: labels.data,
    divergences: await compared(embeddings, miner.divergences, backend),
    ...(options.noise ? { noise: toArray("float64", options.noise, `${where}, input "noise"`).data } : {}),
  };
  const tuples: number[][] = [];
  miner.choose(batch, (anchor, other, negative) => {
    tuples.push(negative === undefined ? [anchor, other] : [anchor, other, negative]);
  });
  tuples.sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || (a[2] ?? 0) - (b[2] ?? 0));
  const { entry, config } = catalogue.choose("miner", options.miner);
  const probabilities = entry.probabilities?.(batch, config);
  return {
    [miner.tuples]: { shape: [tuples.length, miner.tuples === "triplets" ? 3 : 2], data: tuples.flat() },
    ...(probabilities && { probabilities: { shape: [rows!, rows!], data: probabilities } }),
  };
}

async function compared(
  embeddings: NdArray,
  divergences: ReturnType<typeof bindMiner>["divergences"],
  backend: Backend,
): Promise<NdArray["data"]> {
  if (embeddings.shape[0] === 0) return new Float64Array(0);
  const program = trace({
    name: "compare rows",
    inputs: { embeddings: spec(embeddings.dtype, embeddings.shape) },
    build: ({ embeddings: rows }) => ({ outputs: { matrix: divergences(rows!) } }),
  });
  const executable = await backend.compile(program);
  try {
    return (await executable.run({ embeddings })).matrix!.data;
  } finally {
    await executable.dispose();
  }
}
