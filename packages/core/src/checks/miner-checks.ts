import type { Catalogue } from "../container/catalogue.js";
import { createCatalogue } from "../container/create-catalogue.js";
import type { Miner, MiningBatch } from "../contracts/miner.js";
import { ConfigError, isSemblanceError } from "../errors.js";
import { Key } from "../random/key.js";
import { requireThat } from "./assertions.js";
import type { Check } from "./check.js";
import { type ExampleConfig, entryChecks, examplesOf, groupOf, settled } from "./entry-checks.js";

export interface MinerCheckOptions {
  /** Where the divergence that a miner compares by is looked up. */
  readonly catalogue?: Catalogue;
  readonly examples?: readonly ExampleConfig[];
}

const WIDTH = 4;
/** Labels of the batches that miners are tried on. */
const BATCHES = {
  "a usual batch": [0, 1, 0, 2, 1, 0, 2, 7],
  "no two of a class": [0, 1, 2, 3, 4],
  "a single class": [3, 3, 3, 3],
  "equal rows": [0, 0, 1, 1],
  "one row": [0],
  "no rows": [],
} as const;

/**
 * What every miner owes, for each example configuration: tuples of the batch that are what they claim (anchor and positive two rows of
 * one class, the negative of another), nothing where there is nothing to compare, the same again for the same numbers, a choice that
 * does not hang on how classes are numbered, inputs left as they are; of one that names gaps the triplets of these, and of one that draws
 * probabilities that add up to 1.
 */
export function minerChecks(miner: Miner, options: MinerCheckOptions = {}): Check[] {
  const { catalogue = createCatalogue() } = options;
  const group = groupOf(miner);
  const checks = entryChecks(miner, options.examples);
  checks.push({
    group,
    title: "chooses triplets or pairs",
    async run() {
      requireThat(miner.triplets || miner.pairs, "CHECK_VALUE_WRONG", `${group} has neither triplets nor pairs`, {
        where: group,
        fix: "Give it `triplets` or `pairs`.",
      });
    },
  });
  if (!miner.triplets && !miner.pairs) return checks;
  for (const example of examplesOf(miner, options.examples)) {
    const suffix = Object.keys(example).length > 0 ? ` with ${JSON.stringify(example)}` : "";
    const config = () => settled(miner, example);
    const add = (title: string, run: () => Promise<void>) => checks.push({ group, title: title + suffix, run });
    add("compares by a divergence that there is", async () => requireDivergence(miner, config(), catalogue));
    for (const name of Object.keys(BATCHES) as (keyof typeof BATCHES)[]) {
      add(`on ${name} chooses legal tuples, twice the same`, async () => requireLegal(miner, config(), name));
    }
    add("does not hang on how classes are numbered", async () => {
      const batch = batchOf("a usual batch");
      const renamed = { ...batch, labels: Int32Array.from(batch.labels, (label) => 50 - 3 * label) };
      requireThat(
        tuplesOf(miner, batch, config()).join(" ") === tuplesOf(miner, renamed, config()).join(" "),
        "CHECK_VALUE_WRONG",
        `${group} chooses other tuples when classes have other numbers`,
        { where: group, fix: "Compare labels for equality alone." },
      );
    });
    if (miner.gaps) add("its gaps say what its triplets say", async () => requireGaps(miner, config()));
    if (miner.probabilities) add("its probabilities add up to 1", async () => requireProbabilities(miner, config()));
  }
  return checks;
}

function requireDivergence(miner: Miner, config: unknown, catalogue: Catalogue): void {
  const group = groupOf(miner);
  try {
    catalogue.choose("divergence", miner.comparison(config).divergence, group);
  } catch (cause) {
    if (!isSemblanceError(cause) || cause.code !== "NAME_UNKNOWN") throw cause;
    const fix = `${cause.fix} One of another plugin is found where the \`catalogue\` of these checks has that plugin.`;
    throw new ConfigError(cause.code, cause.message, { where: group, fix, cause });
  }
}

