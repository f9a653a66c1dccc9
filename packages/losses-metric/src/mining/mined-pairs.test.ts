import { type BoundMiner, createCatalogue, Key, ndarray } from "@semblance/core";
import { runFunction } from "@semblance/core/testing";
import { describe, expect, it } from "vitest";
import { divergencesPlugin } from "../../test/divergences.js";
import { metricPlugin } from "../metric-plugin.js";
import { minedMasks, type PairCounting } from "./mined-pairs.js";

const catalogue = createCatalogue([metricPlugin, divergencesPlugin]);
const ROWS = 40;
const divergences = ndarray("float64", [ROWS, ROWS], Key.fromSeed(23).uniform(ROWS * ROWS, 0, 1.5));
const classOf = (row: number) => row % 3;

/** The masks by a miner that names its gaps, or by the same one that does not. */
async function masks(type: string, counting: PairCounting, { byGaps, degree }: { byGaps: boolean; degree?: number }) {
  const { entry, config } = catalogue.choose("miner", { name: "margin-filtered", type, margin: 0.3 });
  const bound: BoundMiner = {
    name: entry.name,
    tuples: "triplets",
    random: false,
    divergences: (given) => given,
    choose: (batch, keep) => entry.triplets!(batch, config, keep),
    ...(byGaps ? { gaps: entry.gaps!(config) } : {}),
  };
  const supervision =
    degree === undefined
      ? ndarray(
          "int32",
          [ROWS],
          Array.from({ length: ROWS }, (_, row) => classOf(row)),
        )
      : ndarray(
          "float64",
          [ROWS, ROWS],
          Array.from({ length: ROWS * ROWS }, (_, at) => {
            const [row, other] = [Math.floor(at / ROWS), at % ROWS];
            return row === other ? 0 : classOf(row) === classOf(other) ? degree : -1;
          }),
        );
  const found = await runFunction(
    (known, embeddings) => {
      const { positive, negative } = minedMasks(
        { miner: () => bound, monitor: () => {} },
        { miner: "tested", embeddings, counting, ...(degree === undefined ? { labels: known } : { relations: known }) },
      );
      return [positive, negative];
    },
    [supervision, divergences],
  );
  return found.map(({ data }) => [...data]);
}

describe("masks of pairs that are chosen by their gaps", () => {
  it.each(
    ["all", "hard", "semi-hard", "easy"].flatMap((type) => [
      [type, "once" as const, undefined],
      [type, "per-triplet" as const, undefined],
      [type, "per-triplet" as const, 0.5],
    ]),
  )("%s, counted %s, of degree %s: are those of visiting each triplet", async (type, counting, degree) => {
    const known = degree === undefined ? {} : { degree };
    const expected = await masks(type, counting, { byGaps: false, ...known });
    expect(Math.max(...expected.flat())).toBeGreaterThan(0);
    expect(await masks(type, counting, { byGaps: true, ...known })).toEqual(expected);
  });
});
