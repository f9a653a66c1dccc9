import { expect, it } from "vitest";
import { z } from "zod";
import { defineDivergence } from "../contracts/divergence.js";
import { defineMiner, type Miner } from "../contracts/miner.js";
import { definePlugin } from "../contracts/plugin.js";
import { pairwiseDistances } from "../functions/pairwise.js";
import { bindMiner } from "./bind-miner.js";
import { createCatalogue } from "./create-catalogue.js";

const apart = defineDivergence({
  name: "apart",
  summary: "Distance, for tests.",
  config: z.strictObject({}),
  matrix: (x, y) => pairwiseDistances(x, y),
});
const bound = (choose: Partial<Miner>, divergence = "apart") => {
  const miner = defineMiner({
    name: "tested",
    summary: "A miner, for tests.",
    config: z.strictObject({}),
    comparison: () => ({ divergence, normalise: false, order: "anchor-first" }),
    ...choose,
  } as Omit<Miner, "kind">);
  const register: Parameters<typeof definePlugin>[0]["register"] = (registry) => {
    registry.add(apart);
    registry.add(miner);
  };
  return bindMiner(createCatalogue([definePlugin({ name: "test", version: "1.0.0", core: "*", register })]), "tested");
};
const batch = { rows: 3, width: 1, labels: [0, 0, 1], divergences: new Float64Array(9) };

it("hands on the rows that are chosen", () => {
  const kept: unknown[] = [];
  const keep = (...rows: (number | undefined)[]) => kept.push(rows);
  bound({ triplets: (_batch, _config, hand) => hand(0, 1, 2) }).choose(batch, keep);
  bound({ pairs: (_batch, _config, hand) => hand(2, 0) }).choose(batch, keep);
  expect(kept).toEqual([
    [0, 1, 2],
    [2, 0],
  ]);
});

it.each([
  [0, 1, 3],
  [0, -1, 2],
  [0.5, 1, 2],
  [Number.NaN, 1, 2],
])("refuses a triplet of a row that is not in the batch: %s, %s, %s", (...triplet) => {
  const miner = bound({ triplets: (_batch, _config, keep) => keep(...(triplet as [number, number, number])) });
  expect(() => miner.choose(batch, () => {})).toThrowError(
    expect.objectContaining({
      code: "MINER_ROW_UNKNOWN",
      message: `miner "tested" chose (${triplet.join(", ")}) of a batch of 3 rows`,
    }),
  );
});

it("refuses a pair of a row that is not in the batch", () => {
  const miner = bound({ pairs: (_batch, _config, keep) => keep(3, 0) });
  expect(() => miner.choose(batch, () => {})).toThrowError(expect.objectContaining({ code: "MINER_ROW_UNKNOWN" }));
});

it("says whose divergence is not there", () => {
  expect(() => bound({ pairs: () => {} }, "apar")).toThrowError(
    expect.objectContaining({ code: "NAME_UNKNOWN", where: 'miner "tested"' }),
  );
});