function requireLegal(miner: Miner, config: unknown, name: keyof typeof BATCHES): void {
  const group = groupOf(miner);
  const batch = batchOf(name);
  const before = Float64Array.from(batch.divergences);
  const tuples = tuplesOf(miner, batch, config);
  const again = tuplesOf(miner, batch, config);
  requireThat(
    tuples.join(" ") === again.join(" "),
    "CHECK_VALUE_WRONG",
    `${group} chooses otherwise when asked again`,
    {
      where: group,
      fix: "Draw with the noise of the batch alone.",
    },
  );
  requireThat(
    before.every((value, at) => Object.is(value, batch.divergences[at])),
    "CHECK_INPUT_MUTATED",
    `${group} changes the divergences that it is given`,
    { where: group, fix: "Copy them before changing them." },
  );
  const { labels, rows } = batch;
  for (const [anchor, other, negative] of tuples) {
    const inside = [anchor, other, negative ?? 0].every((row) => Number.isInteger(row) && row! >= 0 && row! < rows);
    const pair = inside && anchor !== other;
    const legal =
      pair && (negative === undefined || (labels[anchor!] === labels[other!] && labels[anchor!] !== labels[negative]));
    const wanted = miner.triplets ? "(anchor, another of its class, one of another class)" : "two different rows";
    requireThat(legal, "CHECK_VALUE_WRONG", `${group} on ${name} chooses (${[anchor, other, negative]})`, {
      where: group,
      fix: `A tuple is ${wanted}.`,
    });
  }
}

function requireGaps(miner: Miner, config: unknown): void {
  const { above, upTo } = miner.gaps!(config);
  for (const name of Object.keys(BATCHES) as (keyof typeof BATCHES)[]) {
    const batch = batchOf(name);
    const { rows, labels, divergences } = batch;
    const expected: string[] = [];
    for (let a = 0; a < rows; a++) {
      for (let p = 0; p < rows; p++) {
        for (let n = 0; n < rows; n++) {
          const gap = divergences[a * rows + n]! - divergences[a * rows + p]!;
          const legal = a !== p && labels[a] === labels[p] && labels[a] !== labels[n];
          if (legal && gap > above && gap <= upTo) expected.push([a, p, n].join());
        }
      }
    }
    const chosen = tuplesOf(miner, batch, config).map((triplet) => triplet.join());
    requireThat(
      chosen.sort().join(" ") === expected.sort().join(" "),
      "CHECK_VALUE_WRONG",
      `${groupOf(miner)} on ${name} chooses ${chosen.length} triplets, and its gaps ${expected.length}`,
      { where: groupOf(miner), fix: "Leave `gaps` out unless a triplet is chosen by D(a, n) − D(a, p) alone." },
    );
  }
}

function requireProbabilities(miner: Miner, config: unknown): void {
  const batch = batchOf("a usual batch");
  const { rows, labels } = batch;
  const probabilities = miner.probabilities!(batch, config);
  for (let anchor = 0; anchor < rows; anchor++) {
    const row = Array.from(probabilities.subarray(anchor * rows, (anchor + 1) * rows));
    const total = row.reduce((sum, p) => sum + p, 0);
    const own = row.some((p, other) => p > 0 && labels[other] === labels[anchor]);
    requireThat(
      Math.abs(total - 1) < 1e-9 && row.every((p) => p >= 0) && !own,
      "CHECK_VALUE_WRONG",
      `the probabilities of ${groupOf(miner)} for anchor ${anchor} are ${row}`,
      { where: groupOf(miner), fix: "Spread 1 over the rows of other classes." },
    );
  }
}

function tuplesOf(miner: Miner, batch: MiningBatch, config: unknown): (number | undefined)[][] {
  const tuples: (number | undefined)[][] = [];
  if (miner.triplets) miner.triplets(batch, config, (...triplet) => tuples.push(triplet));
  else miner.pairs?.(batch, config, (...pair) => tuples.push(pair));
  return tuples;
}

function batchOf(name: keyof typeof BATCHES): MiningBatch {
  const labels: readonly number[] = BATCHES[name];
  const rows = labels.length;
  const key = Key.fromSeed(20_261_126);
  const points = name === "equal rows" ? new Float64Array(rows * WIDTH) : key.fold("rows").normal(rows * WIDTH);
  const divergences = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      let squared = 0;
      for (let d = 0; d < WIDTH; d++) squared += (points[i * WIDTH + d]! - points[j * WIDTH + d]!) ** 2;
      divergences[i * rows + j] = Math.sqrt(squared) / 2;
    }
  }
  return { rows, width: WIDTH, labels, divergences, noise: key.fold("noise").uniform(rows * rows) };
}
